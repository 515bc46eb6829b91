"""Several files, sheets or layers of one kind, read as one layer because a person says
so; each feature keeps the name of where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from service.errors import Unprocessable
from service.uploads.formats import Format, Source
from service.uploads.problems import Problem
from service.uploads.table import Columns, Encoding, ReadOptions, SourceTable

#: Before the format's name: everything of that format; alone: everything.
ALL = "*"
_SUMMED = {"points", "parcels"}
_FILE, _LAYER = "来源文件", "来源图层"


def kinds(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Formats of which there are several sources, and how to ask for all of them."""
    counts = Counter(source.format.id for source in sources)
    return [
        {"value": ALL + id, "format": id, "count": count}
        for id, count in counts.items()
        if count > 1
    ]


def joined(sources: Sequence[Source], wanted: str) -> Source | None:
    """All sources of the format that is asked for, as if they were one."""
    formats = {source.format.id: source.format for source in sources}
    id = wanted.removeprefix(ALL) or (next(iter(formats)) if len(formats) == 1 else "")
    if not wanted.startswith(ALL) or id not in formats:
        return None
    some = [source for source in sources if source.format.id == id]
    return Source(ALL + id, some[0].path, _reader(formats[id], some), some[0].layer)


def _reader(format: Format, sources: Sequence[Source]) -> Format:
    def read(_: Path, options: ReadOptions) -> SourceTable:
        tables = []
        for source in sources:
            one = replace(options, layer=source.layer)
            tables.append(format.read(source.path, one))
        return _one(tables, sources, options)

    return replace(format, read=read)


def _one(
    tables: list[SourceTable], sources: Sequence[Source], options: ReadOptions
) -> SourceTable:
    sizes = [len(table) for table in tables]
    options.limits.check(sum(sizes), 0)
    columns = _columns(tables, sizes)
    origin = _FILE if len({source.path for source in sources}) > 1 else _LAYER
    names = np.array([source.name for source in sources], dtype=object)
    columns[_unused(origin, columns)] = np.repeat(names, sizes)
    axes = {table.axes for table in tables}
    told = Problem("read_together", values=_told(sources, origin))
    return replace(
        tables[0],
        layer=", ".join(names),
        geometry=np.concatenate([table.geometry for table in tables]),
        columns=columns,
        crs=_crs(tables, sources),
        encoding=_encoding(tables),
        problems=(told, *_problems(tables, sizes)),
        hints=frozenset().union(*(table.hints for table in tables)),
        heading=None,
        axes=axes.pop() if len(axes) == 1 else None,
    )


def _told(sources: Sequence[Source], origin: str) -> dict[str, Any]:
    names = "、".join(source.name for source in sources[:10])
    more = " …" * (len(sources) > 10)
    return {"count": len(sources), "names": names + more, "column": origin}


def _columns(tables: list[SourceTable], sizes: list[int]) -> Columns:
    """Every column that any of them has, empty where one has it not."""
    names = dict.fromkeys(name for table in tables for name in table.columns)
    columns: Columns = {}
    for name in names:
        parts = [
            table.columns.get(name, np.full(size, None, dtype=object))
            for table, size in zip(tables, sizes, strict=True)
        ]
        kinds = {part.dtype.kind for part in parts if len(part)}
        alike = len(kinds) <= 1
        parts = parts if alike else [part.astype(object) for part in parts]
        columns[name] = np.concatenate(parts)
    return columns


def _unused(name: str, columns: Columns) -> str:
    return name if name not in columns else _unused(f"{name}_2", columns)


def _crs(tables: list[SourceTable], sources: Sequence[Source]) -> str | None:
    """The one that all of them name; none if one does not say."""
    said = {
        table.crs: source.name for table, source in zip(tables, sources, strict=True)
    }
    known = [crs for crs in said if crs is not None]
    if len(known) > 1:
        first, other = known[:2]
        raise Unprocessable(
            f"“{said[first]}” and “{said[other]}” name different coordinate systems, so"
            " they cannot be read as one layer. Choose one at a time.",
            f"“{said[first]}”与“{said[other]}”注明的坐标系不同，不能合为一层。"
            "请逐个选择。",
            parameter="source_layer",
        )
    return None if None in said or not known else known[0]


def _encoding(tables: list[SourceTable]) -> Encoding:
    """That of the first; a guess if any of them is one."""
    guessed = (t.encoding for t in tables if t.encoding.source == "detected")
    return next(guessed, tables[0].encoding)


def _problems(tables: list[SourceTable], sizes: list[int]) -> list[Problem]:
    """Findings about rows with their new numbers; about files each once, the sums of
    points and parcels of all of them."""
    found: list[Problem] = []
    of_files: dict[str, Problem] = {}
    for start, table in zip(np.cumsum([0, *sizes]).tolist(), tables, strict=False):
        for problem in table.problems:
            if problem.row is not None:
                found.append(replace(problem, row=problem.row + start))
                continue
            told = {k: v for k, v in problem.values.items() if k not in _SUMMED}
            key = repr((problem.code, problem.field, told))
            of_files[key] = _summed(of_files.get(key), problem)
    return [*of_files.values(), *found]


def _summed(before: Problem | None, problem: Problem) -> Problem:
    if before is None:
        return problem
    sums = {k: before.values[k] + v for k, v in problem.values.items() if k in _SUMMED}
    return replace(problem, values={**problem.values, **sums})
