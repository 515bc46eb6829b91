"""Rows of a layer's table as GeoJSON features with every catalogue field."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import shapely

from layers.build.gazetteer import Row, rows
from layers.build.shape import Shape
from layers.build.shapes import shape
from layers.build.verbs import in_english, verbs
from layers.catalogue import Field, Layer
from layers.documents import Conflict, conflicts


def features(layer: Layer) -> list[tuple[Row, dict[str, Any]]]:
    """All features of a layer with their rows, ordered by id."""
    made = [(row, feature(layer, row)) for row in rows(layer.id)]
    return sorted(made, key=lambda each: each[0]["id"])


def feature(layer: Layer, row: Row) -> dict[str, Any]:
    """One row as a feature; ``BuildError`` names what is wrong in it."""
    drawn = shape(row)
    computed = _computed(row, drawn) | _said(row, layer)
    properties = {
        field.name: computed.get(field.name, _value(row, field))
        for field in layer.fields
    }
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": _geometry(drawn.geometry),
        "properties": properties,
    }


def _computed(row: Row, drawn: Shape) -> dict[str, Any]:
    named = [_conflict(row, id) for id in row["conflicts"].split(",") if id]
    return {
        "evidence": drawn.evidence,
        "accuracy_m": drawn.accuracy_m,
        "construction": drawn.zh,
        "construction_en": drawn.en,
        "location_note": row["note_zh"] or None,
        "location_note_en": row["note_en"] or None,
        "area_stated_ha": row.number("published_ha") or row.number("area_ha"),
        "conflict_note": "；".join(each.zh for each in named) or None,
        "conflict_note_en": "; ".join(each.en for each in named) or None,
    }


def _conflict(row: Row, id: str) -> Conflict:
    if id not in conflicts():
        raise row.error(f"conflict {id!r} is unknown", f"未知的不一致编号“{id}”")
    return conflicts()[id]


def _said(row: Row, layer: Layer) -> dict[str, Any]:
    """The documents' verbs, the first as the one to filter by."""
    field = layer.field("verb")
    if field is None:
        return {}
    found = verbs(row, field)
    first = found[0].verb if found else None
    return {"verb": first, "verbs_en": in_english(found, field)}


def _value(row: Row, field: Field) -> Any:
    if field.type in ("number", "integer"):
        return row.number(field.name)
    text = row[field.name]
    if text and field.type == "date":
        _check_date(row, field)
    if text and field.codes and text not in field.codes:
        allowed = ", ".join(field.codes)
        raise row.error(
            f"{field.name} is {text!r}; allowed: {allowed}",
            f"{field.title_zh}“{text}”不在允许的取值 {allowed} 之内",
        )
    return text or None


def _check_date(row: Row, field: Field) -> None:
    try:
        date.fromisoformat(row[field.name])
    except ValueError:
        raise row.error(
            f"{field.name} is {row[field.name]!r}, not a date like 2026-11-22",
            f"{field.title_zh}“{row[field.name]}”不是 2026-11-22 这样的日期",
        ) from None


def _geometry(geometry: Any) -> Any:
    if geometry is None:
        return None
    if isinstance(geometry, shapely.Polygon | shapely.MultiPolygon):
        geometry = shapely.orient_polygons(geometry)
    raw = orjson.loads(shapely.to_geojson(geometry))
    return {**raw, "coordinates": _rounded(raw["coordinates"])}


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, 7)
