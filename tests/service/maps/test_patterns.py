"""Patterns by class: a sheet that is printed in grey can still be read."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
import shapely
from PIL import Image

from geo.frame import Frame
from service.errors import BadRequest
from service.maps.canvas import Ink
from service.maps.marks import Clipped, Patterned
from service.maps.painting import _coverage
from service.maps.patterns import Pattern, patterns_of
from service.maps.png import sheet_png
from service.maps.query import parse_map
from service.maps.sheet import Sheet
from service.maps.stripes import striped
from service.maps.svg import sheet_svg

SheetMaker = Callable[..., Sheet]
CODES = ["0701", "0703", "0804", "0806", "0901", "1001", "1101", "1301", "1401"]
EAST, NORTH = 425_000.0, 2_555_000.0


def looks(codes: list[str]) -> list[tuple[str, int, float]]:
    made = patterns_of(codes, dict.fromkeys(codes, "#F5ECBA"))
    return [(p.kind, p.angle, p.pitch) for p in made.values()]


def two_classes(frame_of: Callable[..., Frame]) -> Frame:
    boxes = [shapely.box(x, NORTH, x + 400, NORTH + 400) for x in (EAST, EAST + 500)]
    return frame_of(
        boxes, landuse_code=["0701", "0901"], landuse_scheme=["mnr2023", "mnr2023"]
    )


def test_no_two_classes_of_a_layer_look_alike() -> None:
    assert len(set(looks(CODES))) == len(CODES)


def test_a_class_keeps_its_pattern_when_others_come() -> None:
    assert looks(CODES)[0] == looks(["0701", "1401"])[0]


def test_a_dark_fill_carries_its_pattern_in_white() -> None:
    made = patterns_of(["1301", "0701"], {"1301": "#006380", "0701": "#FFFF2D"})
    assert [made[code].colour for code in ("1301", "0701")] == ["#FFFFFF", "#172022"]


@pytest.mark.parametrize("kind", ["lines", "cross", "dots"])
def test_pieces_of_a_page_join_without_a_seam(kind: str) -> None:
    pattern = Pattern(kind, 45, 7.0, 1.0)  # type: ignore[arg-type]
    whole, lower = (
        _coverage((60, height), striped(tile, pattern, 1.0), Ink("#000000"), None)
        for tile, height in (((0, 0, 60, 60), 60), ((0, 30, 60, 60), 30))
    )
    assert np.abs(whole[30:].astype(int) - lower).max() <= 1


def test_classes_differ_in_grey_where_their_colours_do_not(
    sheet_of: SheetMaker, frame_of: Callable[..., Frame]
) -> None:
    frames = {"parcels": two_classes(frame_of)}
    plain, patterned = (
        sheet_of(frames, patterns=wanted, width=400, height=300, labels="false")
        for wanted in ("false", "true")
    )
    marks = [m for c in patterned.marks if isinstance(c, Clipped) for m in c.marks]
    kinds = [m.pattern.kind for m in marks if isinstance(m, Patterned)]
    assert kinds == ["lines", "cross"]
    grey = [
        np.asarray(Image.open(BytesIO(sheet_png(sheet))).convert("L"))
        for sheet in (plain, patterned)
    ]
    assert (grey[0] < 150).sum() < (grey[1] < 150).sum()


def test_the_same_patterns_are_the_same_bytes(
    sheet_of: SheetMaker, frame_of: Callable[..., Frame]
) -> None:
    frames = {"parcels": two_classes(frame_of)}
    made = [sheet_of(frames, patterns="true", paper="A4") for _ in range(2)]
    assert sheet_svg(made[0], "{}") == sheet_svg(made[1], "{}")
    assert sheet_png(made[0]) == sheet_png(made[1])


def test_patterns_are_refused_for_an_interactive_map() -> None:
    with pytest.raises(BadRequest, match="paper"):
        parse_map({"collections": "parcels", "patterns": "true", "f": "html"})
