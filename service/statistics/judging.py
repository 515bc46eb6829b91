"""A person's verdict on a finding, kept with what the finding measured."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from geo.surface import BASES
from service.atlas import Atlas
from service.errors import BadRequest, NotFound
from service.parameters import bad
from service.statistics.judgements import KIND, WITHDRAWN, Judgements, kept
from service.statistics.rules import Rule
from service.statistics.trying import run_rules


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided of which finding, and why."""

    rule: Rule
    version: int
    outcome: Literal["conforms", "violates", "withdrawn"]
    reason: str
    feature: str | None = None
    other: str | None = None


def judge(atlas: Atlas, verdict: Verdict, by: str) -> dict[str, Any]:
    """Keep the verdict if there is such a finding; what was judged before stays.
    Blocks: call from a thread."""
    layer, version = verdict.rule.layer, verdict.version
    atlas.store.version(layer, version)
    if verdict.feature is not None:
        _check_feature(atlas, layer, version, verdict.feature)
    data = {
        "rule": verdict.rule.id,
        "layer": layer,
        "version": version,
        **(_withdrawn if verdict.outcome == WITHDRAWN else _measured)(atlas, verdict),
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "by": by,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with atlas.store.transaction():
        atlas.store.put(KIND, secrets.token_hex(8), data, expect=0)
        subject = f"{verdict.rule.id}:{version}:{verdict.feature or ''}"
        atlas.store.append_audit(by, "check.judge", subject, data)
    return data


def _check_feature(atlas: Atlas, layer: str, version: int, feature: str) -> None:
    if atlas.store.item(layer, version, feature) is None:
        raise NotFound(
            f"Layer {layer!r} version {version} has no feature {feature!r}, so nothing"
            " is judged.",
            f"图层“{layer}”第 {version} 版没有要素“{feature}”，未作判断。",
            parameter="feature",
        )


def _measured(atlas: Atlas, verdict: Verdict) -> dict[str, Any]:
    """What the finding measures on both bases; of a rule as a whole, its versions."""
    current = atlas.store.current_versions()
    names = verdict.rule.layers
    versions = {name: current.get(name, 0) for name in names}
    versions[verdict.rule.layer] = verdict.version
    # On both bases what is found of the feature alone: the rule as a whole runs once.
    both = {
        basis: run_rules(
            atlas, [verdict.rule], versions, basis=basis, about=verdict.feature
        )[0]
        for basis in (BASES if verdict.feature else BASES[:1])
    }
    told = {basis: _finding(check, verdict) for basis, check in both.items()}
    check, finding = both["ellipsoidal"], told["ellipsoidal"]
    about = {"feature": verdict.feature, "versions": check["versions"]}
    if finding is None:
        return {**about, "computed": check["computed"]}
    return {
        **about,
        "other": finding["other"],
        "computed": finding["computed"],
        "middle": finding["middle"],
        "measured": {b: each["amount"] for b, each in told.items() if each},
    }


def _finding(check: dict[str, Any], verdict: Verdict) -> dict[str, Any] | None:
    if verdict.feature is None:
        return None
    found: list[dict[str, Any]]
    found = [f for f in check["findings"] if f["feature"] == verdict.feature]
    if verdict.other is not None:
        found = [f for f in found if f["other"] == verdict.other]
    if not found:
        raise _no_finding(verdict)
    if len(found) > 1:
        others = ", ".join(str(f["other"]) for f in found[:20])
        raise bad(
            "other",
            f"is needed: feature {verdict.feature!r} has {len(found)} findings of"
            f" this rule, with {others}. Say which is judged",
            f"必填：要素“{verdict.feature}”在此规则下有 {len(found)} 项发现，"
            f"对方为 {others}。请指明判断哪一项",
        )
    return found[0]


def _no_finding(verdict: Verdict) -> NotFound:
    return NotFound(
        f"Rule {verdict.rule.id!r} finds nothing against {verdict.feature!r} in"
        f" version {verdict.version}, so there is nothing to judge. Run the check"
        " again and judge what it lists.",
        f"规则“{verdict.rule.id}”在第 {verdict.version} 版中没有关于"
        f"“{verdict.feature}”的发现，无可判断。请重新运行检查，再就所列者判断。",
        parameter="feature",
    )


def _withdrawn(atlas: Atlas, verdict: Verdict) -> dict[str, Any]:
    """The judgement that no longer holds; refused if there is none."""
    about = {"rule": verdict.rule.id, "layer": verdict.rule.layer}
    judged = Judgements(kept(atlas.store, about)).last(
        verdict.rule.id, verdict.rule.layer, verdict.feature, verdict.other
    )
    if judged is None:
        raise BadRequest(
            "There is no judgement of that finding to withdraw. See"
            " /api/checks/judgements.",
            "该发现没有可撤回的判断，见 /api/checks/judgements。",
            parameter="outcome",
        )
    told = ("feature", "other", "version", "versions")
    return {name: judged[name] for name in told if name in judged}
