"""GeoJSON answers, assembled around the store's ready-made feature text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request

from geo.crs import Crs
from service.items import ItemsRequest, in_crs, written
from service.links import api_url, link, same_url
from service.responses import GEOJSON, JSON
from service.stores.base import FeatureVersion, ItemPage, Version

_HTML = "text/html"


def feature_collection(
    request: Request, version: Version, asked: ItemsRequest, page: ItemPage
) -> bytes:
    """A FeatureCollection. ``timeStamp`` is when its features were made ready, at
    publication: so equal requests give equal bytes, as a strong ETag promises."""
    head = {
        "type": "FeatureCollection",
        "layer": version.layer,
        "version": version.number,
        "timeStamp": version.published_at,
        "numberReturned": page.returned,
        "links": _links(request, version, asked, page),
    }
    if page.matched is not None:
        head["numberMatched"] = page.matched
    return b'%b,"features":[%b]}' % (
        orjson.dumps(head)[:-1],
        written(page.features, asked),
    )


def _links(
    request: Request, version: Version, asked: ItemsRequest, page: ItemPage
) -> list[dict[str, str]]:
    """Page links pin the version, so that paging survives a publication."""
    query = asked.query
    links = [
        link(same_url(request), "self", GEOJSON),
        link(same_url(request, f="html"), "alternate", _HTML),
        link(api_url(request, "collections", version.layer), "collection", JSON),
    ]
    end = query.offset + page.returned
    more = end < page.matched if page.matched is not None else page.returned > 0
    pinned = {"version": version.number, "as-of": None}
    if more and asked.pages and not asked.hits:
        links.append(link(same_url(request, **pinned, offset=end), "next", GEOJSON))
    if query.offset > 0 and not asked.hits:
        before = max(0, query.offset - query.limit)
        links.append(link(same_url(request, **pinned, offset=before), "prev", GEOJSON))
    return links


def feature(request: Request, layer: str, version: int, text: bytes, crs: Crs) -> bytes:
    """One Feature with its links."""
    here, html = same_url(request), same_url(request, f="html")
    all_of_it = api_url(request, "collections", layer)
    history = api_url(
        request, "collections", layer, "items", request.path_params["id"], "history"
    )
    tail = feature_tail(layer, version, here, html, all_of_it, history)
    return b"%b%b" % (in_crs(text, crs)[:-1], tail)


def feature_tail(layer: str, version: int, *addresses: str) -> bytes:
    """What follows a Feature's stored text but for its last brace."""
    here, html, collection, history = addresses
    links = [
        link(here, "self", GEOJSON),
        link(html, "alternate", _HTML),
        link(collection, "collection", JSON),
        link(history, "version-history", JSON),
    ]
    told = {"layer": layer, "version": version, "links": links}
    return b",%b" % orjson.dumps(told)[1:]


def history_line(line: FeatureVersion, origin: Mapping[str, Any] | None) -> bytes:
    """One entry of a feature's history, and where it came from."""
    head = {
        "version": line.version,
        "published_at": line.published_at,
        "author": line.author,
        "approver": line.approver,
        "changeset": line.changeset,
        "change": line.change,
        "note": line.note,
        "origin": origin,
    }
    return b'%b,"feature":%b}' % (orjson.dumps(head)[:-1], line.feature or b"null")
