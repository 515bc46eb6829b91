"""Sheets to PDF by typst: one compiler a thread, one font for all."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from service.maps.font import font_path
from service.maps.sheet import Sheet
from service.maps.svg import BOLD, drawing_svg

if TYPE_CHECKING:
    import typst

_TEMPLATE = Path(__file__).with_name("sheet.typ")
_local = threading.local()


def typeset(sheets: Sequence[Sheet], record: str, lang: str) -> bytes:
    """All sheets as one PDF. The same sheets give the same bytes: no clock, no fonts
    of the machine."""
    data = {
        "title": sheets[0].title,
        "author": "liwan-atlas",
        "record": record,
        "lang": lang,
        "bold": BOLD,
        "pages": [_page(sheet) for sheet in sheets],
    }
    made = _compiler().compile(
        format="pdf",
        sys_inputs={
            "sheet": orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY).decode(),
            # Beside the JSON: unpacking half a megabyte of it takes its time.
            **{f"drawing-{n}": drawing_svg(sheet) for n, sheet in enumerate(sheets)},
        },
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


def _page(sheet: Sheet) -> dict[str, Any]:
    return {
        "width": sheet.page.width,
        "height": sheet.page.height,
        "texts": [asdict(text) for text in sheet.texts if text.text],
    }


@cache
def _fonts() -> typst.Fonts:
    import typst  # brought in by the first PDF

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[font_path().parent],
    )


def _compiler() -> typst.Compiler:
    """This thread's compiler: one used by two threads at once would refuse."""
    import typst

    if not hasattr(_local, "compiler"):
        _local.compiler = typst.Compiler(
            _TEMPLATE, font_paths=_fonts(), ignore_system_fonts=True
        )
    compiler: typst.Compiler = _local.compiler
    return compiler
