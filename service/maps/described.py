"""The maps' parameters and answers as OpenAPI tells them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from service.maps.page import MAX_DPI, MAX_PIXELS_A_SIDE, ORIENTATIONS, PAPERS
from service.maps.query import (
    ALL_TYPES,
    MAX_OVERLAP,
    MAX_ROTATION,
    MAX_SCALE,
    MIN_SCALE,
    TEXT_LIMITS,
)
from service.maps.sketch import MAX_SHAPE

_TEXT: Mapping[str, Any] = {"type": "string"}
_SHAPE_NAME = "What the drawn shape is called."
_FLAG: Mapping[str, Any] = {"type": "boolean"}
_PAPERS = [*PAPERS, *(f"{paper}-{o}" for paper in PAPERS for o in ORIENTATIONS)]


def _words(*words: str) -> Mapping[str, Any]:
    return {"type": "string", "enum": list(words)}


def _whole(low: float, high: float) -> Mapping[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high}


_SIDE = _whole(1, MAX_PIXELS_A_SIDE)
_ALL: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "collections": ("Layers to draw, separated by commas.", _TEXT),
    "bbox": ("The ground shown: west,south,east,north.", _TEXT),
    "bbox-crs": ("The CRS of bbox; CRS84 by default.", _TEXT),
    "crs": ("The map's plane: EPSG:4547, EPSG:4526; EPSG:3857 as a preview.", _TEXT),
    "width": ("Pixels.", _SIDE),
    "height": ("Pixels.", _SIDE),
    "dpi": ("Dots an inch.", _whole(36, MAX_DPI)),
    "paper": ("A sheet of paper instead of pixels.", _words(*_PAPERS)),
    "scale": ("1:n, true on paper.", _whole(MIN_SCALE, MAX_SCALE)),
    "fit": ("layer/id of the feature that the map is about.", _TEXT),
    "legend": ("Legend with counts and areas.", _FLAG),
    "graticule": ("The kilometre grid.", _FLAG),
    "labels": ("Names on the map.", _FLAG),
    "base": ("The district under the layers.", _FLAG),
    "layout": ("A titled sheet, or the bare map.", _words("sheet", "map")),
    "patterns": ("Patterns that keep classes apart in grey.", _FLAG),
    "colours": ("Screen tints or the standard's.", _words("screen", "standard")),
    "order": (
        "Areas under lines under points, or as listed, the first lowest.",
        _words("kind", "listed"),
    ),
    "unit": ("Areas in the legend.", _words("ha", "mu")),
    "lang": ("The language of the sheet.", _words("zh", "en")),
    "filter": ("CQL2, for every layer with its properties.", _TEXT),
    "layer-filter": (
        "CQL2 text for single layers: a JSON object of layer and filter.",
        _TEXT,
    ),
    "filter-lang": ("The filter's language.", _words("cql2-text", "cql2-json")),
    "version": ("A number for one layer, else layer:number pairs.", _TEXT),
    "as-of": ("The versions that were current at a time.", _TEXT),
    "series": ("As many sheets as the extent takes at this paper and scale.", _FLAG),
    "center": (
        "The middle of the frame, longitude,latitude; needs scale.",
        _TEXT,
    ),
    "rotation": (
        "Degrees by which the content is turned clockwise about the frame's middle;"
        " not for f=html.",
        {"type": "number", "minimum": -MAX_ROTATION, "maximum": MAX_ROTATION},
    ),
    "sheet": ("One of the series by its number, instead of all.", _whole(1, 100)),
    "overlap-mm": ("What neighbouring sheets share.", _whole(0, MAX_OVERLAP)),
    "shape": (
        "A drawn shape to lay on the map, with its measures in the legend: GeoJSON in"
        " degrees. Without bbox, fit or center the map is about it.",
        {**_TEXT, "maxLength": MAX_SHAPE},
    ),
    "id": ("Only this feature's page.", _TEXT),
}


def operation(
    names: Collection[str], formats: Collection[str], *, required: str = ""
) -> dict[str, Any]:
    """Extra members of an operation that takes these parameters."""
    told = {**ALL_TYPES, "json": "application/json"}
    types = [told[name].partition(";")[0] for name in formats]
    return {
        "parameters": [
            _format(formats) if name == "f" else _parameter(name, name == required)
            for name in sorted(names)
        ],
        "responses": {
            "200": {
                "description": "The file, with its digest and a strong ETag.",
                "content": {media: {} for media in types},
            },
            "304": {"description": "The file that the client already has."},
        },
    }


def posted(
    names: Collection[str], formats: Collection[str], *, required: str
) -> dict[str, Any]:
    """The operation with its parameters in the body, where a shape has room."""
    told = operation(names, formats)
    members = {each["name"]: each["schema"] for each in told.pop("parameters")}
    members["shape"] = {"oneOf": [members["shape"], {"type": "object"}]}
    schema = {
        "type": "object",
        "required": [required],
        "properties": members,
        "additionalProperties": False,
    }
    content = {"application/json": {"schema": schema}}
    return told | {"requestBody": {"required": True, "content": content}}


def answering(told: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """The operation with its JSON answer described."""
    content = {"application/json": {"schema": schema}}
    told["responses"] = {"200": {"description": "The answer.", "content": content}}
    return told


def _format(formats: Collection[str]) -> dict[str, Any]:
    schema = _words(*formats)
    return {"name": "f", "in": "query", "description": "The format.", "schema": schema}


def _parameter(name: str, required: bool) -> dict[str, Any]:
    if name in TEXT_LIMITS:
        schema: Mapping[str, Any] = {**_TEXT, "maxLength": TEXT_LIMITS[name]}
        told = f"The sheet's {name}." if name != "shape-name" else _SHAPE_NAME
    else:
        told, schema = _ALL[name]
    made = {"name": name, "in": "query", "description": told, "schema": schema}
    return made | ({"required": True} if required else {})
