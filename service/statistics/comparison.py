"""Two balance tables held against each other, class by class: 现状 and 规划."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.catalogue import EVIDENCE
from layers.classification import scheme
from service.statistics.amounts import area_amounts
from service.statistics.classes import order_of

Entry = Mapping[str, Any]
#: Below this a difference is one of the arithmetic, not of the land.
SAME_M2 = 1e-4
MORE, LESS, SAME = "increase", "decrease", "unchanged"


def compared(table: Entry, before: Entry) -> dict[str, Any]:
    """A table with what each class had in another one, in the same scheme. A class
    that is in one of them only has 0 in the other."""
    old = {row["code"]: row for row in before["rows"]}
    new = {row["code"]: row for row in table["rows"]}
    order = order_of(scheme(table["scheme"]))
    codes = sorted(old.keys() | new.keys(), key=order.__getitem__)
    rows = [
        against(new.get(code) or {**old[code], **_nothing(old[code])}, old.get(code))
        for code in codes
    ]
    totals = ("unclassified", "overlapping", "uncovered", "total")
    return {
        **table,
        **_provenance(table, before),
        "rows": rows,
        **{name: against(table[name], before[name]) for name in totals},
    }


def against(now: Entry, old: Entry | None) -> dict[str, Any]:
    """An entry, what it was, and what has changed: areas, and points of its share."""
    was = old or _nothing(now)
    change = now["area_m2"] - was["area_m2"]
    entry = {**now, **_named("before", area_amounts(was["area_m2"]))}
    for name in ("count", "share"):
        if name in now:
            entry[f"before_{name}"] = was.get(name)
    entry |= _named("change", area_amounts(change))
    if now.get("share") is not None and was.get("share") is not None:
        entry["change_share"] = now["share"] - was["share"]
    entry["change"] = SAME if abs(change) < SAME_M2 else MORE if change > 0 else LESS
    return entry


def _named(prefix: str, amounts: Mapping[str, float]) -> dict[str, float]:
    return {f"{prefix}{name.removeprefix('area')}": m2 for name, m2 in amounts.items()}


def _nothing(row: Entry) -> dict[str, Any]:
    empty = {name: 0.0 for name, value in row.items() if isinstance(value, float)}
    return {"share": 0.0, **empty, "count": 0} if "code" in row else empty


def _provenance(table: Entry, before: Entry) -> dict[str, Any]:
    """The head of the answer: it is as weak as the weaker of the two."""
    ranks = [EVIDENCE.index(t["evidence"]) for t in (table, before) if t["evidence"]]
    evidence = EVIDENCE[max(ranks)] if ranks else None
    errors = [t["accuracy_m"] for t in (table, before) if t["accuracy_m"] is not None]
    return {
        "compared_with": before["versions"][before["layer"]],
        "compared_layer": before["layer"],
        "evidence": evidence,
        "indicative": evidence == "indicative",
        "accuracy_m": max(errors, default=None),
        "left_out": _once([*table["left_out"], *before["left_out"]]),
        "notes": _once([*table["notes"], *before["notes"], _note(table, before)]),
    }


def _once(entries: list[Any]) -> list[Any]:
    return [one for n, one in enumerate(entries) if one not in entries[:n]]


def _note(table: Entry, before: Entry) -> dict[str, str]:
    now, old = ((t["layer"], t["versions"][t["layer"]]) for t in (table, before))
    return {
        "code": "compared",
        "en": f"{now[0]} version {now[1]} compared with {old[0]} version {old[1]};"
        " a change is the first minus the second",
        "zh": f"{now[0]} 第 {now[1]} 版与 {old[0]} 第 {old[1]} 版对比；"
        "增减为前者减后者",
    }
