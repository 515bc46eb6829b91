"""Which fields of a feature are told in which language, and in what words."""

from __future__ import annotations

from typing import Any

from layers.catalogue import Field, Layer


def fields_in(layer: Layer, lang: str) -> list[Field]:
    """Fields but the names; of a pair ``note`` and ``note_en`` the one in ``lang``."""
    names = {field.name for field in layer.fields}
    told = []
    for field in layer.fields:
        twin = f"{field.name}_en" in names
        english = field.name.endswith("_en") and field.name[:-3] in names
        wrong = english if lang == "zh" else twin
        if not wrong and not field.name.startswith("name_"):
            told.append(field)
    return told


def told(field: Field, value: Any, lang: str) -> str | None:
    """A value in words: its code's title, its number with its unit; None if there is
    none."""
    if value is None or value == "" or value != value:
        return None
    if (code := field.codes.get(str(value))) is not None:
        return code[lang]
    said = str(value)
    if isinstance(value, float):
        said = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{said} {field.unit}" if field.unit else said
