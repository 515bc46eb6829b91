"""Answers of statistics on their way out: JSON, CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from geo.stopping import step
from service.responses import JSON, json_bytes, json_response
from service.statistics.table import csv_bytes, xlsx_bytes

FORMATS = {
    "json": JSON,
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def rendered(answer: Callable[[], dict[str, Any]], word: str, lang: str) -> bytes:
    """The answer in the form asked for. Blocks: call from a thread."""
    render = {"csv": csv_bytes, "xlsx": xlsx_bytes}.get(word)
    made = answer()
    step()
    return json_bytes(made) if render is None else render(made, lang)


def sent(
    request: Request, content: bytes, word: str, etag: str | None, *, name: str
) -> Response:
    """A table is a file to keep, called ``name``."""
    headers = {"vary": "Accept, Accept-Language"}
    if word != "json":
        headers["content-disposition"] = f'attachment; filename="{name}.{word}"'
    return json_response(
        content,
        request=request,
        etag=etag,
        media_type=FORMATS[word],
        headers=headers,
    )
