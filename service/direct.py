"""One feature by its id in the shortest way.

Programs and the map ask for single features all day long, nearly always in one form:
the newest version, as GeoJSON, of a layer open to everyone. That form is answered here
with one question to the store and a few joined bytes. Whatever is asked otherwise goes
the general way, which makes the same answer.
"""

from __future__ import annotations

import re
from functools import lru_cache

from starlette.requests import Request
from starlette.types import Scope

from geo.crs import SUPPORTED
from service.accounts import ANONYMOUS
from service.atlas import atlas_of
from service.featurecollection import feature_tail
from service.links import base_url
from service.responses import GEOJSON, JSON, Ready, feature_etag

#: An id that stands in an address as it is.
_PLAIN = re.compile(r"[A-Za-z0-9_.~-]{1,200}")
#: Who is asking, or what is held already, decides about the answer.
_TELLING = frozenset((b"authorization", b"cookie", b"if-none-match"))
_JSON = frozenset((b"*/*", JSON.encode(), GEOJSON.encode()))
_HEADERS = [
    (b"content-crs", f"<{SUPPORTED[0].uri}>".encode()),
    (b"vary", b"Accept"),
    (b"cache-control", b"no-cache"),
    (b"content-type", GEOJSON.encode()),
]
#: Stands for the id while the rest is made; needs no escaping either.
_ID = "~id~"


def plain_feature(request: Request) -> Ready | None:
    """The answer, or None where something about the request is not plain."""
    scope = request.scope
    id: str = scope["path_params"]["id"]
    if scope["query_string"] or not _PLAIN.fullmatch(id) or not _is_plain(scope):
        return None
    atlas = atlas_of(request)
    layer = atlas.catalogue.get(scope["path_params"]["layer"])
    if not atlas.is_open(layer):
        return None
    found = atlas.store.newest(layer.id, id)
    if found is None:
        return None
    scope["state"]["principal"] = ANONYMOUS
    version, text = found
    etag = feature_etag(request, version, text)
    tail = _tail(base_url(request), layer.id, version)
    body = b"%b%b" % (text[:-1], id.encode().join(tail))
    return Ready(body, [*_HEADERS, (b"etag", etag.encode())])


def _is_plain(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name in _TELLING or (name == b"accept" and value not in _JSON):
            return False
    return True


@lru_cache(256)
def _tail(base: str, layer: str, version: int) -> list[bytes]:
    """The links of any feature, cut where its id belongs."""
    collection = f"{base}/api/collections/{layer}"
    here = f"{collection}/items/{_ID}"
    addresses = (here, f"{here}?f=html", collection, f"{here}/history")
    return feature_tail(layer, version, *addresses).split(_ID.encode())
