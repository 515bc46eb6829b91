"""The first view, asked of the service by itself.

What the first answer of a process makes once (whether the joined page fits, colours, a
thread, what is imported late) is there before a visitor waits for it.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Scope

#: In the order in which the page asks.
_ASKED = (
    ("/", ""),
    ("/api/collections", ""),
    ("/api/styles", ""),
    ("/api/session", ""),
    ("/api/basemaps", ""),
    ("/api/collections/district/items", "limit=10000"),
)
_LANGUAGES = ("zh", "en")


async def rehearse(app: ASGIApp, owner: object, address: tuple[str, int]) -> None:
    """Ask ``app`` at its ``address`` for what the page asks first, in each language.
    Others are answered between two of these questions."""
    for path, query in _ASKED:
        for language in _LANGUAGES:
            scope = _scope(path, query, language, address)
            await app({**scope, "app": owner}, _nothing, _nobody)
            await asyncio.sleep(0)


def _scope(path: str, query: str, language: str, address: tuple[str, int]) -> Scope:
    host, port = address
    asked = {
        "host": f"{host}:{port}",
        "accept-encoding": "gzip",
        "accept-language": language,
    }
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "http_version": "1.1",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), text.encode()) for name, text in asked.items()],
        "client": None,
        "server": address,
    }


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _nobody(_: Message) -> None:
    """Whoever asked has heard enough."""
