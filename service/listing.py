"""JSON bodies as HTML to read: what matters first, links and the rest below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import quote

import orjson

Body = Mapping[str, Any]
_LONG = 40
_LAST = ("links", "crs", "groups", "fields", "conformsTo")
_SKIPPED = ("collections", "features", "type", "title", "geometry", "numberReturned")


def content_of(body: Any, lang: str) -> str:
    """The page's main part."""
    if not isinstance(body, Mapping):
        return _value(body)
    told = {k: v for k, v in body.items() if k not in (*_LAST, *_SKIPPED)}
    parts = [
        _layers(body, lang) if "collections" in body else "",
        _features(body) if "features" in body else "",
        _mapping(told) if not {"collections", "features"} & body.keys() else "",
        _value(body["conformsTo"]) if "conformsTo" in body else "",
        _fields(body.get("fields", ()), lang),
        _links(body.get("links", ())),
    ]
    return "".join(parts)


def _layers(body: Body, lang: str) -> str:
    """The layers under their groups."""
    other = "en" if lang == "zh" else "zh"
    sections = []
    for group in body.get("groups", ()):
        members = [one for one in body["collections"] if one["group"] == group["id"]]
        rows = "".join(_layer(one, lang, other) for one in members)
        if rows:
            title = escape(group[f"title_{lang}"])
            sections.append(
                f'<h2>{title}</h2><div class="wide"><table>{rows}</table></div>'
            )
    return "".join(sections)


def _layer(one: Body, lang: str, other: str) -> str:
    at = f"/api/collections/{quote(one['id'])}"
    return (
        f'<tr><td><a href="{at}?f=html">{escape(one[f"title_{lang}"])}</a><br>'
        f"<small>{escape(one[f'title_{other}'])}</small></td>"
        f"<td>{escape(one[f'description_{lang}'])}</td>"
        f'<td class="number"><a href="{at}/items?f=html">{one["feature_count"]:,}</a>'
        f'</td><td class="number soft">v{one["version"]}</td></tr>'
    )


def _features(body: Body) -> str:
    """A table of features, each leading to its own page, between page links."""
    at = f"/api/collections/{quote(str(body.get('layer')))}/items"
    rows = [
        {"id": _Link(f"{at}/{quote(str(one['id']), safe='')}?f=html", one["id"])}
        | {k: _short(v) for k, v in (one.get("properties") or {}).items()}
        for one in body["features"]
    ]
    count = body.get("numberMatched", len(rows))
    pager = "".join(
        f'<a href="{escape(one["href"])}">{arrow}</a>'
        for rel, arrow in (("prev", "←"), ("next", "→"))
        for one in body["links"]
        if one["rel"] == rel
    )
    return (
        f'<p class="pager"><span>{len(rows):,} / {count:,} · v{body.get("version")}'
        f"</span>{pager}</p>{_table(rows)}"
    )


def _short(value: Any) -> Any:
    """Long texts are on the feature's own page."""
    if isinstance(value, str) and len(value) > _LONG:
        return f"{value[:_LONG]}…"
    return value


def _fields(fields: Iterable[Body], lang: str) -> str:
    rows = [
        {"name": one["name"], "": one[f"title_{lang}"], "type": one["type"],
         "unit": one["unit"] or ""}
        for one in fields
    ]  # fmt: skip
    return f"<h2>{'字段' if lang == 'zh' else 'Fields'}</h2>{_table(rows)}" * bool(rows)


def _links(links: Iterable[Body]) -> str:
    rows = [
        {"rel": one["rel"].rpartition("/")[2], "href": one["href"],
         "type": one.get("type", "")}
        for one in links
    ]  # fmt: skip
    table = _table(rows)
    return f"<details open><summary>Links 链接</summary>{table}</details>" * bool(rows)


# -- plain values ------------------------------------------------------------------
class _Link(str):
    """A text that leads somewhere."""

    def __new__(cls, href: str, text: str) -> _Link:
        made = super().__new__(cls, text)
        made.href = href
        return made

    href: str


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return _sequence(value)
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    return "—" if value is None else escape(str(value))


def _text(text: str) -> str:
    href = text.href if isinstance(text, _Link) else text
    if not href.startswith(("http://", "https://", "/api/")):
        return escape(text)
    return f'<a href="{escape(href)}">{escape(text)}</a>'


def _mapping(value: Body) -> str:
    if "coordinates" in value:
        return f"{escape(str(value.get('type')))} …"
    rows = (f"<dt>{escape(str(k))}</dt><dd>{_value(v)}</dd>" for k, v in value.items())
    return f"<dl>{''.join(rows)}</dl>"


def _sequence(value: Sequence[Any]) -> str:
    if value and all(isinstance(entry, Mapping) for entry in value):
        return _table(value)
    if len(value) <= 6 and not any(isinstance(entry, str) for entry in value):
        return ", ".join(map(_value, value))
    return f"<ul>{''.join(f'<li>{_value(entry)}</li>' for entry in value)}</ul>"


def _table(rows: Sequence[Body]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(row.get(name))}</td>' for name in names)}</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def _cell(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return f"<code>{escape(orjson.dumps(value).decode()[:120])}</code>"
    return _value(value)
