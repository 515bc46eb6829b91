"""What the page says, in either language."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

TEXTS = Path(__file__).resolve().parents[2] / "static" / "js" / "i18n"


@cache
def _texts(lang: str) -> str:
    return (TEXTS / f"{lang}.js").read_text(encoding="utf-8")


def said(lang: str, key: str) -> str:
    """The text of a key, its values still to be filled in."""
    found = re.search(rf'"{re.escape(key)}": ("(?:[^"\\]|\\.)*")', _texts(lang))
    assert found, key
    return str(json.loads(found[1]))
