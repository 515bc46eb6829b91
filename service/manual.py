"""The API's manual: the OpenAPI document as one page, without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from geo.errors import BilingualError
from service.errors import STATUS_BY_ERROR, status_of_kind

_VERBS = ("get", "post", "put", "patch", "delete")


def manual(document: Mapping[str, Any]) -> str:
    """The page's content."""
    sections: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        if path.endswith("/items") and "{" not in path:
            continue  # one layer's items: the same as any layer's
        for verb in (verb for verb in _VERBS if verb in item):
            operation = item[verb]
            tag = (operation.get("tags") or ["more"])[0]
            section = sections.setdefault(tag, [])
            section.append(_operation(document, verb, path, operation))
    about = escape(document["info"]["description"])
    contents = "".join(
        f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in sections
    )
    return (
        f'<p>{about}</p><p><a href="/api/openapi.json">OpenAPI 3.1</a></p>'
        f"<ul>{contents}</ul>"
        + "".join(
            f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(operations)}'
            for tag, operations in sections.items()
        )
        + _errors()
    )


def _operation(
    document: Mapping[str, Any], verb: str, path: str, operation: Mapping[str, Any]
) -> str:
    rows = "".join(
        _parameter(_resolved(document, entry)) for entry in operation["parameters"]
    )
    table = f'<div class="wide"><table>{rows}</table></div>' if rows else ""
    more = escape(operation.get("description", ""))
    return (
        f'<h3><code><span class="verb">{verb.upper()}</span>'
        f"/api{escape(path)}</code></h3>"
        f"<p>{escape(operation.get('summary', ''))}. {more}</p>{table}"
    )


def _resolved(
    document: Mapping[str, Any], entry: Mapping[str, Any]
) -> Mapping[str, Any]:
    if "$ref" not in entry:
        return entry
    found: Any = document
    for part in entry["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _parameter(entry: Mapping[str, Any]) -> str:
    schema = entry.get("schema", {})
    kind = " | ".join(map(str, schema.get("enum", ()))) or schema.get("type", "")
    need = " *" if entry.get("required") else ""
    return (
        f"<tr><td><code>{escape(entry['name'])}{need}</code></td>"
        f"<td>{escape(entry.get('description', ''))}</td>"
        f"<td><code>{escape(str(kind)[:160])}</code></td></tr>"
    )


#: Problems that FastAPI finds before any of our code does.
_BEFORE = (
    ("invalid-request", "400, 422", "A body or an address that has not its form."),
    ("method-not-allowed", "405", "Another method; the Allow header lists them."),
)


def _errors() -> str:
    """Every ``type`` that a problem body can have leads here."""
    kinds = dict.fromkeys(one for kind, _ in STATUS_BY_ERROR for one in _family(kind))
    known = [
        (_kebab(kind.__name__), str(status_of_kind(kind)), (kind.__doc__ or "").strip())
        for kind in kinds
    ]
    rows = "".join(
        f'<tr id="{name}"><td><code>{name}</code></td><td>{status}</td>'
        f"<td>{escape(told)}</td></tr>"
        for name, status, told in [*known, *_BEFORE]
    )
    return f'<h2 id="problems">Problems 错误</h2><table>{rows}</table>'


def _family(kind: type[BilingualError]) -> list[type[BilingualError]]:
    below = [one for child in kind.__subclasses__() for one in _family(child)]
    return [kind, *below]


def _kebab(name: str) -> str:
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).lstrip("-")
