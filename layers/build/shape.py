"""What a drawing rule gives: a geometry, its trust, and how it was drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from layers.build.gazetteer import Place, Row, places


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry in degrees (None when unlocated), its trust, and its construction
    in words."""

    geometry: Any
    evidence: str
    accuracy_m: float | None
    zh: str
    en: str


def place_of(row: Row) -> Place:
    """The position that a row names, from places.csv."""
    if row["place"] not in places():
        raise row.error(
            f"place {row['place']!r} is not in places.csv",
            f"places.csv 中没有“{row['place']}”",
        )
    return places()[row["place"]]
