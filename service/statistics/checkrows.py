"""What rules found as rows of a sheet: one for each rule, and below it one for each
finding. A line copied out still says which rule, where from, and who decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.statistics.titles import left_out_text

Row = dict[str, Any]
_AMOUNTS = ("area_m2", "area_ha", "area_mu", "length_m", "count", "distance_m")
#: Of every row alike, whatever it has to say.
_COLUMNS = (
    *("row", "rule", "clause_zh", "clause_en", "outcome", "layer"),
    *("feature", "name_zh", "other_layer", "other", "other_name_zh"),
    *_AMOUNTS,
    *("width_m", "checked", "findings", "why", "lies_in", "computed"),
    *("judged_by", "judged_reason", "judged_at", "judged_version", "judged_outcome"),
    *("judged_stands", "source", "basis", "evidence", "accuracy_m", "versions"),
    "left_out",
)
_JUDGED = ("by", "reason", "at", "version")


def check_rows(checks: Iterable[Mapping[str, Any]], lang: str) -> Iterator[Row]:
    """In the order of the checks."""
    for check in checks:
        findings = (_finding_row(check, found, lang) for found in check["findings"])
        for row in (_rule_row(check, lang), *findings):
            yield {name: row.get(name) for name in _COLUMNS}


def unchecked_rows(answer: Mapping[str, Any], lang: str) -> Iterator[Row]:
    """Where nothing was checked, what the answer says of that."""
    for note in answer["notes"]:
        row = {"row": "note", "why": note[lang], "basis": answer["basis"]}
        yield {name: row.get(name) for name in _COLUMNS}


def _rule_row(check: Mapping[str, Any], lang: str) -> Row:
    return {
        **_head(check, check, "rule", lang),
        "checked": check["checked"],
        "findings": check["findings_total"],
        **_tail(check, check, lang),
    }


def _finding_row(check: Mapping[str, Any], found: Mapping[str, Any], lang: str) -> Row:
    lies_in = (place["name_zh"] or place["id"] for place in found.get("lies_in", ()))
    return {
        **_head(check, found, "finding", lang),
        "feature": found["feature"],
        "name_zh": found["name_zh"],
        "other_layer": check["rule"].get("other") or check["rule"]["layer"],
        "other": found["other"],
        "other_name_zh": found["other_name_zh"],
        **{name: found.get(name) for name in _AMOUNTS},
        "width_m": found["width_m"],
        "lies_in": "; ".join(lies_in) or None,
        **_tail(check, found, lang),
    }


def _head(
    check: Mapping[str, Any], told: Mapping[str, Any], row: str, lang: str
) -> Row:
    rule = check["rule"]
    return {
        "row": row,
        "rule": rule["id"],
        "clause_zh": rule["clause_zh"],
        "clause_en": rule["clause_en"],
        "outcome": told[f"outcome_{lang}"],
        "layer": rule["layer"],
    }


def _tail(check: Mapping[str, Any], told: Mapping[str, Any], lang: str) -> Row:
    judged = told["judgement"] or {}
    return {
        "why": told[f"why_{lang}"] or None,
        "computed": told["computed"],
        **{f"judged_{name}": judged.get(name) for name in _JUDGED},
        "judged_outcome": judged.get("outcome"),
        "judged_stands": judged.get("stands"),
        "source": check["rule"]["source"],
        "basis": check["basis"],
        "evidence": told["evidence"],
        "accuracy_m": told["accuracy_m"],
        "versions": " ".join(f"{k}={v}" for k, v in check["versions"].items()),
        "left_out": left_out_text(check["left_out"], lang),
    }
