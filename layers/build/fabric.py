"""One arrangement of lines over the district, from which zones and groups are put
together. Because they share its faces, they cannot overlap or leave a gap.

Rivers, roads and limits cut the district into regions; inside a region the ground
goes to the group with the nearest seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely

from geo.frame import ObjectArray
from layers.build.district import boundary
from layers.build.gazetteer import Row, rows, traces
from layers.build.plane import GRID, as_point, to_degrees, to_plane
from layers.errors import BuildError


@dataclass(frozen=True, slots=True)
class Fabric:
    """Faces in degrees that tile the district, each with its region and group."""

    faces: ObjectArray
    regions: ObjectArray
    groups: ObjectArray

    def region(self, *names: str) -> Any:
        """The union of regions."""
        return self._union(np.isin(self.regions, names), "+".join(names))

    def group(self, *ids: str) -> Any:
        """The ground of functional groups."""
        return self._union(np.isin(self.groups.astype(str), ids), "+".join(ids))

    def _union(self, chosen: Any, name: str) -> Any:
        if not chosen.any():
            raise BuildError(
                f"No ground belongs to {name}; see regions.csv and group_seeds.csv.",
                f"“{name}”没有范围；请检查 regions.csv 与 group_seeds.csv。",
            )
        return shapely.normalize(shapely.coverage_union_all(self.faces[chosen]))


@cache
def fabric() -> Fabric:
    """The arrangement; built once."""
    ground = to_plane(boundary())
    cuts = [trace.line for trace in traces().values() if trace.cuts]
    coarse = _faces([ground.boundary, *cuts], ground)
    labels = _region_labels(coarse)
    seams = [
        ground.boundary,
        *(face.boundary for face in coarse),
        *_seams(coarse, labels),
    ]
    faces = _snapped_faces(seams)
    inside = shapely.point_on_surface(to_plane(faces))
    nearest = shapely.STRtree(coarse).nearest(inside)
    regions = labels[nearest]
    return Fabric(faces, regions, _groups(inside, regions))


def _faces(lines: list[Any], ground: Any) -> ObjectArray:
    noded = shapely.union_all(lines)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    kept: ObjectArray = faces[shapely.covers(ground, shapely.point_on_surface(faces))]
    return kept


def _region_labels(faces: ObjectArray) -> ObjectArray:
    """The region of each face; a face without an anchor joins the neighbour with
    which it shares the longest edge."""
    labels: ObjectArray = np.full(len(faces), None, dtype=object)
    for row in rows("regions"):
        hit = np.flatnonzero(shapely.contains(faces, _position(row)))
        if len(hit) != 1:
            raise row.error("the anchor lies in no face", "锚点不在任何范围内")
        if labels[hit[0]] not in (None, row["region"]):
            raise row.error(
                f"the same face is already {labels[hit[0]]}; do the traces meet?",
                f"同一范围已属 {labels[hit[0]]}，分界线可能没有相接",
            )
        labels[hit[0]] = row["region"]
    for index in np.flatnonzero(labels == None):  # noqa: E711
        labels[index] = _longest_neighbour(faces, labels, int(index))
    return labels


def _longest_neighbour(faces: ObjectArray, labels: ObjectArray, index: int) -> str:
    edge = faces[index].boundary
    shared = shapely.length(shapely.intersection(edge, shapely.boundary(faces)))
    shared[labels == None] = -1  # noqa: E711
    return str(labels[shared.argmax()])


def _position(row: Row) -> Any:
    lon, lat = row.number("lon"), row.number("lat")
    if lon is None or lat is None:
        raise row.error("a position is missing", "缺坐标")
    return as_point(lon, lat)


@cache
def _seeds() -> dict[str, tuple[list[str], ObjectArray]]:
    """Region -> groups and positions of its seeds."""
    found: dict[str, tuple[list[str], list[Any]]] = {}
    for row in rows("group_seeds"):
        groups, points = found.setdefault(row["region"], ([], []))
        groups.append(row["group"])
        points.append(_position(row))
    return {key: (ids, np.array(points)) for key, (ids, points) in found.items()}


def _seams(coarse: ObjectArray, labels: ObjectArray) -> list[Any]:
    """Lines midway between seeds of different groups, inside their region."""
    seams = []
    for region, (ids, points) in _seeds().items():
        if len(set(ids)) < 2:
            continue
        ground = shapely.union_all(coarse[labels == region])
        cells = _cells(ids, points, ground)
        seams += [shapely.boundary(cell) for cell in cells]
    return seams


def _cells(ids: list[str], points: ObjectArray, ground: Any) -> list[Any]:
    frame = shapely.voronoi_polygons(
        shapely.multipoints(points), extend_to=ground, ordered=True
    )
    parts = shapely.get_parts(frame)
    owner = np.array(ids, dtype=object)
    merged = [shapely.union_all(parts[owner == id]) for id in dict.fromkeys(ids)]
    return [shapely.intersection(cell, ground) for cell in merged]


def _snapped_faces(seams: list[Any]) -> ObjectArray:
    """The final faces in degrees, every vertex on the grid and shared."""
    noded = shapely.union_all(to_degrees(np.array(seams)), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    faces = faces[shapely.covers(boundary(), shapely.point_on_surface(faces))]
    ordered: ObjectArray = faces[np.argsort(shapely.to_wkb(shapely.normalize(faces)))]
    return ordered


def _groups(inside: ObjectArray, regions: ObjectArray) -> ObjectArray:
    groups: ObjectArray = np.full(len(inside), None, dtype=object)
    for index, (point, region) in enumerate(zip(inside, regions, strict=True)):
        if region in _seeds():
            ids, points = _seeds()[region]
            groups[index] = ids[int(shapely.distance(points, point).argmin())]
    return groups
