"""Which lines of constraints.txt one purpose needs, hashes included."""

from __future__ import annotations

import re
from dataclasses import dataclass

PROJECT = "liwan-atlas (pyproject.toml{group})"


@dataclass(frozen=True)
class Pin:
    """One pinned package: its lines as they stand, and who asked for it."""

    name: str
    text: str
    via: frozenset[str]


def read_pins(text: str) -> list[Pin]:
    """The pins of a file written by ``uv pip compile``."""
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)
    return [_pin(block) for block in blocks if "==" in block]


def select(pins: list[Pin], groups: list[str], names: list[str]) -> list[Pin]:
    """What the project's dependencies (group ``""``) or dependency groups ask for,
    and the packages ``names``, each with everything they ask for in turn."""
    roots = {PROJECT.format(group=f":{g}" if g else "") for g in groups}
    wanted = {p.name for p in pins if p.name in names or p.via & roots}
    while more := {p.name for p in pins if p.via & wanted} - wanted:
        wanted |= more
    return [p for p in pins if p.name in wanted]


def _pin(block: str) -> Pin:
    via = re.findall(r"^ +#(?: via)? +(\S.*)$", block, flags=re.MULTILINE)
    return Pin(re.split(r"[=\[]", block, maxsplit=1)[0], block, frozenset(via))
