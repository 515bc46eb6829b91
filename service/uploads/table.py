"""What every reader makes of a file: features as written, nothing interpreted yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.frame import ObjectArray
from service.uploads.headings import Heading
from service.uploads.limits import UPLOADED, Limits
from service.uploads.problems import Problem

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the text was read, why, and how else it could have been."""

    name: str
    source: str  # "declared" | "cpg" | "dbf" | "ascii" | "detected" | "format"
    previews: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceTable:
    """Features of one layer of one file, in the file's own coordinates (x, y)."""

    format: str
    layer: str
    geometry: ObjectArray
    columns: Columns
    crs: str | None = None
    encoding: Encoding = Encoding("UTF-8", "format")
    problems: tuple[Problem, ...] = ()
    #: Columns that can be mapped to a field, but are not kept otherwise.
    hints: frozenset[str] = frozenset()
    #: Where the names of a spreadsheet's columns were found.
    heading: Heading | None = None
    #: The columns that the coordinates were taken from.
    axes: tuple[str, str] | None = None

    def __len__(self) -> int:
        return len(self.geometry)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person said about the file, where it does not say itself."""

    encoding: str | None = None
    layer: str | None = None
    #: What the target layer takes: "point", "line", "polygon" or "any".
    kind: str = "any"
    #: The row of a spreadsheet that holds the names; 0: none does.
    heading_row: int | None = None
    limits: Limits = UPLOADED


def object_array(values: list[Any]) -> ObjectArray:
    """A one-dimensional object array, whatever the values are."""
    result = np.empty(len(values), dtype=object)
    result[:] = values
    return result
