"""Rules run on features: 符合 / 不符合 / 需人工判断, with the conflict and its reasons.

A figure from indicative geometry proves nothing either way, and neither does a conflict
narrower than the stated position error: both are for a person to judge. What a person
has judged (with name and reason) stands beside what was computed, never instead of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import shapely

from geo.surface import Basis
from service.statistics.amounts import plain
from service.statistics.overlap import Question, overlap_statistics
from service.statistics.predicates import PREDICATES, Finding
from service.statistics.provenance import Provenance, coarsest, weakest
from service.statistics.reading import Reading
from service.statistics.rules import Rule, chosen

OUTCOMES = {
    "conforms": {"zh": "符合", "en": "conforms"},
    "violates": {"zh": "不符合", "en": "violates"},
    "needs_judgement": {"zh": "需人工判断", "en": "needs judgement"},
}
#: (rule, layer, version, feature) -> the judgement kept.
Judgements = Mapping[tuple[str, str, int, str], Mapping[str, Any]]
MAX_FINDINGS = 1_000
_MAX_VERTICES = 400


def run_rule(
    rule: Rule,
    readings: Mapping[str, Reading],
    judgements: Judgements,
    *,
    basis: Basis = "ellipsoidal",
) -> dict[str, Any]:
    """One rule on the readings of its layers (by layer id)."""
    one = chosen(readings[rule.layer], rule.where)
    other = chosen(readings[rule.other], rule.other_where) if rule.other else one
    found = [
        each
        for each in PREDICATES[rule.predicate](rule, one, other, basis)
        if each.open or each.width_m is None or each.width_m >= rule.min_width_m
    ]
    told = [_told(rule, one, other, each, judgements) for each in found[:MAX_FINDINGS]]
    if rule.context:
        _place(told, one, readings[rule.context], basis)
    sides = (one,) if other is one else (one, other)
    outcome = _outcome(told, sides)
    return {
        "rule": rule.as_json(),
        **_labelled(outcome),
        "checked": len(one.rows),
        "findings": told,
        "findings_total": len(found),
        "why_zh": _reason(outcome, one, other, "zh"),
        "why_en": _reason(outcome, one, other, "en"),
        **Provenance(basis, sides).as_json(),
    }


def _outcome(told: list[dict[str, Any]], sides: tuple[Reading, ...]) -> str:
    """The worst of the findings; without any, whether the data can prove it."""
    outcomes = {each["outcome"] for each in told}
    if "violates" in outcomes:
        return "violates"
    empty = any(len(side.rows) == 0 for side in sides)
    if "needs_judgement" in outcomes or empty or weakest(sides) == "indicative":
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
    rule: Rule, one: Reading, other: Reading, found: Finding, judgements: Judgements
) -> dict[str, Any]:
    mine = one.narrowed(np.array([found.row]))
    home = None if found.other is None else other.narrowed(np.array([found.other]))
    sides = (mine,) if home is None else (mine, home)
    id, version = str(mine.ids[0]), one.version
    judged = judgements.get((rule.id, one.layer.id, version, id))
    outcome = "needs_judgement" if _undecided(found, sides) else "violates"
    return {
        "feature": id,
        "name_zh": plain(mine.column("name_zh")[0]),
        "other": None if home is None else home.ids[0],
        "other_name_zh": None if home is None else plain(home.column("name_zh")[0]),
        **_labelled(str(judged["outcome"]) if judged else outcome),
        "computed": outcome,
        "why_zh": found.why_zh,
        "why_en": found.why_en,
        "amount": found.amount,
        "width_m": found.width_m,
        "accuracy_m": coarsest(sides),
        "evidence": weakest(sides),
        "conflict": _geojson(found.conflict),
        "judgement": judged,
    }


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
    names = OUTCOMES[outcome]
    return {"outcome": outcome, "outcome_zh": names["zh"], "outcome_en": names["en"]}


def _geojson(geometry: shapely.Geometry | None) -> Any:
    """The conflict to draw: whole, or its box when it has very many vertices."""
    if geometry is None:
        return None
    if shapely.get_num_coordinates(geometry) > _MAX_VERTICES:
        geometry = shapely.envelope(geometry)
    return orjson.loads(shapely.to_geojson(geometry))
