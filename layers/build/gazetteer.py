"""The project's own tables, read with their row numbers so that a bad row is named."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shapely import LineString

from layers.build.plane import as_point, to_plane
from layers.catalogue import EVIDENCE
from layers.errors import BuildError

TABLES = Path(__file__).resolve().parent.parent / "gazetteer"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. An empty cell reads as ``""``."""

    table: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    def number(self, name: str) -> float | None:
        """A cell as a number, None when empty."""
        text = self[name]
        if not text:
            return None
        try:
            return float(text)
        except ValueError:
            raise self.error(
                f"{name} is {text!r}, not a number", f"{name} 不是数"
            ) from None

    def error(self, detail: str, detail_zh: str) -> BuildError:
        """The error that names this row."""
        where = f"{self.table}.csv, line {self.line}"
        return BuildError(
            f"{where}: {detail}. Correct the row and build again.",
            f"{self.table}.csv 第 {self.line} 行：{detail_zh}。请改正该行后重新构建。",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A named position on the plane, and how far it can be trusted."""

    point: Any
    evidence: str
    accuracy_m: float
    source: str


def rows(table: str) -> list[Row]:
    """All lines of a table, in order."""
    path = TABLES / f"{table}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:  # as Excel saves it
        return list(_rows(table, csv.DictReader(file)))


def _rows(table: str, reader: csv.DictReader[str]) -> Iterator[Row]:
    for cells in reader:
        if None in cells or None in cells.values():
            raise Row(table, reader.line_num, {}).error(
                "the number of cells differs from the heading", "列数与表头不符"
            )
        yield Row(table, reader.line_num, cells)


@cache
def places() -> dict[str, Place]:
    """Positions by name."""
    found: dict[str, Place] = {}
    for row in rows("places"):
        name, lon, lat = row["place"], row.number("lon"), row.number("lat")
        if lon is None or lat is None:
            raise row.error(f"{name} has no position", f"“{name}”没有坐标")
        if name in found:
            raise row.error(f"{name} stands twice", f"“{name}”重复")
        if row["evidence"] not in EVIDENCE:
            raise row.error(
                f"evidence {row['evidence']!r} is none of {', '.join(EVIDENCE)}",
                f"依据“{row['evidence']}”不在 {'、'.join(EVIDENCE)} 之内",
            )
        accuracy = row.number("accuracy_m") or 0.0
        found[name] = Place(
            as_point(lon, lat), row["evidence"], accuracy, row["source"]
        )
    return found


@dataclass(frozen=True, slots=True)
class Trace:
    """A river, road or limit on the plane. Those that cut bound the regions."""

    line: LineString
    name_zh: str
    name_en: str
    evidence: str
    accuracy_m: float
    width_m: float
    source: str
    kind: str
    cuts: bool


@cache
def traces() -> dict[str, Trace]:
    """Traces by id."""
    points: dict[str, list[tuple[float, float]]] = {}
    for row in rows("trace_points"):
        lon, lat = row.number("lon"), row.number("lat")
        if lon is None or lat is None:
            raise row.error("a trace needs positions", "线上点缺坐标")
        points.setdefault(row["trace"], []).append((lon, lat))
    return {
        row["trace"]: Trace(
            to_plane(LineString(points[row["trace"]])),
            row["name_zh"],
            row["name_en"],
            row["evidence"],
            row.number("accuracy_m") or 0.0,
            row.number("width_m") or 0.0,
            row["source"],
            row["kind"],
            row["cuts"] == "yes",
        )
        for row in rows("traces")
    }
