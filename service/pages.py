"""HTML for people who open the API in a browser: one plain, quiet page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from geo.errors import BilingualError
from service.errors import status_of
from service.links import same_url
from service.listing import content_of
from service.parameters import Language, language
from service.responses import (
    HTML,
    JSON,
    content_etag,
    is_fresh,
    json_bytes,
    json_response,
    negotiated,
)
from service.site import content_policy

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2326;--soft:#5b676d;--line:#dfe3e1;
--paper:#fbfbf9;--accent:#1f5f8b}
@media(prefers-color-scheme:dark){:root{--ink:#e8e9e6;--soft:#9aa5aa;--line:#333b3f;
--paper:#15191b;--accent:#7db7dc}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1.25rem 4rem;max-width:72rem;background:var(--paper);
color:var(--ink);font:15px/1.55 system-ui,"Noto Sans SC","PingFang SC",sans-serif}
a{color:var(--accent);text-underline-offset:.2em;overflow-wrap:anywhere}
a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
header{display:flex;gap:1rem;align-items:baseline;flex-wrap:wrap;
border-bottom:1px solid var(--line);padding-bottom:.75rem;margin-bottom:1.25rem}
header nav{margin-left:auto;display:flex;gap:1rem}
h1{font-size:1.45rem;margin:.2rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1.5rem 0 .25rem}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.3rem 1rem}
dt{color:var(--soft)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th{color:var(--soft);font-weight:500;text-align:left;white-space:nowrap}
th,td{padding:.35rem 1.1rem .35rem 0;border-bottom:1px solid var(--line);
vertical-align:top;overflow-wrap:normal}
td{min-width:4rem;max-width:24rem}td a{overflow-wrap:normal}
.number{text-align:right}small,.soft{color:var(--soft)}
.pager{display:flex;gap:1rem;align-items:baseline;margin:1rem 0}
details{margin-top:2.5rem;color:var(--soft)}summary{cursor:pointer}
main table{width:100%}details table,dl table{width:auto}
code{font:13px/1.5 ui-monospace,monospace}
.verb{display:inline-block;min-width:4.2em;color:var(--soft)}
ul{padding-left:1.2rem}
"""
_WORDS = {
    "zh": {"map": "地图", "api": "接口", "layers": "图层", "docs": "说明"},
    "en": {"map": "Map", "api": "API", "layers": "Layers", "docs": "Manual"},
}


def html_or_json(
    request: Request, body: Any, headers: Mapping[str, str] | None = None
) -> Response:
    """A small body in the form that the client prefers; its bytes are its ETag's."""
    lang = language(request)
    form = negotiated(request, {"json": JSON, "html": HTML}, "json")
    sent = {
        "vary": "Accept, Accept-Language",
        "content-language": lang,
        "cache-control": "no-cache",
        **(headers or {}),
    }
    text = body if isinstance(body, bytes) else json_bytes(body)
    etag = content_etag(text, f"{form} {lang}")
    if form == "json":
        return json_response(text, request=request, etag=etag, headers=sent)
    if is_fresh(request, etag):
        return Response(status_code=304, headers={**sent, "etag": etag})
    shown = orjson.loads(text)
    return page(request, _title(shown), content_of(shown, lang), {**sent, "etag": etag})


def page(
    request: Request, title: str, content: str, headers: Mapping[str, str]
) -> Response:
    """A whole page around ready-made HTML."""
    lang = language(request)
    document = _shell(request, escape(title), content, lang).encode()
    policy = content_policy(document)
    return Response(document, 200, {**headers, "content-security-policy": policy}, HTML)


def refusal_page(request: Request, error: BilingualError, title: str) -> Response:
    """A refusal for somebody who sees it in a browser, in both languages."""
    status = status_of(error)
    shown = "".join(
        f'<p lang="{lang}">{escape(text)}</p>'
        for lang, text in (("zh", error.detail_zh), ("en", error.detail))
    )
    shown += '<p><a href="/">回到地图 · Back to the map</a></p>'
    sent = {"cache-control": "no-store", "vary": "Accept"}
    if "retry_after" in error.extra:
        sent["retry-after"] = str(error.extra["retry_after"])
    answer = page(request, title, shown, sent)
    answer.status_code = status
    return answer


def _shell(request: Request, title: str, content: str, lang: Language) -> str:
    words = _WORDS[lang]
    other, name = ("en", "English") if lang == "zh" else ("zh", "中文")
    switch = escape(same_url(request, lang=other, f="html"))
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><header>"
        f'<h1>{title}</h1><nav><a href="/">{words["map"]}</a>'
        f'<a href="/api?f=html">{words["api"]}</a>'
        f'<a href="/api/collections?f=html">{words["layers"]}</a>'
        f'<a href="/api/docs">{words["docs"]}</a>'
        f'<a href="{switch}" lang="{other}">{name}</a></nav></header>'
        f"<main>{content}</main></body></html>"
    )


def _title(body: Any) -> str:
    if not isinstance(body, Mapping):
        return "Liwan Atlas"
    properties = body.get("properties")
    named = properties.get("name_zh") if isinstance(properties, Mapping) else None
    told = named or body.get("title") or body.get("layer")
    if told is None and "collections" in body:
        told = "图层 Layers"
    return str(told or "Liwan Atlas 荔湾规划一张图")
