"""Names that both stores give to a layer's tables and columns."""

from __future__ import annotations

from layers.catalogue import Layer
from service.stores.columns import MEASURES
from service.stores.database import quoted

#: ``v_to`` of a feature version that nothing has replaced yet: the largest number
#: that an R-tree's 32-bit floats still tell from its neighbours.
OPEN = 2**24


def table(layer: str, part: str) -> str:
    """The quoted name of one of a layer's tables."""
    return quoted(f"{layer}__{part}")


def value_columns(layer: Layer) -> tuple[str, ...]:
    """Everything a feature version says of itself, in storing order."""
    return (*MEASURES, *(field.name for field in layer.fields), "extra")


def indexed(layer: Layer) -> list[str]:
    """Fields that people filter by: the class and whatever has a list of codes."""
    return [f.name for f in layer.fields if f.codes or f.name == layer.class_field]
