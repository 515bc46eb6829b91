"""Checks between the polygons of one upload."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from geo import topology
from geo.frame import ObjectArray
from geo.progress import Told, silent
from service.uploads import forked
from service.uploads.problems import Problem, short
from service.uploads.progress import Within

Label = Callable[[int], str]


def _unheard(first: float, last: float) -> Told:
    return silent


def check_neighbours(
    geometry: ObjectArray, label: Label, within: Within = _unheard
) -> list[Problem]:
    """Overlaps, gaps, slivers and spikes among the valid polygons (CRS84)."""
    polygons = shapely.get_dimensions(geometry) == 2
    rows = np.flatnonzero(polygons & shapely.is_valid(geometry))
    if not len(rows):
        return []
    plane = topology.LocalPlane(geometry[rows])
    shapes = plane.to_plane(geometry[rows])
    spread = forked.spread(within(0.0, 0.3))
    doubtful = topology.suspects(shapes, spread=spread)
    overlaps = topology.overlaps(plane, shapes, doubtful, told=within(0.3, 0.6))
    gaps = topology.gaps(plane, shapes, doubtful, told=within(0.6, 0.9))
    return [
        *_overlaps(overlaps, rows.tolist(), label),
        *_spots("gap", gaps, rows.tolist()),
        *_spots("sliver", topology.slivers(plane, shapes), rows.tolist()),
        *_spots("spike", topology.spikes(plane, shapes), rows.tolist()),
    ]


def _overlaps(
    found: list[topology.Overlap], rows: list[int], label: Label
) -> list[Problem]:
    return [
        Problem(
            "overlap",
            rows[overlap.a],
            place=overlap.place,
            other=rows[overlap.b],
            values={
                "other": label(rows[overlap.b]),
                "area_m2": short(overlap.area_m2),
            },
        )
        for overlap in found
    ]


def _spots(code: str, found: list[topology.Spot], rows: list[int]) -> list[Problem]:
    return [
        Problem(
            code,
            rows[spot.row],
            place=spot.place,
            values={
                "area_m2": short(spot.area_m2),
                "width_m": short(spot.value),
                "angle_deg": short(spot.value),
            },
        )
        for spot in found
    ]
