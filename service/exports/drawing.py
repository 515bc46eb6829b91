"""DXF out: closed polylines by class, the feature's id as a text inside each part, and
as extended data of every entity, by which our reader puts the parts together again.

The R12 form with the Chinese code page, which every CAD program reads; GDAL's own
writer leaves Chinese unreadable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from geo.crs import Crs, from_crs84
from geo.frame import FloatArray, Frame
from layers.catalogue import Layer

_FORBIDDEN = str.maketrans(dict.fromkeys('<>/\\":;?*|=`,', "_"))
_TEXT_HEIGHT_M = 2.0
#: The registered application whose extended data the entities carry.
APPLICATION = "LIWAN_ATLAS"
#: What stands before an id in the extended data, and what marks a label.
ID_MARK, LABEL_MARK = "liwan-atlas id ", "liwan-atlas label"


def write_dxf(frame: Frame, layer: Layer, crs: Crs) -> bytes:
    """Metres in the plane of ``crs`` (x east, y north), four decimals."""
    shapes = from_crs84(frame.geometry, crs, axis="xy")
    names = [_cad_layer(frame, layer, row) for row in range(len(frame))]
    lines = [*_header(sorted(set(names)))]
    for row, name in enumerate(names):
        if shapes[row] is not None:
            lines += _feature(shapes[row], name, str(frame.ids[row]))
    lines += _pairs((0, "ENDSEC"), (0, "EOF"))
    return ("\r\n".join(lines) + "\r\n").encode("gb18030", "replace")


def _cad_layer(frame: Frame, layer: Layer, row: int) -> str:
    column = frame.columns.get(layer.class_field or "")
    value = None if column is None else column[row]
    name = f"{layer.id}_{value}" if value is not None else layer.id
    return name.translate(_FORBIDDEN)[:80]


def _header(names: list[str]) -> Iterator[str]:
    yield from _pairs(
        (0, "SECTION"), (2, "HEADER"),
        (9, "$ACADVER"), (1, "AC1009"),
        (9, "$DWGCODEPAGE"), (3, "ANSI_936"),
        (9, "$INSUNITS"), (70, 6),
        (0, "ENDSEC"),
        (0, "SECTION"), (2, "TABLES"),
        (0, "TABLE"), (2, "LAYER"), (70, len(names)),
    )  # fmt: skip
    for number, name in enumerate(names):
        colour = number % 6 + 1
        yield from _pairs(
            (0, "LAYER"), (2, name), (70, 0), (62, colour), (6, "CONTINUOUS")
        )
    yield from _pairs(
        (0, "ENDTAB"),
        (0, "TABLE"), (2, "APPID"), (70, 1),
        (0, "APPID"), (2, APPLICATION), (70, 0),
        (0, "ENDTAB"), (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES"),
    )  # fmt: skip


def _feature(shape: shapely.Geometry, name: str, label: str) -> Iterator[str]:
    about = ((8, name), *_extended(f"{ID_MARK}{label}"))
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            extended = _extended(f"{ID_MARK}{label}")
            yield from _pairs((0, "POINT"), (8, name), *_xy(part.coords[0]), *extended)
        elif part.geom_type == "LineString":
            yield from _polyline(shapely.get_coordinates(part), about, closed=False)
        else:
            for ring in (part.exterior, *part.interiors):
                points = shapely.get_coordinates(ring)[:-1]
                yield from _polyline(points, about, closed=True)
        yield from _label(part, name, label)


def _label(part: shapely.Geometry, name: str, label: str) -> Iterator[str]:
    place = shapely.get_coordinates(shapely.point_on_surface(part))[0]
    written = ((40, _TEXT_HEIGHT_M), (1, label))
    yield from _pairs(
        (0, "TEXT"), (8, name), *_xy(place), *written, *_extended(LABEL_MARK)
    )


def _polyline(
    points: FloatArray, about: tuple[tuple[int, str], ...], *, closed: bool
) -> Iterator[str]:
    layer, *extended = about
    yield from _pairs(
        (0, "POLYLINE"), layer, (66, 1), *_xy((0, 0)), (70, int(closed)), *extended
    )
    for point in np.round(points, 4).tolist():
        yield from _pairs((0, "VERTEX"), layer, *_xy(point))
    yield from _pairs((0, "SEQEND"), layer)


def _extended(text: str) -> tuple[tuple[int, str], ...]:
    return (1001, APPLICATION), (1000, text)


def _xy(point: Any) -> tuple[tuple[int, str], ...]:
    return (10, f"{point[0]:.4f}"), (20, f"{point[1]:.4f}"), (30, "0.0")


def _pairs(*pairs: tuple[int, Any]) -> Iterator[str]:
    for code, value in pairs:
        yield f"{code:>3}"
        yield str(value)
