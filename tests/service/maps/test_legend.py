"""The legend counts what is drawn and adds up as printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.frame import Frame
from service.maps.legend import LegendLine, folded, shared_cents
from service.maps.query import parse_map
from service.maps.scene import Scene
from service.maps.symbols import Symbol


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=30))
def test_rounded_rows_sum_to_the_rounded_total(values: list[float]) -> None:
    cents = shared_cents(values)
    assert sum(cents) == round(float(np.sum(np.array(values) * 100)))
    assert all(abs(c - v * 100) < 1.001 for c, v in zip(cents, values, strict=True))


def parcels(frame_of: Callable[..., Frame]) -> Frame:
    boxes = [
        shapely.box(421_000 + 100 * n, 2_553_000, 421_100 + 100 * n, 2_553_100)
        for n in range(3)
    ]
    return frame_of(
        boxes,
        landuse_code=["070102", "0701", "9999"],
        landuse_scheme=["mnr2023"] * 3,
        evidence=["surveyed"] * 3,
    )


def test_classes_are_counted_at_the_legend_s_level(
    scene_of: Callable[..., Scene], frame_of: Callable[..., Frame]
) -> None:
    lines = scene_of({"parcels": parcels(frame_of)}).legend
    assert [(line.title, line.count) for line in lines] == [
        ("地块", 3),
        ("城镇住宅用地", 2),
        ("未分类", 1),
    ]


def test_areas_are_ellipsoidal_hectares(
    scene_of: Callable[..., Scene], frame_of: Callable[..., Frame]
) -> None:
    lines = scene_of({"parcels": parcels(frame_of)}).legend
    assert [line.amount for line in lines] == ["3.00", "2.00", "1.00"]


def test_mu_is_two_thousand_thirds_of_a_square_metre(
    scene_of: Callable[..., Scene], frame_of: Callable[..., Frame]
) -> None:
    total = scene_of({"parcels": parcels(frame_of)}, unit="mu").legend[0]
    assert total.amount == "44.99"  # 30,000 m² on the plane, 29,995.6 on the ellipsoid


def test_what_lies_outside_the_frame_is_not_counted(
    scene_of: Callable[..., Scene], frame_of: Callable[..., Frame]
) -> None:
    frames: dict[str, Any] = {"parcels": parcels(frame_of)}
    shown = scene_of(frames, fit="parcels/f0", scale=1000, layout="map", width=200)
    assert sum(line.count for line in shown.legend if line.symbol) == 1


def classes(count: int, layer: str = "parcels") -> list[LegendLine]:
    amounts = [(n % 7 + 1) * 1.37 for n in range(count)]
    return [
        LegendLine(
            f"类{n}", Symbol("polygon"), n + 1, f"{a:,.2f}", layer=layer, value=a
        )
        for n, a in enumerate(amounts)
    ]


QUERY = parse_map({"collections": "parcels"})


def test_the_smallest_classes_are_folded_into_a_line_that_adds_up() -> None:
    lines = [LegendLine("地块", None, 820, ""), *classes(40)]
    shown = folded(lines, 26, QUERY)
    rest = next(line for line in shown if line.title.startswith("其余"))
    assert len(shown) == 26
    assert rest.title == "其余 16 类"
    assert sum(line.count or 0 for line in shown[1:]) == sum(range(1, 41))
    printed = sum(float(line.amount) for line in shown[1:])
    assert round(printed, 2) == round(sum(float(x.amount) for x in lines[1:]), 2)
    smallest = min(line.value for line in shown[1:] if line is not rest)
    assert smallest >= sorted(line.value for line in lines[1:])[14]


def test_a_layer_after_the_folded_one_keeps_its_place() -> None:
    lines = [*classes(30), *classes(1, "metro-lines")]
    shown = folded(lines, 10, QUERY)
    assert [line.layer for line in shown[-2:]] == ["parcels", "metro-lines"]


def test_many_layers_of_one_line_are_only_counted() -> None:
    lines = [line for n in range(12) for line in classes(1, f"layer-{n}")]
    shown = folded(lines, 5, QUERY)
    assert (len(shown), shown[-1].title, shown[-1].amount) == (5, "另 8 项", "")
