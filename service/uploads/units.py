"""The units that coordinates come in beside those of a coordinate system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """``metres`` is None for packed degrees, which are no multiple of anything."""

    id: str
    en: str
    zh: str
    metres: float | None
    #: What the conversion does, in a few signs.
    rule: str


UNITS: Mapping[str, Unit] = {
    unit.id: unit
    for unit in (
        Unit("mm", "millimetres", "毫米", 0.001, "÷ 1000"),
        Unit("km", "kilometres", "千米", 1000.0, "× 1000"),
        Unit("ft", "feet", "英尺", 0.3048, "× 0.3048"),
        Unit(
            "dms", "degrees.minutes-seconds", "度.分秒", None, "113.1405 → 113°14′05″"
        ),
    )
}


def note_of(id: str) -> str:
    """For the history: what was done to the coordinates."""
    unit = UNITS[id]
    return f"坐标由{unit.zh}换算（{unit.rule}） · coordinates were in {unit.en}"
