"""How every layer and land-use class looks: one answer for map, legend, chart and
printed sheet (GET /api/styles).

The catalogue gives a layer at most a ``tone`` (one colour) and class colours; the
tints for light and dark screens follow from them by rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.catalogue import Catalogue, Layer
from layers.classification import SCHEMES, LandClass, Rgb, scheme
from layers.palette import Tints, as_hex, tints

#: What holds for every kind of geometry until a layer says otherwise.
KINDS: Mapping[str, Mapping[str, Any]] = {
    "polygon": {"stroke": "#39464A", "stroke_width": 1.4, "min_zoom": 0},
    "line": {"stroke": "#4A575B", "stroke_width": 1.8, "min_zoom": 0},
    "point": {"stroke": "#4A575B", "stroke_width": 1.6, "radius": 4, "min_zoom": 11},
}
DARK_KINDS: Mapping[str, str] = {
    "polygon": "#A9B6B5",
    "line": "#A7B4B4",
    "point": "#A7B4B4",
}
#: A dashed, hatched shape is a guess; a solid line is a promise. Drawn over any layer.
EVIDENCE: Mapping[str, Any] = {
    "indicative": {
        "stroke": "#80510C",
        "stroke_width": 1.6,
        "dash": [7, 4],
        "halo_width": 3.6,
        "hatch": {"angle": 45, "pitch": 7, "width": 1.1, "opacity": 0.5, "band": 13},
        "dark": {"stroke": "#E2B56B"},
    }
}


def styles(catalogue: Catalogue) -> dict[str, Any]:
    """The styles of all layers, of evidence, and of the classification schemes."""
    return {
        "layers": {
            layer.id: _layer(layer, catalogue.styles.get(layer.id, {}))
            for layer in catalogue
        },
        "evidence": EVIDENCE,
        "schemes": {id: [_land_class(each) for each in scheme(id)] for id in SCHEMES},
    }


def _layer(layer: Layer, given: Mapping[str, Any]) -> dict[str, Any]:
    kind = "polygon" if layer.geometry == "any" else layer.geometry
    given = dict(given)
    classes, tone = given.pop("classes", None), given.pop("tone", None)
    style: dict[str, Any] = {
        "kind": kind,
        **KINDS[kind],
        "fill": None,
        "dash": [],
        "hatch": None,
        "label_field": "name_zh",
        "dark": {"stroke": DARK_KINDS[kind]},
        **(_toned(_rgb(tone)) if tone else {}),
    }
    dark = {**style["dark"], **given.pop("dark", {})}
    field = {"classes": _classes(layer, classes)} if layer.class_field else {}
    return {**style, **given, "dark": dark, **field}


def _toned(rgb: Rgb) -> dict[str, Any]:
    """A fill and a line of one hue. The line is the colour itself: it must show."""
    made = tints(rgb)
    return {
        "fill": made.light_fill,
        "stroke": as_hex(rgb),
        "dark": {"fill": made.dark_fill, "stroke": made.light_edge},
    }


def _classes(layer: Layer, colours: Mapping[str, str] | None) -> dict[str, Any]:
    field = layer.field(layer.class_field or "")
    codes = field.codes if field else {}
    values = [
        {"value": code, **codes[code], **_swatch(tints(_rgb(colour)))}
        for code, colour in (colours or {}).items()
    ]
    return {"field": layer.class_field, "values": values}


def _swatch(made: Tints) -> dict[str, Any]:
    return {
        "fill": made.light_fill,
        "edge": made.light_edge,
        "standard": made.standard,
        "dark": {"fill": made.dark_fill, "edge": made.dark_edge},
    }


def _land_class(each: LandClass) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "code": each.code,
        "level": each.level,
        "parent": each.parent,
        "name_zh": each.name_zh,
        "name_en": each.name_en,
        "standard": None,
        "light_fill": None,
        "light_edge": "#7B8784",
        "dark_fill": None,
        "dark_edge": "#75868A",
    }
    if each.rgb == (255, 255, 255):  # white by the standard: drawn by its pattern
        return entry | {"standard": "#FFFFFF", "pattern": "dots"}
    if each.rgb is None:
        return entry
    made = tints(each.rgb)
    return entry | {
        "standard": made.standard,
        "light_fill": made.light_fill,
        "light_edge": made.light_edge,
        "dark_fill": made.dark_fill,
        "dark_edge": made.dark_edge,
    }


def _rgb(colour: str) -> Rgb:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
