"""The catalogue: which layers exist, their fields, groups and default styles.

Data, not code: everything is read from ``catalogue.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from layers.errors import UnknownLayer

HERE = Path(__file__).resolve().parent
GeometryKind = Literal["polygon", "line", "point", "any"]
FieldType = Literal["string", "integer", "number", "boolean", "date", "json"]
Evidence = Literal["official", "surveyed", "digitised", "derived", "indicative"]

#: Strongest first; statistics report the weakest they used.
EVIDENCE: tuple[Evidence, ...] = (
    "official",
    "surveyed",
    "digitised",
    "derived",
    "indicative",
)
EVIDENCE_NAMES: Mapping[str, str] = {
    "official": "法定成果",
    "surveyed": "实测",
    "digitised": "数字化",
    "derived": "推算",
    "indicative": "示意",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One property of a layer's features. ``codes`` are the values allowed, if listed:
    code -> {"zh": …, "en": …}."""

    name: str
    type: FieldType
    title_zh: str
    title_en: str
    required: bool = False
    unit: str | None = None
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: Other names this field goes by in files that surveyors send.
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the layer tree."""

    id: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A catalogue entry."""

    id: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    group: str
    geometry: GeometryKind
    fields: tuple[Field, ...]  # the common fields first, then the layer's own
    basis: Literal["ellipsoidal", "plane"] = "ellipsoidal"
    scope: Literal["district", "city", "region"] = "district"
    visible: bool = False  # switched on when the map opens
    visibility: Literal["public", "private"] = "public"
    #: Who may take it away in bulk: whoever sees it, or only from this role on.
    download: Literal["public", "viewer", "editor"] = "public"
    #: The field that styles, legends and filters start from, if any.
    class_field: str | None = None

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((f for f in self.fields if f.name == name), None)


class Catalogue:
    """All layers, in drawing order of their groups."""

    def __init__(
        self,
        layers: tuple[Layer, ...],
        groups: tuple[Group, ...],
        styles: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self.groups = groups
        self.styles = styles
        self._layers = {layer.id: layer for layer in layers}

    @classmethod
    def load(cls, path: Path = HERE / "catalogue.toml") -> Catalogue:
        """Read a catalogue file."""
        return _read(path)

    def get(self, layer_id: str) -> Layer:
        """The layer, or ``UnknownLayer`` with the ids there are."""
        try:
            return self._layers[layer_id]
        except KeyError:
            raise UnknownLayer(
                f"There is no layer {layer_id!r}. See /api/collections for the list.",
                f"没有图层“{layer_id}”。可用图层见 /api/collections。",
                layer=layer_id,
            ) from None

    def __contains__(self, layer_id: object) -> bool:
        return layer_id in self._layers

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._layers.values())

    def __len__(self) -> int:
        return len(self._layers)


@cache
def _read(path: Path) -> Catalogue:
    with path.open("rb") as file:
        raw = tomllib.load(file)
    common = tuple(_field(name, spec) for name, spec in raw["common_fields"].items())
    groups = tuple(Group(**group) for group in raw["groups"])
    sets = {
        name: tuple(_field(key, spec) for key, spec in fields.items())
        for name, fields in raw.get("field_sets", {}).items()
    }
    layers = tuple(_layer(spec, common, sets) for spec in raw["layers"])
    styles = {spec["id"]: spec.get("style", {}) for spec in raw["layers"]}
    return Catalogue(layers, groups, styles)


def _field(name: str, spec: Mapping[str, Any]) -> Field:
    spec = dict(spec)
    spec["aliases"] = tuple(spec.get("aliases", ()))
    return Field(name=name, **spec)


def _layer(
    spec: Mapping[str, Any],
    common: tuple[Field, ...],
    sets: Mapping[str, tuple[Field, ...]],
) -> Layer:
    apart = ("fields", "field_sets", "style")
    values = {k: v for k, v in spec.items() if k not in apart}
    shared = tuple(f for name in spec.get("field_sets", ()) for f in sets[name])
    own = tuple(_field(name, f) for name, f in spec.get("fields", {}).items())
    # A later field of the same name says more about it, in the earlier one's place.
    named = {f.name: f for f in common + own + shared}
    return Layer(fields=tuple(named.values()), **values)
