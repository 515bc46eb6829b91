"""What furniture is made of: marks and texts that go onto the sheet together."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.maps.marks import Mark
from service.maps.symbols import INK_SOFT
from service.maps.text import Text


@dataclass(slots=True)
class Ink:
    """What a piece of furniture leaves on the sheet."""

    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def add(self, other: Ink) -> None:
        self.marks += other.marks
        self.texts += other.texts


def grid_label(text: str, x: float, y: float, size: float) -> Text:
    return Text(text, x, y, size, INK_SOFT, halo=0.35)
