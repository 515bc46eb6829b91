"""Routes: rules, what they find, and what people judged of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from layers.catalogue import Layer
from service.atlas import atlas_of
from service.changesets import find
from service.errors import BadRequest, NotFound
from service.guard import needs
from service.parameters import only, resolve_version, versions_at
from service.responses import content_etag, json_bytes, json_response
from service.rights import require, visible_layer, visible_layers
from service.statistics.drawn import shape_of
from service.statistics.rules import Rule, rule, rules
from service.statistics.trying import (
    JUDGEMENT,
    judgements,
    of_changeset,
    of_shape,
    of_upload,
    run_rules,
)
from service.uploads import register

router = APIRouter(tags=["checks"])
_FRESH = {"cache-control": "no-cache"}


class Trial(BaseModel):
    """A drawn shape as a feature of ``layer``, a changeset, or an upload that need not
    be submitted; ``rules`` to run, all of the layer's by default."""

    model_config = ConfigDict(extra="forbid")

    layer: str | None = None
    geometry: dict[str, Any] | None = None
    properties: dict[str, str | float | bool | None] = Field(default_factory=dict)
    changeset: str | None = None
    upload: str | None = None
    rules: list[str] | None = Field(default=None, max_length=100)


class Judgement(BaseModel):
    """What a person decides about one finding of one version."""

    model_config = ConfigDict(extra="forbid")

    rule: str
    feature: str = Field(min_length=1, max_length=200)
    version: int = Field(ge=1)
    outcome: Literal["conforms", "violates"]
    reason: str = Field(min_length=3, max_length=2000)


@router.get("/checks", summary="The rules")
async def list_rules(request: Request) -> Response:
    """Every rule whose layers the caller may read."""
    only(request, ())
    known = [each.as_json() for each in _visible(request).values()]
    return _tagged(request, {"rules": known})


@router.get("/checks/run", summary="Run rules on published versions")
async def run_checks(request: Request) -> Response:
    """``rule=`` one, ``layer=`` those of a layer (at ``version``), or all."""
    only(request, ("rule", "layer", "version", "as-of"))
    query = request.query_params
    known = _visible(request)
    wanted = [rule(query["rule"], known)] if "rule" in query else [*known.values()]
    if "layer" in query:
        layer = visible_layer(request, query["layer"])
        wanted = [each for each in wanted if each.layer == layer.id]
    return await _run(request, wanted)


@router.post("/checks/run", summary="Run rules on a shape, changeset or upload")
async def try_checks(request: Request, trial: Trial) -> Response:
    """What the rules of a layer would say of a shape, of proposed changes, or of the
    features of a diagnosed upload (for who may read it)."""
    only(request, ())
    given = (trial.geometry, trial.changeset, trial.upload)
    if sum(each is not None for each in given) != 1:
        raise BadRequest(
            "Give one of 'geometry' (with 'layer'), 'changeset' and 'upload'.",
            "请给出“geometry”（及“layer”）、“changeset”或“upload”，三者其一。",
        )
    return await _run(request, None, trial)


@router.get("/checks/judgements", summary="What people judged")
async def list_judgements(request: Request) -> Response:
    """Newest first, with name, reason and time."""
    only(request, ())
    known = _visible(request)
    found = await run_in_threadpool(judgements, atlas_of(request))
    shown = [each for key, each in found.items() if key[0] in known]
    return json_response({"judgements": shown}, request=request, headers=_FRESH)


@router.post(
    "/checks/judgements",
    status_code=201,
    summary="Judge a finding",
    dependencies=[needs("reviewer")],
)
async def judge(request: Request, given: Judgement) -> Response:
    """Role reviewer. The judgement stands for this version of the layer only."""
    only(request, ())
    layer = rule(given.rule, _visible(request)).layer
    reviewer = require(request, "reviewer", layer)
    atlas = atlas_of(request)
    data = {
        **given.model_dump(),
        "layer": layer,
        "by": reviewer.name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }

    def keep() -> None:
        atlas.store.version(layer, given.version)
        if atlas.store.item(layer, given.version, given.feature) is None:
            raise NotFound(
                f"Layer {layer!r} version {given.version} has no feature"
                f" {given.feature!r}, so nothing is judged.",
                f"图层“{layer}”第 {given.version} 版没有要素“{given.feature}”，"
                "未作判断。",
                parameter="feature",
            )
        id = f"{given.rule}:{given.version}:{given.feature}"
        atlas.store.put(JUDGEMENT, id, data)
        atlas.store.append_audit(reviewer.name, "check.judge", id, data)

    await run_in_threadpool(keep)
    return json_response(data, request=request, status=201, headers=_FRESH)


def _visible(request: Request) -> dict[str, Rule]:
    """The rules all of whose layers the caller may read."""
    seen = {layer.id for layer in visible_layers(request)}
    return {k: each for k, each in rules().items() if seen.issuperset(each.layers)}


async def _run(
    request: Request, wanted: list[Rule] | None, trial: Trial | None = None
) -> Response:
    def answer() -> dict[str, Any]:
        atlas = atlas_of(request)
        instead = None if trial is None else _tried(request, trial)
        mine = wanted if wanted is not None else _rules_of(request, trial, instead)
        versions = _versions(request, mine)
        found = run_rules(atlas, mine, versions, instead=instead)
        counts: dict[str, int] = {}
        for each in found:
            counts[each["outcome"]] = counts.get(each["outcome"], 0) + 1
        return {"versions": versions, "outcomes": counts, "checks": found}

    return _tagged(request, await run_in_threadpool(answer))


def _tagged(request: Request, body: dict[str, Any]) -> Response:
    """What people judged is in it besides versions: its bytes are its ETag's."""
    text = json_bytes(body)
    return json_response(text, request=request, etag=content_etag(text))


def _tried(request: Request, trial: Trial) -> Any:
    atlas = atlas_of(request)
    if trial.changeset is not None:
        editor = require(request, "editor")
        record = find(atlas, trial.changeset, editor)
        layer = atlas.catalogue.get(record.data["layer"])
        return of_changeset(atlas, layer, record.id)
    if trial.upload is not None:
        editor = require(request, "editor")
        return of_upload(atlas, register.find(atlas, trial.upload, editor))
    layer = visible_layer(request, trial.layer or "parcels")
    return of_shape(layer, shape_of(trial.geometry), trial.properties)


def _rules_of(request: Request, trial: Trial | None, instead: Any) -> list[Rule]:
    layer: Layer = instead.layer
    named = trial.rules if trial else None
    known = _visible(request)
    if named is not None:
        return [rule(id, known) for id in named]
    return [each for each in known.values() if each.layer == layer.id]


def _versions(request: Request, wanted: list[Rule]) -> Mapping[str, int]:
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
