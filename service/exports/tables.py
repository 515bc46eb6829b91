"""CSV that Excel opens in Chinese, and XLSX whose codes stay text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import shapely
import xlsxwriter

from geo.crs import Crs, from_crs84
from geo.frame import Frame, ObjectArray
from layers.catalogue import Layer
from service.exports.sheet import flat_columns
from service.exports.workbook import fitted_columns

#: Excel takes no more in a cell; longer shapes go on in wkt_2, wkt_3 …
_CELL = 32_000
#: A text cell that begins like this would be run as a formula.
_FORMULA = ("=", "+", "-", "@")
_EXACT = 2**53


def write_csv(frame: Frame, layer: Layer, crs: Crs) -> bytes:
    """UTF-8 with a byte order mark; the geometry as WKT in the last column."""
    columns = {n: c.tolist() for n, c in flat_columns(frame, layer).items()}
    columns["wkt"] = _wkt(frame.geometry, crs)
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([_csv_cell(value) for value in row])
    return sink.getvalue().encode("utf-8-sig")


def write_xlsx(frame: Frame, layer: Layer, crs: Crs) -> bytes:
    """One sheet of features; their shapes stand last and are not printed."""
    sink = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(sink, options)
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(layer.title_zh[:31])
    columns = {n: c.tolist() for n, c in flat_columns(frame, layer).items()}
    told = [(name, values, None) for name, values in columns.items()]
    fitted_columns(sheet, told)
    columns |= _chunked(_wkt(frame.geometry, crs))
    sheet.write_row(0, 0, list(columns), bold)
    for row, values in enumerate(zip(*columns.values(), strict=True), start=1):
        _write_row(sheet, row, values)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(frame), 1), len(columns) - 1)
    book.close()
    return sink.getvalue()


def _write_row(sheet: Any, row: int, values: Sequence[Any]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        elif value is not None and value == value:
            sheet.write_number(row, column, value)


def _wkt(geometry: ObjectArray, crs: Crs) -> list[str | None]:
    shapes = from_crs84(geometry, crs, axis="xy")
    texts: list[str | None] = shapely.to_wkt(
        shapes, rounding_precision=crs.decimals, trim=True
    ).tolist()
    return texts


def _chunked(texts: list[str | None]) -> dict[str, list[str | None]]:
    longest = max((len(text) for text in texts if text), default=0)
    count = max(1, -(-longest // _CELL))
    return {
        "wkt" if part == 0 else f"wkt_{part + 1}": list(_part(texts, part))
        for part in range(count)
    }


def _part(texts: list[str | None], part: int) -> Iterator[str | None]:
    for text in texts:
        yield (text or "")[part * _CELL : (part + 1) * _CELL] or None


def _csv_cell(value: Any) -> Any:
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        # What our reader would take for a guard is guarded itself.
        return f"'{value}" if value.lstrip("'").startswith(_FORMULA) else value
    if isinstance(value, float):
        return repr(int(value) if value.is_integer() and abs(value) < _EXACT else value)
    return value
