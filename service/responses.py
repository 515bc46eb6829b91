"""Responses: JSON bytes, problem bodies (RFC 9457), ETags and 304, negotiation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from geo.errors import BilingualError
from service.atlas import atlas_of
from service.errors import BadRequest, NotAcceptable, status_of
from service.links import base_url

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA_JSON = "application/schema+json"
PROBLEM_JSON = "application/problem+json"
OPENAPI_31 = "application/vnd.oai.openapi+json;version=3.1"
OPENAPI_30 = "application/vnd.oai.openapi+json;version=3.0"
HTML = "text/html; charset=utf-8"

#: Suffixes that the compression layer adds: one ETag per representation.
ENCODING_SUFFIX = re.compile(r'-(?:gzip|zstd)(?=")')
_CAMEL = re.compile(r"(?<!^)(?=[A-Z])")
_TITLES_ZH = {
    400: "请求有误",
    401: "需要登录",
    403: "没有权限",
    404: "不存在",
    405: "不支持的方法",
    406: "没有可接受的格式",
    409: "状态冲突",
    412: "前提条件不成立",
    413: "内容过大",
    415: "不支持的格式",
    422: "内容有误",
    428: "需要前提条件",
    429: "请求过于频繁",
    499: "连接已关闭",
    503: "服务暂不可用",
    507: "存储空间不足",
}


@cache
def software_version() -> str:
    """The installed distribution's version."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("liwan-atlas")
    except PackageNotFoundError:
        return "0.1.0"


class Ready:
    """An answer of ready-made parts: nothing is left to be worked out on its way."""

    __slots__ = ("body", "headers", "status_code")

    def __init__(self, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code, self.body = 200, body
        self.headers = [*headers, (b"content-length", b"%d" % len(body))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": self.headers}
        )
        await send({"type": "http.response.body", "body": self.body})


def json_bytes(body: Any) -> bytes:
    """JSON text; NumPy scalars and arrays are written as numbers."""
    return orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY)


def json_response(
    body: Any,
    *,
    request: Request,
    etag: str | None = None,
    status: int = 200,
    media_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A JSON answer (``body`` may be ready-made bytes), or 304 if ``etag`` is held."""
    headers = dict(headers or {})
    headers.setdefault("cache-control", "no-cache")
    if etag is not None:
        headers["etag"] = etag
        if is_fresh(request, etag):
            return Response(status_code=304, headers=headers)
    content = body if isinstance(body, bytes) else json_bytes(body)
    return Response(content, status, headers, media_type)


def versioned(request: Request, versions: Mapping[str, int], extra: str = "") -> str:
    """A strong ETag: what is read (path, query, the layers' versions and when they
    were published, which a restored backup may have changed), by which software, in
    which form (``extra``: negotiated format, language …). The host belongs to it,
    because links hold it."""
    store = atlas_of(request).store
    parts = sorted(
        f"{layer}={number} {store.version(layer, number).published_at}"
        for layer, number in versions.items()
        if number
    )
    scope = request.scope
    query = scope["query_string"].decode("latin-1")
    text = "\n".join((base_url(request), scope["path"], query, *parts, extra))
    return content_etag(text.encode("utf-8", "surrogateescape"))


def content_etag(content: bytes, extra: str = "") -> str:
    """A strong ETag of ready-made bytes (and the form they will be sent in)."""
    digest = hashlib.blake2b(content, digest_size=12, key=_key())
    if extra:
        digest.update(extra.encode())
    return f'"{digest.hexdigest()}"'


@cache
def _key() -> bytes:
    return software_version().encode()


def feature_etag(request: Request, version: int, text: bytes) -> str:
    """Names the feature's own text first, so that If-Match still holds when a later
    version changed other features only."""
    scope = request.scope
    own = content_etag(text, scope["path"])
    shown = _shown(scope["query_string"], base_url(request))
    return f'"{own[1:17]}.{version}.{shown}"'


@lru_cache(1024)
def _shown(query: bytes, base: str) -> str:
    return content_etag(query, base)[1:9]


def holds_feature_etag(request: Request, field: str, text: bytes) -> bool:
    """Whether If-Match names this state of the feature."""
    if field.strip() == "*":
        return True
    own = content_etag(text, request.scope["path"])[:17]
    return any(part.strip().partition(".")[0] == own for part in field.split(","))


def is_fresh(request: Request, etag: str) -> bool:
    """Whether If-None-Match holds this ETag, in whatever encoding it was sent."""
    held = request.headers.get("if-none-match")
    return held is not None and matches_etag(held, etag)


def matches_etag(field: str, etag: str) -> bool:
    """Whether an If-Match/If-None-Match field names the ETag."""
    if field.strip() == "*":
        return True
    held = (part.strip().removeprefix("W/") for part in field.split(","))
    return any(ENCODING_SUFFIX.sub("", part) == etag for part in held)


def negotiated(request: Request, formats: Mapping[str, str], default: str) -> str:
    """The format to answer in: ``f=`` first, then Accept. ``formats`` maps the words
    of ``f`` to media types."""
    wanted = request.query_params.get("f")
    if wanted is not None:
        if wanted in formats:
            return wanted
        words = ", ".join(formats)
        raise BadRequest(
            f"Parameter 'f' must be one of {words}, not {wanted[:40]!r}.",
            f"参数“f”必须是 {words} 之一，而不是“{wanted[:40]}”。",
            parameter="f",
        )
    accept = request.headers.get("accept", "*/*")
    return default if accept == "*/*" else _accepted(accept, formats, default)


def _accepted(accept: str, formats: Mapping[str, str], default: str) -> str:
    wanted = [each for each in map(_quality, accept.split(",")) if each[0] > 0]
    for _, media in sorted(wanted, key=lambda q: -q[0]):
        if media in ("*/*", "", "application/*", formats[default], JSON):
            return default
        for word, offered in formats.items():
            if offered.partition(";")[0] == media:
                return word
    raise NotAcceptable(
        f"No offered format matches Accept: {accept[:80]}."
        f" Offered: {', '.join(formats.values())}.",
        f"没有与 Accept 相符的格式，可提供：{'、'.join(formats.values())}。",
    )


def _quality(entry: str) -> tuple[float, str]:
    media, *parameters = (part.strip() for part in entry.split(";"))
    weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return float(weight), media.lower()
    except ValueError:
        return 0.0, media.lower()


def problem_response(
    error: BilingualError, *, headers: Mapping[str, str] | None = None
) -> Response:
    """The problem body of an error of any room."""
    status = status_of(error)
    kind = _CAMEL.sub("-", type(error).__name__).lower()
    headers = dict(headers or {})
    if status == 401:
        headers.setdefault("www-authenticate", 'Bearer realm="liwan-atlas"')
    if "retry_after" in error.extra:
        headers.setdefault("retry-after", str(error.extra["retry_after"]))
    return problem(
        status, error.detail, error.detail_zh, kind=kind, extra=error.extra,
        headers=headers,
    )  # fmt: skip


def _title(status: int) -> str:
    """499 is no standard's, but every log's."""
    return "Client Closed Request" if status == 499 else HTTPStatus(status).phrase


def problem(
    status: int,
    detail: str,
    detail_zh: str,
    *,
    kind: str | None = None,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem body from its parts."""
    title = _title(status)
    body = {
        "type": f"/api/docs#{kind or title.lower().replace(' ', '-')}",
        "title": title,
        "title_zh": _TITLES_ZH.get(status, title),
        "status": status,
        "detail": detail,
        "detail_zh": detail_zh,
        **{k: v for k, v in (extra or {}).items() if k not in _RESERVED},
    }
    headers = {"cache-control": "no-store", **(headers or {})}
    return Response(_problem_bytes(body), status, headers, PROBLEM_JSON)


_RESERVED: Collection[str] = (
    "type", "title", "title_zh", "status", "detail", "detail_zh",
)  # fmt: skip


def _problem_bytes(body: Mapping[str, Any]) -> bytes:
    """JSON even where a detail quotes text that is not valid Unicode."""
    options = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    try:
        return orjson.dumps(body, default=str, option=options)
    except TypeError:
        clean = {k: _clean(v) for k, v in body.items()}
        return orjson.dumps(clean, default=str, option=options)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value if isinstance(value, int | float | None) else _clean(str(value))
