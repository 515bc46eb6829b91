"""What can be asked of a layer's features: names, types and JSON Schemas (Part 5)."""

from __future__ import annotations

from typing import Any, Literal

from layers.catalogue import EVIDENCE, Field, GeometryKind, Layer

GEOMETRY = "geometry"
Language = Literal["zh", "en"]

#: Computed at publishing: what they are called and their unit.
MEASURES = {
    "area_m2": ("椭球面积", "Area on the ellipsoid", "m²"),
    "area_plane_m2": ("平面面积", "Area on the plane EPSG:4547", "m²"),
    "length_m": ("椭球长度", "Length on the ellipsoid", "m"),
    "length_plane_m": ("平面长度", "Length on the plane EPSG:4547", "m"),
}
_MEASURED: dict[GeometryKind, tuple[str, ...]] = {
    "polygon": ("area_m2", "area_plane_m2"),
    "line": ("length_m", "length_plane_m"),
    "point": (),
    "any": tuple(MEASURES),
}
_FORMATS = {
    "polygon": "geometry-polygon-or-multipolygon",
    "line": "geometry-linestring-or-multilinestring",
    "point": "geometry-point-or-multipoint",
    "any": "geometry-any",
}
_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}


def measures(layer: Layer) -> tuple[str, ...]:
    """The measures that this layer's features carry."""
    return _MEASURED[layer.geometry]


def queryable_fields(layer: Layer) -> list[Field]:
    """Fields with plain values; JSON members cannot be compared."""
    return [field for field in layer.fields if field.type in _TYPES]


def parameter_fields(layer: Layer) -> list[Field]:
    """What ``name=value`` may name: the same and the measures."""
    measured = [
        Field(name, "number", zh, en, unit=unit)
        for name, (zh, en, unit) in MEASURES.items()
        if name in measures(layer)
    ]
    return [*queryable_fields(layer), *measured]


def queryable_names(layer: Layer) -> set[str]:
    """Every name that a filter may use."""
    names = {field.name for field in queryable_fields(layer)}
    return names | {"id", GEOMETRY} | set(measures(layer))


def sortable_names(layer: Layer) -> set[str]:
    """Every name that ``sortby`` may use."""
    return queryable_names(layer) - {GEOMETRY}


def schema(layer: Layer, url: str, lang: Language) -> dict[str, Any]:
    """The logical schema of the layer's features."""
    properties = {
        "id": {"type": "string", "x-ogc-role": "id", "title": "id"},
        GEOMETRY: _geometry(layer),
        **{field.name: _of_field(field, lang) for field in layer.fields},
        **{name: _of_measure(name, lang) for name in measures(layer)},
    }
    for position, definition in enumerate(properties.values(), 1):
        definition["x-ogc-propertySeq"] = position
    required = [field.name for field in layer.fields if field.required]
    return {
        **_head(layer, url, lang),
        "properties": properties,
        "required": required,
        "additionalProperties": True,
    }


def queryables(layer: Layer, url: str, lang: Language) -> dict[str, Any]:
    """The schema of what filters may use (Part 3)."""
    properties = {
        "id": {"type": "string", "title": "id"},
        GEOMETRY: _geometry(layer),
        **{f.name: _of_field(f, lang) for f in queryable_fields(layer)},
        **{name: _of_measure(name, lang) for name in measures(layer)},
    }
    return {
        **_head(layer, url, lang),
        "properties": properties,
        "additionalProperties": False,
    }


def sortables(layer: Layer, url: str, lang: Language) -> dict[str, Any]:
    """The schema of what ``sortby`` may use."""
    document = queryables(layer, url, lang)
    document["properties"].pop(GEOMETRY)
    return document


def _head(layer: Layer, url: str, lang: Language) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": url,
        "type": "object",
        "title": layer.title_zh if lang == "zh" else layer.title_en,
    }


def _geometry(layer: Layer) -> dict[str, Any]:
    return {
        "title": GEOMETRY,
        "format": _FORMATS[layer.geometry],
        "x-ogc-role": "primary-geometry",
    }


def _of_field(field: Field, lang: Language) -> dict[str, Any]:
    definition: dict[str, Any] = {
        "title": field.title_zh if lang == "zh" else field.title_en,
        **_TYPES.get(field.type, {}),
    }
    if field.unit:
        definition["x-ogc-unit"] = field.unit
    if field.name == "evidence":
        definition["enum"] = list(EVIDENCE)
    if field.codes:
        definition["x-ogc-codelist"] = [
            {"value": code, **names} for code, names in field.codes.items()
        ]
    role = {
        "valid_from": "primary-interval-start",
        "valid_to": "primary-interval-end",
    }.get(field.name)
    return definition | ({"x-ogc-role": role} if role else {})


def _of_measure(name: str, lang: Language) -> dict[str, Any]:
    title_zh, title_en, unit = MEASURES[name]
    return {
        "title": title_zh if lang == "zh" else title_en,
        "type": "number",
        "readOnly": True,
        "x-ogc-unit": unit,
    }
