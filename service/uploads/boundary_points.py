"""界址点 TXT: the coordinate files of land surveys, in all their dialects.

A header of key=value lines, then per parcel one line that ends in @ and one line per
boundary point: number, ring, X (north), Y (east). Rings are closed or not, separated
by ring number or by closing, with or without the zone's number before the easting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely

from geo.frame import FloatArray
from geo.rings import assemble
from service.errors import Unprocessable
from service.exports.boundary_points import EXTENSION, FILLED
from service.uploads.gauss_krueger import datum_of, epsg_of
from service.uploads.openrings import closed
from service.uploads.problems import Problem
from service.uploads.table import Columns, ReadOptions, SourceTable, object_array
from service.uploads.text import read_text

#: The parcel line's fields, in order; longer variants have 备注 and others after them.
PARCEL_FIELDS = (
    "界址点数",
    "地块面积",
    "地块编号",
    "地块名称",
    "图形属性",
    "图幅号",
    "地块用途",
    "地类编码",
)
_WIDE = str.maketrans("＝［］【】．－", "=[][].-")
_MARKS = ("@", "＠")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_M2_PER_HA = 10_000.0
#: Larger eastings carry the zone's number in their millions.
_PREFIX = 1_000_000.0


@dataclass(slots=True)
class _Parcel:
    """One parcel as written; ``rings`` are (ring number, [(north, east)])."""

    values: list[str]
    rings: list[tuple[str, list[tuple[float, float]]]] = field(default_factory=list)


def read_boundary_points(path: Path, options: ReadOptions) -> SourceTable:
    """The parcels of a boundary point file, x east and y north as written."""
    text, encoding = read_text(path, options.encoding)
    header, parcels = _parse(text.splitlines())
    if not any(parcel.rings for parcel in parcels):
        raise Unprocessable(
            "The text file holds no boundary points (number, ring, X, Y under a parcel "
            "line that ends in @).",
            "文本文件里没有界址点（以 @ 结尾的地块行下应有：点号,圈号,X,Y）。",
        )
    rings = [points for parcel in parcels for _, points in parcel.rings]
    options.limits.check(len(parcels), sum(map(len, rings)))
    problems = [p for row, parcel in enumerate(parcels) for p in _checks(row, parcel)]
    crs, doubts = _crs(header, parcels)
    shapes = [_polygon(parcel) for parcel in parcels]
    return SourceTable(
        "boundary-points",
        path.stem,
        object_array(shapes),
        _columns(parcels, _extended(header)),
        crs,
        encoding,
        tuple(problems + doubts),
        frozenset(("界址点数", "图形属性", "地块面积")),
    )


def looks_like(text: str) -> bool:
    """Whether a text file is one of these at all."""
    head = text[:20_000].translate(_WIDE)
    return "[地块坐标]" in head or bool(re.search(r"[@＠]\s*$", head, re.MULTILINE))


def _parse(lines: Iterable[str]) -> tuple[dict[str, str], list[_Parcel]]:
    header: dict[str, str] = {}
    parcels: list[_Parcel] = []
    for raw in lines:
        line = raw.translate(_WIDE).strip().lstrip("\ufeff")
        if "," not in line:  # otherwise a wide comma belongs to a name
            line = line.replace("，", ",")
        if not line or line.startswith("["):
            continue
        if line.rstrip(", ").endswith(_MARKS):
            parcels.append(_Parcel(_parcel_fields(raw, line, header)))
        elif (point := _point(line)) is not None:
            if not parcels:
                parcels.append(_Parcel([]))
            _add(parcels[-1], *point)
        elif "=" in line:
            key, _, value = line.partition("=")
            header[key.strip()] = value.strip()
    return header, parcels


def _parcel_fields(raw: str, line: str, header: dict[str, str]) -> list[str]:
    """A line of ours is taken to the letter, of others with its wide signs narrowed."""
    return _split((raw.strip() if EXTENSION in header else line).rstrip(", ")[:-1])


def _extended(header: dict[str, str]) -> list[str]:
    """Names of the fields after the format's own, where the header tells them."""
    names = [name for name in _split(header.get(EXTENSION, "")) if name]
    return [name for name in names if name not in PARCEL_FIELDS]


def _split(line: str) -> list[str]:
    return [part.strip() for part in line.split(",")]


def _point(line: str) -> tuple[str, float, float] | None:
    """(ring, north, east) of a point line, None for any other line. Some files leave
    the ring out, some put spaces or tabs between the fields."""
    parts = _split(line) if "," in line else line.split()
    if not 3 <= len(parts) <= 6:
        return None
    ring, rest = ("1", parts[1:3]) if len(parts) == 3 else (parts[1], parts[2:4])
    if not all(_NUMBER.fullmatch(part) for part in rest):
        return None
    return ring, float(rest[0]), float(rest[1])


def _add(parcel: _Parcel, ring: str, north: float, east: float) -> None:
    points = parcel.rings[-1][1] if parcel.rings else []
    same = bool(parcel.rings) and parcel.rings[-1][0] == ring
    if not same or _is_closed(points):
        parcel.rings.append((ring, points := []))
    points.append((north, east))


def _is_closed(points: list[tuple[float, float]]) -> bool:
    return len(points) > 3 and points[0] == points[-1]


def _polygon(parcel: _Parcel) -> shapely.Geometry | None:
    rings = [_ring(points) for _, points in parcel.rings]
    return assemble(rings) if rings else None


def _ring(points: list[tuple[float, float]]) -> FloatArray:
    """(n, 2) east, north; closed."""
    return closed(np.array(points, dtype=np.float64)[:, ::-1])


def _checks(row: int, parcel: _Parcel) -> Iterator[Problem]:
    for number, points in parcel.rings:
        if points and not _is_closed(points):
            yield Problem("unclosed_ring", row, values={"ring": number})
    declared = parcel.values[0] if parcel.values else ""
    written = sum(len(points) for _, points in parcel.rings)
    distinct = written - sum(_is_closed(points) for _, points in parcel.rings)
    if declared.isdigit() and int(declared) not in (written, distinct):
        values = {"declared": declared, "found": distinct}
        yield Problem("point_count_differs", row, "界址点数", values=values)


def _columns(parcels: list[_Parcel], extended: list[str]) -> Columns:
    width = max((len(parcel.values) for parcel in parcels), default=0)
    names = [*PARCEL_FIELDS, *extended]
    names += [f"字段{n}" for n in range(len(names) + 1, width + 1)]
    columns: Columns = {}
    for index, name in enumerate(names):
        values = [_value(parcel.values, index) for parcel in parcels]
        if any(value is not None for value in values):
            columns[name] = object_array(values)
    _leave_out_filled(columns)
    if "地块面积" in columns:
        hectares = columns.pop("地块面积").tolist()
        columns["地块面积"] = object_array([_square_metres(text) for text in hectares])
    return columns


def _leave_out_filled(columns: Columns) -> None:
    """What was only filled in at writing is no statement about the parcel."""
    filled = columns.pop(FILLED, object_array([])).tolist()
    for row, names in enumerate(filled):
        for name in (names or "").split():
            if name in PARCEL_FIELDS and name in columns:
                columns[name][row] = None


def _value(values: list[str], index: int) -> str | None:
    return (values[index] or None) if index < len(values) else None


def _square_metres(hectares: str | None) -> float | str | None:
    """The format states areas in hectares; a text that is no number stays as it is."""
    if hectares is None or not _NUMBER.fullmatch(hectares):
        return hectares
    return round(float(hectares) * _M2_PER_HA, 4)


def _crs(
    header: dict[str, str], parcels: list[_Parcel]
) -> tuple[str | None, list[Problem]]:
    """The CRS that header and numbers together name; None leaves it to inference."""
    points = np.array([xy for p in parcels for _, points in p.rings for xy in points])
    east = float(np.median(points.max(axis=1)))
    north = float(np.median(points.min(axis=1)))
    datum = datum_of(header.get("坐标系", ""))
    width = 6 if header.get("几度分带", "3").startswith(("6", "六")) else 3
    zone_text = re.sub(r"\D", "", header.get("带号", ""))
    prefixed = east >= _PREFIX * 13 and east > north
    zone = int(east // _PREFIX) if prefixed else int(zone_text or 0)
    code = epsg_of(datum, width, zone, prefixed=prefixed) if datum else None
    if code is None:
        return None, []
    declared = epsg_of(str(datum), width, int(zone_text or zone), prefixed=True)
    values = {"declared": f"EPSG:{declared}", "crs": f"EPSG:{code}"}
    values["example"] = f"{points[0][1]:.3f}, {points[0][0]:.3f}"
    doubt = Problem("missing_zone_prefix", values=values).as_warning()
    return f"EPSG:{code}", [] if prefixed else [doubt]
