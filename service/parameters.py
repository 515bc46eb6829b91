"""Query parameters: each is parsed once, strictly, into a typed value.

Anything unknown, repeated or unreadable is a ``BadRequest`` that names the parameter.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from starlette.requests import Request

from layers.catalogue import Layer
from service.atlas import Atlas
from service.errors import BadRequest, NotFound

Language = Literal["zh", "en"]
Versions = dict[str, int]

_DIGITS = re.compile(r"[0-9]{1,9}")
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_PLAIN_NUMBER = re.compile(r"[0-9.eE+-]{1,40}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Every route answers in JSON and may be asked for a language.
_EVERYWHERE = frozenset({"f", "lang"})


def only(request: Request, allowed: Collection[str]) -> None:
    """Refuse parameters that are not ``allowed`` (``f=json`` and ``lang`` always are),
    and any that is given twice."""
    query = request.query_params
    for name in query:
        if name not in allowed and name not in _EVERYWHERE:
            raise _unknown(name, allowed)
        if len(query.getlist(name)) > 1:
            raise bad(name, "is given more than once", "重复出现，只能给一次")
    if "lang" in query:
        choice(request, "lang", ("zh", "en"), "zh")
    if "f" not in allowed and query.get("f", "json") != "json":
        raise bad("f", "can only be json here", "在此处只能是 json")


def _unknown(name: str, allowed: Collection[str]) -> BadRequest:
    names = ", ".join(sorted(_EVERYWHERE | set(allowed)))
    return BadRequest(
        f"Unknown query parameter {name!r}. This address understands: {names}.",
        f"未知的查询参数“{name}”。此地址可用的参数：{names}。",
        parameter=name,
    )


def bad(name: str, why: str, why_zh: str) -> BadRequest:
    """A refusal that names the parameter: ``bad("limit", "must be …", "必须…")``."""
    return BadRequest(
        f"Parameter {name!r} {why}.", f"参数“{name}”{why_zh}。", parameter=name
    )


def integer(
    request: Request, name: str, default: int, *, minimum: int = 0, maximum: int
) -> int:
    """A whole number within bounds, both included."""
    text = request.query_params.get(name)
    if text is None:
        return default
    value = int(text) if _INTEGER.fullmatch(text) else None
    if value is None or not minimum <= value <= maximum:
        raise bad(
            name,
            f"must be a whole number from {minimum} to {maximum}, not {text[:40]!r}",
            f"必须是 {minimum} 到 {maximum} 的整数，而不是“{text[:40]}”",
        )
    return value


def number(
    request: Request,
    name: str,
    default: float | None = None,
    *,
    minimum: float = -math.inf,
    maximum: float = math.inf,
) -> float | None:
    """A finite number within bounds, both included."""
    text = request.query_params.get(name)
    if text is None:
        return default
    try:
        value = float(text) if _PLAIN_NUMBER.fullmatch(text) else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not minimum <= value <= maximum:
        raise bad(
            name,
            f"must be a finite number from {minimum:g} to {maximum:g},"
            f" not {text[:40]!r}",
            f"必须是 {minimum:g} 到 {maximum:g} 的有限数，而不是“{text[:40]}”",
        )
    return value


def boolean(request: Request, name: str, default: bool = False) -> bool:
    """``true``/``1``/``yes`` or ``false``/``0``/``no``."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if text.lower() in ("true", "1", "yes"):
        return True
    if text.lower() in ("false", "0", "no"):
        return False
    raise bad(
        name,
        f"must be true or false, not {text[:40]!r}",
        f"必须是 true 或 false，而不是“{text[:40]}”",
    )


def choice(request: Request, name: str, options: Collection[str], default: str) -> str:
    """One of the listed words."""
    return one_of(name, request.query_params.get(name, default), options)


def one_of(name: str, text: str, options: Collection[str]) -> str:
    """The parameter's text, if it is one of the listed words."""
    if text not in options:
        words = ", ".join(options)
        raise bad(
            name,
            f"must be one of {words}, not {text[:40]!r}",
            f"必须是 {words} 之一，而不是“{text[:40]}”",
        )
    return text


def words(request: Request, name: str) -> list[str] | None:
    """A comma-separated list; None when absent, refused when empty."""
    text = request.query_params.get(name)
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise bad(name, "holds an empty entry", "含有空项")
    return parts


def language(request: Request) -> Language:
    """``lang=zh|en``, else the first of the two that Accept-Language names."""
    if "lang" in request.query_params:
        chosen = choice(request, "lang", ("zh", "en"), "zh")
        return "en" if chosen == "en" else "zh"
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.strip()[:2]
        if tag in ("zh", "en"):
            return "en" if tag == "en" else "zh"
    return "zh"


def instant(name: str, text: str, *, end: bool = False) -> datetime:
    """An RFC 3339 date or date-time in UTC. A bare date is its first instant, or with
    ``end`` its last."""
    text = text.removesuffix("T")  # GDAL ends a bare date so
    try:
        if _DATE.fullmatch(text):
            day = datetime.combine(date.fromisoformat(text), time(), UTC)
            return day + timedelta(days=1, microseconds=-1) if end else day
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise _not_a_time(name, text) from None
    if moment.tzinfo is None or "T" not in text.upper():
        raise _not_a_time(name, text)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise _not_a_time(name, text) from None


def _not_a_time(name: str, text: str) -> BadRequest:
    return bad(
        name,
        "must be an RFC 3339 date or date-time such as 2025-06-30 or"
        f" 2025-06-30T08:00:00Z, not {text[:40]!r}",
        "必须是 RFC 3339 日期或时间，如 2025-06-30 或 2025-06-30T08:00:00Z，"
        f"而不是“{text[:40]}”",
    )


def utc_text(moment: datetime) -> str:
    """The store's form of a time: UTC, microseconds, ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def resolve_version(atlas: Atlas, layer: Layer | str, request: Request) -> int:
    """The version a request reads: ``version=n``, ``as-of=time``, or the newest."""
    layer_id = layer if isinstance(layer, str) else layer.id
    query = request.query_params
    if "version" in query and "as-of" in query:
        raise bad("as-of", "excludes version", "不能与 version 同时使用")
    if "as-of" in query:
        moment = instant("as-of", query["as-of"], end=True)
        found = atlas.store.version_as_of(layer_id, utc_text(moment))
        return found or _no_version(
            layer_id, f"as of {query['as-of']}", f"{query['as-of']} 时的", "as-of"
        )
    current = atlas.store.current_version(layer_id)
    if "version" not in query:
        return current or _no_version(layer_id, "published yet", "已发布的", "version")
    if not _DIGITS.fullmatch(query["version"]):
        raise bad("version", "must be a version number", "必须是版本号")
    wanted = int(query["version"])
    if not 1 <= wanted <= current:
        return _no_version(layer_id, f"number {wanted}", f"第 {wanted} 号", "version")
    return wanted


def versions_at(atlas: Atlas, layers: Iterable[Layer], request: Request) -> Versions:
    """What several layers are read at: as of ``as-of``, or their newest versions; 0
    where there is none."""
    text = request.query_params.get("as-of")
    if text is None:
        current = atlas.store.current_versions()
        return {layer.id: current.get(layer.id, 0) for layer in layers}
    moment = utc_text(instant("as-of", text, end=True))
    store = atlas.store
    return {layer.id: store.version_as_of(layer.id, moment) for layer in layers}


def _no_version(layer: str, which: str, which_zh: str, parameter: str) -> int:
    raise NotFound(
        f"Layer {layer!r} has no version {which}."
        f" See /api/collections/{layer}/versions.",
        f"图层“{layer}”没有{which_zh}版本，可用版本见"
        f" /api/collections/{layer}/versions。",
        parameter=parameter,
    )
