"""A sheet with a table for each parcel, one under the other: the names are said again,
and what stands above them says whose table it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from service.uploads.headings import Line, Row, Split

#: Whose table it is, where only a title says it.
TITLE = "分表标题"
_SAID = re.compile(r"(?P<key>[^:：\d]{1,20})[:：]\s*(?P<value>\S.*)")

#: What a title over a single table says of a parcel, and not of the paper.
_OF_PARCEL = re.compile("(?:地块|宗地|图斑)(?:编号|编码|代码|号|名称|用途)")


def merged(table: Split) -> tuple[list[str], list[Row]]:
    """Names and rows of one table, with a column for each thing that the titles say."""
    parts = list(_parts(table))
    told = [_said(titles) for titles, _ in parts]
    if len(parts) < 2:
        told = [{key: v for key, v in told[0].items() if _OF_PARCEL.fullmatch(key)}]
    keys = [key for key in _keys(told) if key not in table.names]
    if not keys and len(parts) < 2:
        return table.names, [line.cells for line in table.lines]
    rows: list[Row] = [
        [*_padded(line.cells, len(table.names)), *(said.get(key) for key in keys)]
        for said, (_, lines) in zip(told, parts, strict=True)
        for line in lines
    ]
    return [*table.names, *keys], rows


def _keys(told: list[dict[str, str]]) -> list[str]:
    """What every table says; where they have nothing in common, whatever any says."""
    everything = list(dict.fromkeys(key for one in told for key in one))
    common = [key for key in everything if all(key in one for one in told)]
    return common or everything


def _parts(table: Split) -> Iterator[tuple[list[Line], list[Line]]]:
    """(titles, rows) of each table; the last rows before names said again are titles,
    if they have one cell."""
    titles, lines = _tail(table.above), list[Line]()
    for line in table.lines:
        if not _repeats(line.cells, table.names):
            lines.append(line)
            continue
        own = _tail(lines)
        yield titles, lines[: len(lines) - len(own)]
        titles, lines = own, []
    yield titles, lines


def _repeats(row: Row, names: list[str]) -> bool:
    if not isinstance(row[-1], str | None) or not isinstance(row[0], str | None):
        return False
    texts = [" ".join(str(v).split()) for v in row if v is not None]
    return len(texts) > 1 and set(texts) <= set(names)


def _tail(lines: list[Line]) -> list[Line]:
    count = 0
    while count < len(lines) and _is_title(lines[-1 - count].cells):
        count += 1
    return lines[len(lines) - count :]


def _is_title(row: Row) -> bool:
    texts = [str(value) for value in row if value is not None]
    return len(texts) == 1 or all(_SAID.fullmatch(text.strip()) for text in texts)


def _said(titles: list[Line]) -> dict[str, str]:
    """``地块编号：DK01`` says the number; a title without a key says itself."""
    result: dict[str, str] = {}
    for text in (
        str(v).strip() for line in titles for v in line.cells if v is not None
    ):
        found = _SAID.fullmatch(text)
        key, value = (found["key"], found["value"]) if found else (TITLE, text)
        result.setdefault(key.strip(), value.strip())
    return result


def _padded(row: Row, width: int) -> list[Any]:
    return [*row[:width], *[None] * (width - len(row))]
