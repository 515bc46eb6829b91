"""From a question about rules to a plan: which run, on what, and the whole answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

from geo.surface import Basis
from layers.catalogue import EVIDENCE
from service.atlas import atlas_of
from service.changesets import find
from service.errors import BadRequest
from service.parameters import only, resolve_version, versions_at
from service.rights import require, visible_layer, visible_layers
from service.statistics.asking import Plan, basis_of
from service.statistics.checks import MAX_FINDINGS
from service.statistics.provenance import BASIS_NAMES
from service.statistics.rules import Rule, rule, rules
from service.statistics.trying import (
    UNPUBLISHED,
    Proposed,
    of_changeset,
    of_shapes,
    of_upload,
    run_rules,
)
from service.uploads import register

CHECK_PARAMETERS = ("rule", "layer", "version", "as-of", "basis", "f", "lang")
TRIAL_PARAMETERS = ("basis", "f", "lang")


@dataclass(frozen=True, slots=True)
class Trial:
    """What is not published: drawn shapes, a changeset, or an upload; ``rules`` to
    run, all of the layer's by default."""

    layer: str | None = None
    geometry: Mapping[str, Any] | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    changeset: str | None = None
    upload: str | None = None
    rules: list[str] | None = None


def visible_rules(request: Request) -> dict[str, Rule]:
    """The rules all of whose layers the caller may read."""
    seen = {layer.id for layer in visible_layers(request)}
    return {k: each for k, each in rules().items() if seen.issuperset(each.layers)}


def ask_checks(request: Request) -> Plan:
    """``rule=`` one, ``layer=`` those of a layer (at ``version``), or all."""
    only(request, CHECK_PARAMETERS)
    query, known, basis = (
        request.query_params,
        visible_rules(request),
        basis_of(request),
    )
    wanted = [rule(query["rule"], known)] if "rule" in query else [*known.values()]
    if "layer" in query:
        layer = visible_layer(request, query["layer"])
        if "rule" in query:
            _check_same_layer(wanted, layer.id, "rule")
        wanted = [each for each in wanted if each.layer == layer.id]
    versions = _versions(request, wanted)

    def answer() -> dict[str, Any]:
        found = run_rules(atlas_of(request), wanted, versions, basis=basis)
        notes = [] if wanted else [no_rule(query.get("layer"), known)]
        return _whole(found, versions, basis, notes)

    return Plan(versions, answer)


def trial_of(request: Request, geometry: Mapping[str, Any] | None) -> Trial:
    """The same asked by parameters, as the command line does."""
    only(request, (*TRIAL_PARAMETERS, "layer", "rule", "upload", "changeset"))
    query = request.query_params
    return Trial(
        layer=query.get("layer"),
        geometry=geometry,
        changeset=query.get("changeset"),
        upload=query.get("upload"),
        rules=[query["rule"]] if "rule" in query else None,
    )


def ask_trial(request: Request, trial: Trial) -> Plan:
    """What the rules of a layer would say of what is proposed."""
    basis = basis_of(request)
    given = (trial.geometry, trial.changeset, trial.upload)
    if sum(each is not None for each in given) != 1:
        raise BadRequest(
            "Give one of 'geometry' (with 'layer'), 'changeset' and 'upload'.",
            "请给出“geometry”（及“layer”）、“changeset”或“upload”，三者其一。",
        )

    def answer() -> dict[str, Any]:
        atlas, instead = atlas_of(request), _proposed(request, trial)
        layer, known = instead.reading.layer, visible_rules(request)
        named = trial.rules
        if named is None:
            named = [id for id, each in known.items() if each.layer == layer.id]
        wanted = [rule(id, known) for id in named]
        _check_same_layer(wanted, layer.id, "rules")
        versions = _versions(request, wanted)
        found = run_rules(atlas, wanted, versions, instead=instead, basis=basis)
        read_at = {**versions, layer.id: UNPUBLISHED}
        for each in found:
            read_at |= {k: v for k, v in each["versions"].items() if v}
        notes = [] if wanted else [no_rule(layer.id, known)]
        return _whole(found, read_at, basis, notes)

    return Plan({}, answer)


def no_rule(layer: str | None, known: Mapping[str, Rule]) -> dict[str, str]:
    """That nothing was checked, which is no finding that all is well."""
    by_layer: dict[str, list[str]] = {}
    for each in known.values():
        by_layer.setdefault(each.layer, []).append(each.id)
    zh = "；".join(f"{name}（{'、'.join(ids)}）" for name, ids in by_layer.items())
    en = "; ".join(f"{name} ({', '.join(ids)})" for name, ids in by_layer.items())
    about_zh = f"没有针对图层“{layer}”的规则" if layer else "没有可用的规则"
    about_en = f"No rule is about layer {layer!r}" if layer else "There are no rules"
    return {
        "code": "no_rule",
        "zh": f"{about_zh}：未作任何检查，并不表示符合。现有规则的图层：{zh or '无'}。",
        "en": f"{about_en}: nothing was checked, which does not mean that it conforms."
        f" Layers with rules: {en or 'none'}.",
    }


def _check_same_layer(wanted: list[Rule], layer: str, parameter: str) -> None:
    for each in wanted:
        if each.layer != layer:
            raise BadRequest(
                f"Rule {each.id!r} is about layer {each.layer!r}, not {layer!r}. Try"
                f" it on features of {each.layer!r}.",
                f"规则“{each.id}”针对图层“{each.layer}”，而非“{layer}”。"
                f"请对“{each.layer}”的要素运行。",
                parameter=parameter,
            )


def _proposed(request: Request, trial: Trial) -> Proposed:
    atlas = atlas_of(request)
    if trial.changeset is not None:
        record = find(atlas, trial.changeset, require(request, "editor"))
        layer = atlas.catalogue.get(record.data["layer"])
        return of_changeset(atlas, layer, record.id)
    if trial.upload is not None:
        editor = require(request, "editor")
        return of_upload(atlas, register.find(atlas, trial.upload, editor))
    layer = visible_layer(request, trial.layer or "parcels")
    return of_shapes(layer, trial.geometry, trial.properties)


def _versions(request: Request, wanted: list[Rule]) -> dict[str, int]:
    """``version`` is that of the rule's own layer; other layers at their newest.
    ``as-of`` is for all."""
    atlas = atlas_of(request)
    names = dict.fromkeys(name for each in wanted for name in each.layers)
    layers = [visible_layer(request, name) for name in names]
    versions = versions_at(atlas, layers, request)
    if {"version", "as-of"} & request.query_params.keys():
        for each in wanted:
            versions[each.layer] = resolve_version(atlas, each.layer, request)
    return versions


def _whole(
    found: list[dict[str, Any]],
    versions: Mapping[str, int],
    basis: Basis,
    notes: list[dict[str, str]],
) -> dict[str, Any]:
    """What every check says, and what holds for all of them."""
    ranks = [EVIDENCE.index(c["evidence"]) for c in found if c["evidence"]]
    errors = [c["accuracy_m"] for c in found if c["accuracy_m"] is not None]
    evidence = EVIDENCE[max(ranks)] if ranks else None
    lost = {(o["layer"], o["reason"]): o for c in found for o in c["left_out"]}
    return {
        "basis": basis,
        "basis_zh": BASIS_NAMES[basis]["zh"],
        "basis_en": BASIS_NAMES[basis]["en"],
        "versions": dict(versions),
        "evidence": evidence,
        "indicative": evidence == "indicative",
        "accuracy_m": max(errors, default=None),
        "left_out": [*lost.values()],
        "notes": [*notes, *_notes(found, versions)],
        "outcomes": dict(Counter(c["outcome"] for c in found)),
        "checks": found,
    }


def _notes(
    found: list[dict[str, Any]], versions: Mapping[str, int]
) -> list[dict[str, str]]:
    notes = [
        {
            "zh": f"{c['rule']['id']}：{c['findings_total']} 项发现，列出前"
            f" {MAX_FINDINGS} 项",
            "en": f"{c['rule']['id']}: the first {MAX_FINDINGS} of"
            f" {c['findings_total']} findings are listed",
        }
        for c in found
        if c["findings_total"] > MAX_FINDINGS
    ]
    told = {layer for c in found for layer, v in c["versions"].items() if not v}
    notes += [
        {
            "zh": f"{layer}：第 0 版即所提交、尚未发布的要素",
            "en": f"{layer}: version 0 is what was sent, not published",
        }
        for layer in sorted(told & versions.keys())
    ]
    return notes
