"""Items of a band: the features whose nearest of another layer lies so far away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

from starlette.requests import Request

from geo.frame import FloatArray, ObjectArray
from layers.catalogue import Layer
from service.atlas import atlas_of
from service.filters import both
from service.items import ItemsRequest
from service.parameters import bad
from service.recent import Recent
from service.statistics.asking import chosen_of_other, layer_at
from service.statistics.bands import band_of, metres_to, within_band
from service.statistics.reading import read
from service.stores.base import ItemQuery

#: Distances kept, of all layers together.
_MOST = 2_000_000


class _Apart(NamedTuple):
    """How far each feature lies from the nearest; endlessly where there is none."""

    ids: ObjectArray
    metres: FloatArray


def banded(
    request: Request, layer: Layer, number: int, asked: ItemsRequest
) -> tuple[ItemsRequest, dict[str, int]]:
    """What was asked for, narrowed to the band, and the version it was measured to.
    Blocks."""
    band = band_of(request)
    if band is None:
        raise bad(
            "apart",
            "is needed beside 'to': two distances in metres, such as 500,800",
            "须与 to 同时给出：两个以米计的距离，如 500,800",
        )
    to, version = layer_at(request, "to")
    text = request.query_params.get("to-filter")
    key = (layer.id, number, to.id, version, text)
    ids, metres = _kept(request).get(key, lambda: _apart(request, layer, number))
    inside = ids[within_band(metres, band)].tolist()
    narrow = replace(asked.query, filter=both(_one_of(inside), asked.query.filter))
    return replace(asked, query=narrow), {to.id: version}


def _one_of(ids: list[str]) -> dict[str, Any]:
    """A condition that these features meet, and no other."""
    id = {"property": "id"}
    if not ids:
        return {"op": "isNull", "args": [id]}
    return {"op": "in", "args": [id, ids]}


def _apart(request: Request, layer: Layer, number: int) -> _Apart:
    atlas, (to, version) = atlas_of(request), layer_at(request, "to")
    one = read(atlas, layer, number, ItemQuery())
    two = read(atlas, to, version, chosen_of_other(request, to, "to"))
    return _Apart(one.ids, metres_to(one, two))


def _kept(request: Request) -> Recent[_Apart]:
    """The application's own: another one in this process has other data."""
    state = request.app.state
    if not hasattr(state, "kept_distances"):
        state.kept_distances = Recent(_MOST, lambda apart: len(apart.ids))
    kept: Recent[_Apart] = state.kept_distances
    return kept
