"""New outlines beside the features that stay as they are: a parcel that is appended may
lie on one that was published long ago, which its own file cannot show."""

from __future__ import annotations

import numpy as np
import shapely

from geo import topology
from geo.frame import Frame, ObjectArray
from geo.parts import Rows
from geo.progress import Told, silent
from service.uploads.comparison import compare
from service.uploads.problems import Problem, short
from service.uploads.shapes import place_of


def check_standing(
    staged: Frame, put: Frame, current: Frame, *, told: Told = silent
) -> list[Problem]:
    """``put``: what of the staged features is new or changed. Those that have a new
    outline are held against the current features that the upload does not name."""
    stays = current.take(
        np.flatnonzero(~np.isin(current.ids.astype(str), staged.ids.astype(str)))
    )
    comparison = compare(put, current)
    moved = comparison.pairs[comparison.moved][:, 0]
    fresh = put.take(np.sort(np.concatenate([comparison.added, moved])))
    old, new = _polygons(stays), _polygons(fresh)
    row_of = {id: row for row, id in enumerate(staged.ids.tolist())}
    rows = np.array([row_of[id] for id in fresh.ids[new].tolist()], dtype=np.intp)
    return _problems(stays.take(old), fresh.geometry[new], rows, told)


def _polygons(frame: Frame) -> Rows:
    shapes = frame.geometry
    return np.flatnonzero(
        (shapely.get_dimensions(shapes) == 2) & shapely.is_valid(shapes)
    )


def _problems(
    stays: Frame, fresh: ObjectArray, rows: Rows, told: Told
) -> list[Problem]:
    near = shapely.STRtree(stays.geometry).query(fresh)
    met, meeting = np.unique(near[1]), np.unique(near[0])
    if not len(met):
        return []
    stays, fresh, rows = stays.take(met), fresh[meeting], rows[meeting]
    return [*_equal(stays, fresh, rows), *_overlapping(stays, fresh, rows, told)]


def _equal(stays: Frame, fresh: ObjectArray, rows: Rows) -> list[Problem]:
    ours, theirs = shapely.STRtree(stays.geometry).query(fresh)
    boxes = shapely.bounds(fresh)[ours] == shapely.bounds(stays.geometry)[theirs]
    ours, theirs = ours[boxes.all(axis=1)], theirs[boxes.all(axis=1)]
    same = shapely.equals(fresh[ours], stays.geometry[theirs])
    columns = rows[ours[same]].tolist(), fresh[ours[same]], stays.ids[theirs[same]]
    return [
        Problem(
            "duplicates_current", row, place=place_of(shape), values={"other": other}
        )
        for row, shape, other in zip(*columns, strict=True)
    ]


def _overlapping(
    stays: Frame, fresh: ObjectArray, rows: Rows, told: Told
) -> list[Problem]:
    plane = topology.LocalPlane(np.concatenate([stays.geometry, fresh]))
    sides = plane.to_plane(fresh), plane.to_plane(stays.geometry)
    row, other = rows.tolist(), stays.ids.tolist()
    return [
        Problem(
            "overlaps_current",
            row[one.a],
            place=one.place,
            values={"other": other[one.b], "area_m2": short(one.area_m2)},
        )
        for one in topology.overlaps_between(plane, *sides, told=told)
    ]
