"""Rules run on features: 符合 / 不符合 / 需人工判断, with the conflict and its reasons.

A figure from indicative geometry proves nothing either way, and neither does a conflict
narrower than the stated position error: both are for a person to judge. What a person
has judged (with name and reason) stands beside what was computed, never instead of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import orjson
import shapely

from geo.surface import Basis
from service.statistics.amounts import area_amounts, plain
from service.statistics.goesby import goes_by
from service.statistics.judgements import Judgements
from service.statistics.overlap import Question, overlap_statistics
from service.statistics.predicates import PREDICATES, Finding, apart_from_published
from service.statistics.provenance import Provenance, coarsest, weakest
from service.statistics.reading import Reading
from service.statistics.rules import Rule, chosen
from service.statistics.titles import OUTCOMES

MAX_FINDINGS = 1_000
_MAX_VERTICES = 400
#: A finding and the reading that its ``other`` is a row of.
_Found = tuple[Finding, Reading]


def run_rule(
    rule: Rule,
    readings: Mapping[str, Reading],
    judgements: Judgements,
    *,
    basis: Basis = "ellipsoidal",
    beside: Reading | None = None,
) -> dict[str, Any]:
    """One rule on the readings of its layers (by layer id). ``beside`` is what is
    published of the rule's own layer, where its reading is of what is proposed."""
    one = chosen(readings[rule.layer], rule.where)
    other = chosen(readings[rule.other], rule.other_where) if rule.other else one
    rest = None if beside is None else chosen(beside, rule.where)
    found = list(_found(rule, one, other, rest, basis))
    told = [_told(rule, one, *each, judgements, basis) for each in _first(found, one)]
    if rule.context:
        _place(told, one, readings[rule.context], basis)
    asked = (one,) if other is one else (one, other)
    head = Provenance(basis, asked if rest is None else (*asked, rest)).as_json()
    computed = _outcome(told, asked, str(head["evidence"]))
    judged = judgements.of_rule(rule.id, one.layer.id, head["versions"])
    stands = judged is not None and judged["stands"]
    outcome = str(judged["outcome"]) if judged and stands else computed
    return {
        "rule": rule.as_json(),
        **_labelled(outcome),
        "computed": computed,
        "judgement": judged,
        "checked": len(one.rows),
        "findings": told,
        "findings_total": len(found),
        "why_zh": "" if stands else _reason(outcome, one, other, "zh"),
        "why_en": "" if stands else _reason(outcome, one, other, "en"),
        **head,
    }


def _found(
    rule: Rule, one: Reading, other: Reading, rest: Reading | None, basis: Basis
) -> Iterator[_Found]:
    """What is no drawing noise."""
    sources = [(PREDICATES[rule.predicate](rule, one, other, basis), other)]
    if rest is not None:
        sources.append((apart_from_published(one, rest, basis), rest))
    for findings, home in sources:
        for each in findings:
            if each.open or each.width_m is None or each.width_m >= rule.min_width_m:
                yield each, home


def _first(found: list[_Found], one: Reading) -> list[_Found]:
    """Those that are listed: of very many the violations before what is undecided."""
    if len(found) <= MAX_FINDINGS:
        return found
    order = sorted(found, key=lambda each: _undecided(each[0], _sides(one, *each)))
    return order[:MAX_FINDINGS]


def _sides(one: Reading, found: Finding, home: Reading) -> tuple[Reading, ...]:
    """The features that a finding is about."""
    mine = one.narrowed(np.array([found.row]))
    if found.other is None:
        return (mine,)
    return mine, home.narrowed(np.array([found.other]))


def _outcome(
    told: list[dict[str, Any]], sides: tuple[Reading, ...], evidence: str
) -> str:
    """The worst of the findings; without any, whether the data can prove it."""
    outcomes = {each["outcome"] for each in told}
    if "violates" in outcomes:
        return "violates"
    empty = any(len(side.rows) == 0 for side in sides)
    if "needs_judgement" in outcomes or empty or evidence == "indicative":
        return "needs_judgement"
    return "conforms"


def _reason(outcome: str, one: Reading, other: Reading, lang: str) -> str:
    zh = lang == "zh"
    if len(one.rows) == 0 or len(other.rows) == 0:
        layer = one.layer.id if len(one.rows) == 0 else other.layer.id
        return f"图层 {layer} 尚无相应数据" if zh else f"{layer} has no such data yet"
    if outcome == "needs_judgement":
        return (
            "几何为示意性或冲突在定位精度以内，须由人判断"
            if zh
            else "geometry is indicative, or the conflict is within its accuracy"
        )
    return ""


def _told(
    rule: Rule,
    one: Reading,
    found: Finding,
    home: Reading,
    judgements: Judgements,
    basis: Basis,
) -> dict[str, Any]:
    sides = _sides(one, found, home)
    mine, *others = sides
    computed = "needs_judgement" if _undecided(found, sides) else "violates"
    told = {
        "feature": str(mine.ids[0]),
        "name_zh": plain(mine.column("name_zh")[0]),
        "name_en": plain(mine.column("name_en")[0]),
        **next(goes_by(mine)),
        "other": str(others[0].ids[0]) if others else None,
        "other_name_zh": plain(others[0].column("name_zh")[0]) if others else None,
        "amount": found.amount,
        **_amounts(found),
        "width_m": found.width_m,
        "middle": _middle(found.conflict),
    }
    judged = judgements.of_finding(rule.id, one.layer.id, one.version, told, basis)
    stands = judged is not None and judged["stands"]
    return {
        **told,
        **_labelled(str(judged["outcome"]) if judged and stands else computed),
        "computed": computed,
        "why_zh": found.why_zh,
        "why_en": found.why_en,
        "accuracy_m": coarsest(sides),
        "evidence": weakest(sides),
        "conflict": _geojson(found.conflict),
        "judgement": judged,
    }


def _amounts(found: Finding) -> dict[str, Any]:
    """The amount under its own name, areas in every unit."""
    if found.open:
        return {}
    if found.measure == "area_m2":
        return area_amounts(found.amount)
    return {found.measure: found.amount}


def _undecided(found: Finding, sides: tuple[Reading, ...]) -> bool:
    accuracy = coarsest(sides)
    within_error = (
        found.width_m is not None and accuracy is not None and found.width_m <= accuracy
    )
    return found.open or within_error or weakest(sides) == "indicative"


def _place(
    told: list[dict[str, Any]], one: Reading, context: Reading, basis: Basis
) -> None:
    """Tell of each feature that fails which features of the context it lies in."""
    rows = one.snapshot.rows([each["feature"] for each in told])
    if len(rows) == 0:
        return
    failing = Reading(one.layer, one.snapshot, np.unique(rows))
    pairs = overlap_statistics(failing, context, Question(basis=basis))["pairs"]
    for each in told:
        each["lies_in"] = [
            {
                "layer": context.layer.id,
                "id": pair["b"],
                "name_zh": pair["b_name_zh"],
                "share": pair["share_of_a"],
            }
            for pair in pairs
            if pair["a"] == each["feature"]
        ]


def _labelled(outcome: str) -> dict[str, str]:
    zh, en = OUTCOMES[outcome]
    return {"outcome": outcome, "outcome_zh": zh, "outcome_en": en}


def _middle(conflict: shapely.Geometry | None) -> list[float] | None:
    """Where a conflict is, in degrees."""
    if conflict is None or conflict.is_empty:
        return None
    (at,) = shapely.get_coordinates(shapely.centroid(conflict)).tolist()
    return list(at)


def _geojson(geometry: shapely.Geometry | None) -> Any:
    """The conflict to draw: whole, or its box when it has very many vertices."""
    if geometry is None:
        return None
    if shapely.get_num_coordinates(geometry) > _MAX_VERTICES:
        geometry = shapely.envelope(geometry)
    return orjson.loads(shapely.to_geojson(geometry))
