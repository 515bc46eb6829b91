"""Every refusal leaves as one RFC 9457 problem body, in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from geo.errors import BilingualError
from service.errors import BadRequest, NotFound
from service.pages import refusal_page
from service.parameters import only
from service.responses import problem, problem_response

_DETAILS = {
    400: ("The request cannot be read.", "无法读取该请求。"),
    404: (
        "There is nothing at {path}. The API starts at /api, its documentation is"
        " at /api/docs.",
        "{path} 处没有内容。接口从 /api 开始，说明见 /api/docs。",
    ),
    405: (
        "{method} is not possible at {path}; see the Allow header.",
        "{path} 不支持 {method}，可用方法见 Allow 响应头。",
    ),
    413: ("The request's body is too large.", "请求体过大。"),
}
#: Where a value came from, as pydantic reports it.
_PLACES = {
    "query": "查询参数",
    "path": "路径参数",
    "header": "请求头",
    "cookie": "Cookie",
    "body": "请求体",
}

#: What pydantic calls its findings, and what they say.
_IN_CHINESE = {
    "missing": "缺少此项",
    "json_invalid": "不是有效的 JSON",
    "extra_forbidden": "不应有此项",
    "literal_error": "必须是 {expected} 之一",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "too_long": "最多 {max_length} 项",
    "too_short": "至少 {min_length} 项",
    "greater_than_equal": "不得小于 {ge}",
    "less_than_equal": "不得大于 {le}",
    "datetime_from_date_parsing": "不是有效的日期时间",
}
_FAMILIES = {"_type": "类型不对", "_parsing": "无法识别", "_unicode": "不是有效的文字"}


def install(app: FastAPI) -> None:
    """Register the handlers of each family of errors."""
    app.add_exception_handler(BilingualError, _bilingual)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _bilingual(request: Request, error: Exception) -> Response:
    assert isinstance(error, BilingualError)
    return problem_response(error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == 405:
        headers["allow"] = ", ".join(_allowed(request))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
    if error.status_code == 404 and _is_looked_at(request):
        return refusal_page(request, _nowhere(request), "没有此页 · No such page")
    status = error.status_code if error.status_code < 500 else 503
    text, text_zh = _DETAILS.get(status, ("{reason}", "{reason}"))
    words = {
        "path": request.url.path,
        "method": request.method,
        "reason": str(error.detail),
    }
    return problem(
        status, text.format(**words), text_zh.format(**words), headers=headers
    )


def _is_looked_at(request: Request) -> bool:
    """Whether somebody has followed a broken link to a page, in a browser."""
    asks = request.headers.get("accept", "").startswith("text/html")
    known = request.query_params.get("lang", "zh") in ("zh", "en")
    return asks and known and not request.url.path.startswith(("/api", "/static"))


def _nowhere(request: Request) -> NotFound:
    place = request.url.path[:200]
    return NotFound(f"There is no page at {place}.", f"{place} 处没有页面。")


def _allowed(request: Request) -> list[str]:
    """Every method that some route has at this address."""
    found = ["OPTIONS"]
    for method in ("DELETE", "PATCH", "PUT", "POST", "HEAD", "GET"):
        scope = {**request.scope, "method": "GET" if method == "HEAD" else method}
        if any(one.matches(scope)[0] is Match.FULL for one in request.app.routes):
            found.insert(0, method)
    return found


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    findings = [_finding(entry) for entry in error.errors()]
    first = findings[0]
    in_body = first["in"] == "body" and first["code"] != "json_invalid"
    if in_body and (unknown := _unknown_parameter(request)) is not None:
        return problem_response(unknown)
    return problem(
        422 if in_body else 400,
        f"{first['in']} {first['parameter']!r}: {first['message']}.",
        f"{_PLACES.get(first['in'], first['in'])}“{first['parameter']}”有误："
        f"{first['message_zh']}。",
        kind="invalid-request",
        extra={"parameter": first["parameter"], "errors": findings},
    )


def _unknown_parameter(request: Request) -> BadRequest | None:
    """FastAPI reads a body before the route looks at the query. No route whose body is
    read so takes parameters of its own."""
    try:
        only(request, ())
    except BadRequest as unknown:
        return unknown
    return None


def _finding(entry: Mapping[str, Any]) -> dict[str, str]:
    place, *path = entry["loc"]
    return {
        "in": str(place),
        "parameter": ".".join(map(str, path)) or str(place),
        "code": str(entry["type"]),
        "message": str(entry["msg"]),
        "message_zh": _in_chinese(entry),
    }


def _in_chinese(entry: Mapping[str, Any]) -> str:
    """What pydantic says in English. Kinds not listed here are told by their family:
    ``float_type`` and ``float_parsing`` are both about a type."""
    kind, limits = str(entry["type"]), entry.get("ctx") or {}
    text = _IN_CHINESE.get(kind) or next(
        (text for end, text in _FAMILIES.items() if kind.endswith(end)), "值无效"
    )
    return text.format_map(_Known(limits))


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"
