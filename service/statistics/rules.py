"""The rules that checks run: data, read once from ``rules.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np

from geo.overlap import BoolArray
from service.errors import NotFound
from service.statistics.amounts import plain
from service.statistics.reading import Reading

RULES = Path(__file__).resolve().parent / "rules.toml"
Predicate = Literal[
    "apart", "tiled_by", "within", "clear_of", "area_equals", "in_parent", "near"
]
Where = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand. Conflicts narrower than ``min_width_m`` are drawing noise: counted,
    told, but no violation."""

    id: str
    layer: str
    predicate: Predicate
    clause_zh: str
    clause_en: str
    source: str
    other: str | None = None
    where: Where = field(default_factory=dict)
    other_where: Where = field(default_factory=dict)
    #: A layer that says where the features that fail are.
    context: str | None = None
    field: str | None = None
    min_width_m: float = 0.0
    tolerance_m2: float = 0.0
    distance_m: float = 0.0

    @property
    def layers(self) -> tuple[str, ...]:
        """Every layer that the rule reads."""
        named = (self.layer, self.other, self.context)
        return tuple(name for name in named if name)

    def as_json(self) -> dict[str, Any]:
        return {k: v for k, v in asdict(self).items() if v not in (None, {}, 0.0)}


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by id."""
    raw = tomllib.loads(RULES.read_text("utf-8"))["rules"]
    return {spec["id"]: Rule(**spec) for spec in raw}


def rule(id: str, among: Mapping[str, Rule]) -> Rule:
    """One of these rules; ``NotFound`` names them."""
    found = among.get(id)
    if found is None:
        known = ", ".join(among)
        raise NotFound(
            f"There is no rule {id[:60]!r}; there are {known}.",
            f"没有规则“{id[:60]}”；现有：{known}。",
            parameter="rule",
        )
    return found


def chosen(reading: Reading, where: Where) -> Reading:
    """The features that a rule is about."""
    keep: BoolArray = np.ones(len(reading.rows), dtype=bool)
    for name, wanted in where.items():
        values = reading.ids if name == "id" else reading.column(name)
        keep &= _matches(values, wanted if isinstance(wanted, list) else [wanted])
    return reading.narrowed(keep)


def _matches(values: Iterable[Any], wanted: list[str]) -> BoolArray:
    exact = {w for w in wanted if not w.endswith("*")}
    beginnings = tuple(w[:-1] for w in wanted if w.endswith("*"))
    texts = [str(plain(value) or "") for value in values]
    found = [t in exact or bool(t and t.startswith(beginnings)) for t in texts]
    return np.array(found, dtype=bool)
