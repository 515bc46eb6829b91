"""Workbooks, new and old: rows of values, after a look at how much they would be."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import python_calamine as calamine

from service.errors import TooLarge, Unprocessable
from service.uploads import ogr
from service.uploads.archive import check_members
from service.uploads.limits import UPLOADED, Limits

#: The reader lays a sheet out from its first cell to its last, filled or not.
MAX_CELLS = 50_000_000
_CHUNK = 1 << 22
#: All that can make a sheet large: columns beyond Z, rows beyond 9,999.
_WIDE = re.compile(rb"""\br\s*=\s*["']([A-Z]{2,3})\d""", re.IGNORECASE)
_LONG = re.compile(rb"""\br\s*=\s*["'][A-Z]{1,3}(\d{5,7})["']""", re.IGNORECASE)
_LONGEST = 32
#: A formula without a value after it, and values that are errors.
_EMPTY = re.compile(rb'</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>|<c [^>]*\bt="e"')
_LONGEST_CELL = 1 << 16
_LETTERS, _ROWS = 26, 10_000
_DAMAGE = (calamine.CalamineError, zipfile.BadZipFile, OSError, KeyError, ValueError)


def sheet_names(path: Path) -> list[str]:
    """Names of the sheets that hold anything beyond a heading."""
    with _opened(path, UPLOADED) as book:
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        if len(names) < 2:
            return names
        return [name for name in names if book.get_sheet_by_name(name).height > 1]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet's name and its rows from the first one on, None where a cell is empty;
    cells that were merged downwards, as (column, first row, last row)."""

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int]]

    def fill_down(self, start: int) -> None:
        """Below row ``start`` a merged cell holds for all the rows that it covers."""
        covered = sum(last - first for _, first, last in self.merged)
        if covered > MAX_CELLS // 10:
            raise TooLarge(
                f"Merged cells of the sheet cover {covered:,} rows. Split them.",
                f"工作表的合并单元格共覆盖 {covered:,} 行。取消合并后重新上传。",
            )
        for column, first, last in self.merged:
            for row in self.rows[first + 1 : last + 1] if first >= start else ():
                if column < len(row) and row[column] is None:
                    row[column] = self.rows[first][column]


def read_sheet(path: Path, name: str | None, limits: Limits) -> Sheet:
    """One sheet, the first by default."""
    with _opened(path, limits) as book:
        sheet = book.get_sheet_by_name(name or book.sheet_names[0])
        rows = [[_cell(v) for v in row] for row in sheet.iter_rows()]
        return Sheet(sheet.name, rows, list(_merged(sheet)))


def _merged(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, int, int]]:
    left = (sheet.start or (0, 0))[1]
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        if last > first and column >= left:
            yield column - left, first, last


def empty_formulas(path: Path) -> int:
    """Cells whose formula has no result, or an error for one: they read as empty."""
    if not zipfile.is_zipfile(path):
        return 0
    count = 0
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if member.filename.startswith("xl/worksheets/"):
                with archive.open(member) as sheet:
                    count += _count_empty(sheet)
    return count


def _count_empty(sheet: IO[bytes]) -> int:
    count, rest = 0, b""
    while chunk := sheet.read(_CHUNK):
        text = rest + chunk
        whole = text.rfind(b"</c>") + 4
        count += len(_EMPTY.findall(text[:whole]))
        rest = text[whole:][-_LONGEST_CELL:]
    return count


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[calamine.CalamineWorkbook]:
    try:
        if zipfile.is_zipfile(path):
            _check_cells(path, limits)
        # By content: systems call .xls what is none, and the other way round.
        with path.open("rb") as file, calamine.load_workbook(file) as book:
            yield book
    except calamine.PasswordError as error:
        raise Unprocessable(
            "The workbook is protected by a password. Save it without one.",
            "工作簿有密码。去掉密码后重新保存。",
        ) from error
    except _DAMAGE as error:
        raise ogr.unreadable() from error


def _check_cells(path: Path, limits: Limits) -> None:
    """Refuse sheets that lie, and sheets that are huge, before they are laid out."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        check_members(members, limits.unpacked_bytes)
        for member in members:
            if member.filename.startswith("xl/worksheets/"):
                with archive.open(member) as sheet:
                    _check_sheet(sheet, limits)


def _check_sheet(sheet: IO[bytes], limits: Limits) -> None:
    columns, rows, rest = _LETTERS, _ROWS, b""
    while chunk := sheet.read(_CHUNK):
        text = rest + chunk
        columns = max(columns, *map(_number, set(_WIDE.findall(text))), 0)
        rows = max(rows, *map(int, _LONG.findall(text)), 0)
        rest = text[-_LONGEST:]
        if columns * rows > MAX_CELLS or rows > limits.features + 1_000:
            raise TooLarge(
                f"A sheet reaches to row {rows:,} and column {columns:,}. Delete what "
                "lies beyond the table, or split it.",
                f"工作表延伸到第 {rows:,} 行、第 {columns:,} 列。"
                "删除表格以外的内容，或拆分。",
            )


def _number(letters: bytes) -> int:
    """``AA`` is column 27."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _cell(value: Any) -> Any:
    """Empty is None, whole numbers are whole, times are ISO text."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else value
