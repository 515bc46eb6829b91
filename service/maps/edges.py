"""Dashed outlines without doubled lines: borders that shapes share are drawn once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from geo.frame import ObjectArray
from service.maps.drawn import Drawn
from service.maps.view import View

DISTRICT = "district"
#: Edges closer together than this on paper (mm) are the same line to the eye.
_SAME = 0.35
#: Above this many shapes a group's outlines are drawn as they are.
_MOST = 400
#: Hatching is left out where another hatched layer fills this share of a layer.
_FILLED = 0.3


def with_edges(drawn: Sequence[Drawn], view: View) -> list[Drawn]:
    """Each hatched group gets the part of its outlines that nothing dashed before it
    has drawn. The district's own line is drawn last, over everything."""
    near = _SAME * view.metres_per_mm
    taken = [d.shapes for d in drawn if d.data.layer.id == DISTRICT]
    covered = (
        _band(np.concatenate(taken), near) if taken else shapely.GeometryCollection()
    )
    made = []
    for one in drawn:
        if one.group.dashed_outline:
            lines = _outlines(one.shapes)
            if len(one.shapes) <= _MOST:
                fresh = shapely.line_merge(shapely.difference(lines, covered))
                covered = shapely.union(
                    covered, shapely.buffer(lines, near, quad_segs=1)
                )
                lines = fresh
            one = replace(one, edges=np.array([lines], dtype=object))
        made.append(one)
    return made


def without_nested_hatching(drawn: Sequence[Drawn]) -> list[Drawn]:
    """A layer that other hatched shapes fill for a good part keeps its dashed line
    only: hatching over hatching says nothing."""
    areas: dict[str, float] = {}
    for one in drawn:
        if one.group.symbol.hatch is not None:
            id_ = one.data.layer.id
            areas[id_] = areas.get(id_, 0.0) + float(shapely.area(one.shapes).sum())
    outer = {
        a for a in areas if any(_FILLED * areas[a] < areas[b] < areas[a] for b in areas)
    }
    return [
        replace(one, group=one.group.unhatched()) if one.data.layer.id in outer else one
        for one in drawn
    ]


def _outlines(shapes: ObjectArray) -> shapely.Geometry:
    """All outlines in one, noded, so that a shared border occurs once."""
    return shapely.union_all(shapely.boundary(shapes))


def _band(shapes: ObjectArray, near: float) -> shapely.Geometry:
    return shapely.buffer(_outlines(shapes), near, quad_segs=1)
