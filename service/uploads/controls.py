"""Signs that no text has: databases and XML refuse them, so they are taken out and
told."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.errors import Unprocessable
from service.uploads.problems import Problem
from service.uploads.table import SourceTable, object_array

#: Controls but for tab and line ends, halves of pairs, and what is no character.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MOST_COLUMNS = 1_000


def cleaned(table: SourceTable) -> SourceTable:
    """The table without them; refused if it has more columns than any table."""
    if len(table.columns) > _MOST_COLUMNS:
        raise Unprocessable(
            f"The table has {len(table.columns):,} columns; {_MOST_COLUMNS:,} are"
            " allowed. Leave out what is not needed.",
            f"表格有 {len(table.columns):,} 列，最多 {_MOST_COLUMNS:,} 列。"
            "删除不需要的列。",
        )
    columns = {}
    problems = []
    for name, values in table.columns.items():
        plain = _FORBIDDEN.sub("", name).strip() or name
        columns[_FORBIDDEN.sub("", plain)], count = _without(values)
        if count:
            told = {"name": plain, "count": count}
            problems.append(Problem("control_characters", field=plain, values=told))
    return replace(table, columns=columns, problems=(*table.problems, *problems))


def _without(values: NDArray[Any]) -> tuple[NDArray[Any], int]:
    if values.dtype != np.dtype(object):
        return values, 0
    before = values.tolist()
    after = [_FORBIDDEN.sub("", v) if isinstance(v, str) else v for v in before]
    count = sum(a is not b and a != b for a, b in zip(after, before, strict=True))
    return (object_array(after) if count else values), count
