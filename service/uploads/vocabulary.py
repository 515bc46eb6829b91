"""Chinese words for what libraries and types are called in English."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text("utf-8"))


def word(table: str, english: str) -> str:
    """The Chinese word, or the English one where none is listed."""
    return _words()[table].get(english, english)
