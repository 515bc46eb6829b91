"""Narrow places are the same whether they are looked for in one cell or in many."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo import gaps


def strips(width: float, count: int = 20) -> np.ndarray:
    """Long strips beside each other, ``width`` metres apart, each cut in two."""
    x = np.arange(count) * 10.0
    south = shapely.box(x, 0, x + 10 - width, 500)
    north = shapely.box(x, 500, x + 10 - width, 1000)
    return np.concatenate([south, north])


@pytest.mark.parametrize("per_cell", [1, 7, 1000])
def test_a_gap_that_reaches_into_several_cells_is_one_place(
    monkeypatch: pytest.MonkeyPatch, per_cell: int
) -> None:
    monkeypatch.setattr(gaps, "_PER_CELL", per_cell)
    geoms = strips(0.4)
    places, owners = gaps.narrow_places(geoms, np.arange(len(geoms)))
    assert len(places) == len(owners) == 19
    assert shapely.area(places) == pytest.approx(np.full(19, 400), rel=1e-4)


def test_what_a_third_polygon_covers_is_no_gap() -> None:
    geoms = np.append(strips(0.4, 2), shapely.box(9.6, 0, 10, 1000))
    assert not len(gaps.narrow_places(geoms, np.arange(4))[0])


def test_a_notch_in_one_polygon_alone_is_no_gap() -> None:
    notch = shapely.box(4, 5, 4.3, 10)
    alone = np.array([shapely.difference(shapely.box(0, 0, 10, 10), notch)])
    assert not len(gaps.narrow_places(alone, np.array([0]))[0])


def test_no_suspects_have_no_gaps() -> None:
    assert not len(gaps.narrow_places(strips(0.4), np.array([], dtype=np.intp))[0])


def test_what_is_done_is_told() -> None:
    heard: list[tuple[int, int]] = []
    geoms = strips(0.4)
    gaps.narrow_places(
        geoms, np.arange(len(geoms)), told=lambda *share: heard.append(share)
    )
    assert heard[-1][0] == heard[-1][1]
