"""The OGC description of a layer, with what the map's layer tree needs beside it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from geo.crs import SUPPORTED
from layers.catalogue import Field, Layer
from service.atlas import atlas_of
from service.links import api_url, base_url, link
from service.parameters import Language
from service.responses import GEOJSON, HTML, JSON, SCHEMA_JSON, json_bytes
from service.rights import may_download
from service.stores.base import Version

CRS_URIS = [crs.uri for crs in SUPPORTED]
_HTML = HTML.partition(";")[0]
_REL = "http://www.opengis.net/def/rel/ogc/1.0"
#: Where nothing is published yet: the district's surroundings.
_EVERYWHERE = (113.0, 22.9, 113.4, 23.3)


def described(request: Request, layer: Layer, lang: Language, number: int) -> bytes:
    """One entry of ``/collections`` as JSON text, for the layer's newest version."""
    atlas = atlas_of(request)
    version = atlas.store.version(layer.id, number) if number else None
    allowed = may_download(request, layer)
    published_at = version and version.published_at
    key = (layer.id, published_at, lang, base_url(request), allowed)
    kept = atlas.ready.get(key)
    if kept is None:
        told = _described(request, layer, lang, version)
        body = json_bytes({**told, "may_download": allowed})
        kept = atlas.ready.put(key, body)
    return kept


def _described(
    request: Request, layer: Layer, lang: Language, version: Version | None
) -> dict[str, Any]:
    title, description = _told(layer, lang)
    return {
        "id": layer.id,
        "title": title,
        "description": description or title,
        "itemType": "feature",
        "extent": _extent(version),
        "crs": CRS_URIS,
        "storageCrs": CRS_URIS[0],
        "links": _links(request, layer, title),
        **_of_layer(layer),
        **_of_version(version),
    }


def _told(layer: Layer, lang: Language) -> tuple[str, str]:
    if lang == "zh":
        return layer.title_zh, layer.description_zh
    return layer.title_en, layer.description_en


def _extent(version: Version | None) -> dict[str, Any]:
    box = (version and version.extent) or _EVERYWHERE
    return {"spatial": {"bbox": [list(box)], "crs": CRS_URIS[0]}}


def _links(request: Request, layer: Layer, title: str) -> list[dict[str, str]]:
    def at(*parts: str, **query: str) -> str:
        return api_url(request, "collections", layer.id, *parts, **query)

    return [
        link(at(), "self", JSON, title),
        link(at(f="html"), "alternate", _HTML, title),
        link(at("items"), "items", GEOJSON, title),
        link(at("items", f="html"), "items", _HTML, title),
        link(at("schema"), f"{_REL}/schema", SCHEMA_JSON),
        link(at("schema"), "describedby", SCHEMA_JSON),
        link(at("queryables"), f"{_REL}/queryables", SCHEMA_JSON),
        link(at("sortables"), f"{_REL}/sortables", SCHEMA_JSON),
        link(at("versions"), "version-history", JSON),
        link(at("map"), f"{_REL}/map", "image/png"),
    ]


def _of_layer(layer: Layer) -> dict[str, Any]:
    return {
        "title_zh": layer.title_zh,
        "title_en": layer.title_en,
        "description_zh": layer.description_zh,
        "description_en": layer.description_en,
        "group": layer.group,
        "geometry_type": layer.geometry,
        "scope": layer.scope,
        "visible": layer.visible,
        "basis": layer.basis,
        "class_field": layer.class_field,
        "fields": [_field(field) for field in layer.fields],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.type,
        "title_zh": field.title_zh,
        "title_en": field.title_en,
        "unit": field.unit,
        "codes": field.codes,
    }


def _of_version(version: Version | None) -> dict[str, Any]:
    if version is None:
        return {"version": 0, "published_at": None, "feature_count": 0,
                "located_count": 0, "area_m2": 0.0, "length_m": 0.0}  # fmt: skip
    return {
        "version": version.number,
        "published_at": version.published_at,
        "feature_count": version.feature_count,
        "located_count": version.located_count,
        "area_m2": version.area_m2,
        "length_m": version.length_m,
    }
