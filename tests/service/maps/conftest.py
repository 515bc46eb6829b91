"""Layers and styles for maps without a store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely

from geo.crs import unproject_xy
from geo.frame import Frame
from geo.measures import measures
from layers.catalogue import Catalogue
from layers.initial import initial_frame
from layers.styles import styles as styles_of
from service.maps.drawn import LayerData, layer_data
from service.maps.query import MapQuery, parse_map
from service.maps.rendering import layout_of
from service.maps.scene import Scene, build_scene
from service.maps.sheet import Sheet, compose
from service.maps.symbols import groups_of

CATALOGUE = Catalogue.load()


def objects(values: list[Any]) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def plane_frame(geoms: list[Any], **columns: list[Any]) -> Frame:
    """Features drawn on the plane EPSG:4547, E and N in metres."""
    degrees = unproject_xy(objects(geoms))
    ids = objects([f"f{n}" for n in range(len(geoms))])
    made = {name: objects(values) for name, values in columns.items()}
    return Frame(ids, degrees, {**made, **measures(degrees)})


@pytest.fixture(scope="session")
def styles() -> dict[str, Any]:
    return dict(styles_of(CATALOGUE))


@pytest.fixture(scope="session")
def frame_of() -> Callable[..., Frame]:
    return plane_frame


SceneMaker = Callable[..., Scene]


@pytest.fixture(scope="session")
def scene_of(styles: dict[str, Any]) -> SceneMaker:
    """``scene_of({"parcels": frame}, paper="A4")``; without frames the first layers."""

    def make(frames: dict[str, Frame] | None = None, **given: Any) -> Scene:
        query = query_of(list(frames or {"district": None}), given)
        data = [_data(id_, frames, query, styles) for id_ in query.layers]
        return build_scene(query, data, styles, layout_of(query).frame)

    return make


@pytest.fixture(scope="session")
def sheet_of(scene_of: SceneMaker) -> Callable[..., Sheet]:
    def make(frames: dict[str, Frame] | None = None, **given: Any) -> Sheet:
        scene = scene_of(frames, **given)
        return compose(scene, layout_of(scene.query), "0000 0000 0000")

    return make


def query_of(layers: list[str], given: dict[str, Any]) -> MapQuery:
    words = {k.replace("_", "-"): str(v) for k, v in given.items()}
    return parse_map({"collections": ",".join(layers), **words})


def _data(
    id_: str, frames: dict[str, Frame] | None, query: MapQuery, styles: dict[str, Any]
) -> LayerData:
    layer = CATALOGUE.get(id_)
    frame = frames[id_] if frames and frames.get(id_) else initial_frame(layer)
    groups = groups_of(layer, frame, styles, standard=query.standard_colours)
    return layer_data(layer, (1, "2026-11-22T00:00:00Z"), frame, query.crs, groups)


@pytest.fixture(scope="session")
def square() -> Any:
    """A square of 1 km near the middle of the district."""
    return shapely.box(421_000.0, 2_553_000.0, 422_000.0, 2_554_000.0)
