"""New outlines beside the features that stay as they are: a parcel that is appended may
lie on one that was published long ago, which its own file cannot show."""

from __future__ import annotations

import numpy as np
import shapely

from geo import topology
from geo.frame import Frame, ObjectArray
from geo.parts import Rows
from service.uploads.comparison import compare
from service.uploads.problems import Problem, short
from service.uploads.shapes import place_of


def check_standing(staged: Frame, put: Frame, current: Frame) -> list[Problem]:
    """``put``: what of the staged features is new or changed. Those that have a new
    outline are held against the current features that the upload does not name."""
    stays = current.take(
        np.flatnonzero(~np.isin(current.ids.astype(str), staged.ids.astype(str)))
    )
    comparison = compare(put, current)
    moved = comparison.pairs[comparison.moved][:, 0]
    fresh = put.take(np.sort(np.concatenate([comparison.added, moved])))
    old, new = _polygons(stays), _polygons(fresh)
    old, new = _meeting(stays.geometry, old, fresh.geometry, new)
    if not len(new):
        return []
    row_of = {id: row for row, id in enumerate(staged.ids.tolist())}
    rows = np.array([row_of[id] for id in fresh.ids[new].tolist()], dtype=np.intp)
    return [
        *_equal(stays.take(old), fresh.geometry[new], rows),
        *_overlapping(stays.take(old), fresh.geometry[new], rows),
    ]


def _polygons(frame: Frame) -> Rows:
    shapes = frame.geometry
    return np.flatnonzero(
        (shapely.get_dimensions(shapes) == 2) & shapely.is_valid(shapes)
    )


def _meeting(
    stays: ObjectArray, old: Rows, fresh: ObjectArray, new: Rows
) -> tuple[Rows, Rows]:
    """Of both only those that touch one of the other side."""
    found = shapely.STRtree(stays[old]).query(fresh[new], predicate="intersects")
    return old[np.unique(found[1])], new[np.unique(found[0])]


def _equal(stays: Frame, fresh: ObjectArray, rows: Rows) -> list[Problem]:
    ours, theirs = shapely.STRtree(stays.geometry).query(fresh, predicate="covers")
    same = shapely.equals(fresh[ours], stays.geometry[theirs])
    return [
        Problem(
            "duplicates_current",
            int(rows[a]),
            place=place_of(fresh[a]),
            values={"other": stays.ids[b]},
        )
        for a, b in zip(ours[same].tolist(), theirs[same].tolist(), strict=True)
    ]


def _overlapping(stays: Frame, fresh: ObjectArray, rows: Rows) -> list[Problem]:
    count = len(stays)
    every = np.concatenate([stays.geometry, fresh])
    plane = topology.LocalPlane(every)
    asked = np.arange(count, len(every), dtype=np.intp)
    found = topology.overlaps(plane, plane.to_plane(every), asked, among=False)
    return [
        Problem(
            "overlaps_current",
            int(rows[one.b - count]),
            place=one.place,
            values={"other": stays.ids[one.a], "area_m2": short(one.area_m2)},
        )
        for one in found
        if one.a < count <= one.b
    ]
