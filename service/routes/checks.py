"""Routes: rules, what they find, and what people judged of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from service.atlas import atlas_of
from service.guard import needs
from service.parameters import language, only
from service.responses import content_etag, json_bytes, json_response, negotiated
from service.rights import require
from service.routes.sheets import FORMATS, rendered, sent
from service.statistics.asking import Plan
from service.statistics.checking import (
    TRIAL_PARAMETERS,
    Trial,
    ask_checks,
    ask_trial,
    visible_rules,
)
from service.statistics.judgements import kept, standing
from service.statistics.judging import Verdict, judge
from service.statistics.rules import rule
from service.waiting import while_waited_for

router = APIRouter(tags=["checks"])
_FRESH = {"cache-control": "no-cache"}
_Id = Annotated[str, Field(min_length=1, max_length=200)]


class TrialBody(BaseModel):
    """A drawn shape (or Feature, or FeatureCollection) as features of ``layer``, a
    changeset, or an upload that need not be submitted; ``rules`` to run, all of the
    layer's by default."""

    model_config = ConfigDict(extra="forbid")

    layer: str | None = None
    geometry: dict[str, Any] | None = None
    properties: dict[str, str | float | bool | None] = Field(default_factory=dict)
    changeset: str | None = None
    upload: str | None = None
    rules: list[str] | None = Field(default=None, max_length=100)


class Judgement(BaseModel):
    """What a person decides about one finding (``other`` says which, where a feature
    has several), or without ``feature`` about the rule as a whole."""

    model_config = ConfigDict(extra="forbid")

    rule: str
    feature: _Id | None = None
    other: _Id | None = None
    version: int = Field(ge=1)
    outcome: Literal["conforms", "violates", "withdrawn"]
    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=2, max_length=2000)
    ]


@router.get("/checks", summary="The rules")
async def list_rules(request: Request) -> Response:
    """Every rule whose layers the caller may read."""
    only(request, ())
    body = {"rules": [each.as_json() for each in visible_rules(request).values()]}
    text = json_bytes(body)
    return json_response(text, request=request, etag=content_etag(text))


@router.get("/checks/run", summary="Run rules on published versions")
async def run_checks(request: Request) -> Response:
    """``rule=`` one, ``layer=`` those of a layer (at ``version``), or all."""
    return await _answered(request, lambda: ask_checks(request))


@router.post("/checks/run", summary="Run rules on a shape, changeset or upload")
async def try_checks(request: Request, trial: TrialBody) -> Response:
    """What the rules of a layer would say of a shape, of proposed changes, or of the
    features of a diagnosed upload (for who may read it)."""
    only(request, TRIAL_PARAMETERS)
    return await _answered(
        request, lambda: ask_trial(request, Trial(**trial.model_dump()))
    )


@router.get("/checks/judgements", summary="What people judged")
async def list_judgements(request: Request) -> Response:
    """Newest first, with name, reason and time; ``last`` are those not replaced or
    withdrawn since."""
    only(request, ("rule", "layer", "feature"))
    known = visible_rules(request)
    if "rule" in request.query_params:
        rule(request.query_params["rule"], known)
    named = {k: v for k, v in request.query_params.items() if k in _ABOUT}

    def found() -> list[dict[str, Any]]:
        every = standing(kept(atlas_of(request).store, named))
        return [each for each in every if each["rule"] in known]

    body = {"judgements": await run_in_threadpool(found)}
    return json_response(body, request=request, headers=_FRESH)


_ABOUT = ("rule", "layer", "feature")


@router.post(
    "/checks/judgements",
    status_code=201,
    summary="Judge a finding, or withdraw a judgement",
    dependencies=[needs("reviewer")],
)
async def put_judgement(request: Request, given: Judgement) -> Response:
    """Role reviewer. The judgement stands for as long as the conflict measures the
    same, in later versions too."""
    only(request, ())
    wanted = rule(given.rule, visible_rules(request))
    reviewer = require(request, "reviewer", wanted.layer)
    verdict = Verdict(wanted, **given.model_dump(exclude={"rule"}))
    data = await while_waited_for(
        request, lambda: judge(atlas_of(request), verdict, reviewer.name)
    )
    return json_response(data, request=request, status=201, headers=_FRESH)


async def _answered(request: Request, ask: Callable[[], Plan]) -> Response:
    """What people judged is in it besides versions: its bytes are its ETag's."""
    word, lang = negotiated(request, FORMATS, "json"), language(request)

    def content() -> bytes:
        return rendered(ask().answer, word, lang)

    made = await while_waited_for(request, content)
    return sent(request, made, word, content_etag(made), name="checks")
