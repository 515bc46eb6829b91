"""Scenes: what is drawn follows from query, features and styles alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from geo.frame import Frame
from service.errors import BadRequest
from service.maps.scene import Scene

SceneMaker = Callable[..., Scene]
FrameMaker = Callable[..., Frame]


def test_the_same_question_gives_the_same_scene(scene_of: SceneMaker) -> None:
    a, b = (scene_of({"old-villages": None}) for _ in range(2))
    assert a.labels == b.labels
    assert a.legend == b.legend


def test_indicative_shapes_are_dashed_and_hatched_never_filled(
    scene_of: SceneMaker,
) -> None:
    symbols = [d.group.symbol for d in scene_of({"old-villages": None}).drawn]
    assert all(s.dash and s.hatch and s.fill is None for s in symbols)


def test_the_worst_accuracy_is_told(scene_of: SceneMaker) -> None:
    scene = scene_of({"old-villages": None})
    frame = scene.layers[0].frame
    assert scene.indicative_accuracy == np.nanmax(frame.columns["accuracy_m"])


def test_firm_shapes_need_no_note(
    scene_of: SceneMaker, frame_of: FrameMaker, square: shapely.Polygon
) -> None:
    firm = frame_of([square], evidence=["surveyed"])
    assert scene_of({"old-villages": firm}).indicative_accuracy is None


def test_a_border_that_two_shapes_share_is_dashed_once(
    scene_of: SceneMaker, frame_of: FrameMaker
) -> None:
    left = shapely.box(421_000, 2_553_000, 421_500, 2_553_500)
    right = shapely.box(421_500, 2_553_000, 422_000, 2_553_500)
    frame = frame_of([left, right], evidence=["indicative"] * 2)
    edges = scene_of({"old-villages": frame}).drawn[0].edges
    assert shapely.length(edges).sum() == pytest.approx(3500.0, abs=0.1)


def test_an_empty_layer_alone_has_no_extent(scene_of: SceneMaker) -> None:
    with pytest.raises(BadRequest) as refused:
        scene_of({"parcels": None})
    assert refused.value.extra["parameter"] == "collections"


def test_a_bbox_far_from_the_data_is_refused(scene_of: SceneMaker) -> None:
    with pytest.raises(BadRequest) as refused:
        scene_of({"district": None}, bbox="114.9,24.9,115.0,25.0")
    assert refused.value.extra["parameter"] == "bbox"


def test_fit_centres_the_feature(
    scene_of: SceneMaker, frame_of: FrameMaker, square: shapely.Polygon
) -> None:
    scene = scene_of({"old-villages": frame_of([square])}, fit="old-villages/f0")
    assert scene.view.center == pytest.approx((421_500.0, 2_553_500.0), abs=0.01)


def test_fit_of_something_unknown_names_the_parameter(scene_of: SceneMaker) -> None:
    with pytest.raises(BadRequest) as refused:
        scene_of({"district": None}, fit="district/nowhere")
    assert refused.value.extra["parameter"] == "fit"


def test_a_scale_asked_is_the_scale_drawn(scene_of: SceneMaker) -> None:
    assert scene_of({"district": None}, paper="A3", scale=25_000).view.scale == 25_000


def test_layers_lie_as_listed_where_that_is_asked(scene_of: SceneMaker) -> None:
    listed = ["metro-stations", "old-villages", "functional-groups", "metro-lines"]
    frames = dict.fromkeys(listed)

    def order(**given: str) -> list[str]:
        drawn = scene_of(frames, **given).drawn
        return list(dict.fromkeys(one.data.layer.id for one in drawn))

    assert order(order="listed") == listed
    assert order()[-1] == "metro-stations"
