"""Questions of what lies near what, asked in words: 地铁站附近的旧村."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from layers.catalogue import Layer
from service.searchlayers import find_layers

#: Metres that a walk to the metro is usually measured by.
WALK = 800
#: What the page measures from; near a line of the metro is near its stations.
STATIONS, LINES = "metro-stations", "metro-lines"
_ZH = r"附近|周边|周围|旁边|边上|沿线|(?P<metres>\d{2,5})米(?:范围)?(?:以?内)?"
_EN = (
    r"near(?:by| to)?|close to|around|next to"
    r"|within (?P<metres>\d{2,5}) ?m(?:et(?:re|er)s?)? (?:of|from)"
)
_FAR = r"的?距离|有?多远|(?P<metres>\d{2,5})米(?:以?内)?(?:的)?"
_WAYS = tuple(
    re.compile(way, re.IGNORECASE)
    for way in (
        rf"(?:距离|距|离)?(?P<place>.+?)(?:{_ZH})(?:的|有)?(?P<what>.+)",
        rf"(?P<what>.+?)(?:距离|距|离|到|靠近|邻近|临近)(?P<place>.+?)(?:{_FAR})?",
        rf"(?P<what>.+?) (?:are |is |lie )?(?:{_EN}) (?:the |a )?(?P<place>.+)",
    )
)
_ASKING = re.compile(r"哪些|多少|什么|请问|\b(?:which|what|how many|the|all)\b", re.I)


class Near(NamedTuple):
    """What is looked for, near which place, within how many metres."""

    what: str
    place: str
    metres: int


def asked_near(query: str) -> Near | None:
    """The question in a query, None where it asks nothing of the sort."""
    for way in _WAYS:
        if found := way.fullmatch(query.strip().strip("?？")):
            what = _ASKING.sub(" ", found["what"]).strip()
            place = _ASKING.sub(" ", found["place"]).strip()
            if what and place:
                return Near(what, place, int(found["metres"] or WALK))
    return None


def answered_by(near: Near, layers: Iterable[Layer]) -> list[Mapping[str, Any]]:
    """The statistics that answer it: of a whole layer within reach of the metro."""
    known = {layer.id: layer for layer in layers}
    named = {each["collection"] for each in find_layers(near.place, known.values())}
    of = find_layers(near.what, known.values())[:1]
    if not named & {STATIONS, LINES} or STATIONS not in known:
        return []
    return [_told(known[each["collection"]], known[STATIONS], near) for each in of]


def _told(layer: Layer, to: Layer, near: Near) -> Mapping[str, Any]:
    query = {"layer": layer.id, "to": to.id, "distance": near.metres}
    return {
        "statistic": "proximity",
        **query,
        "title_zh": f"{layer.title_zh}：距{to.title_zh} {near.metres} 米以内",
        "title_en": f"{layer.title_en} within {near.metres} m of {to.title_en.lower()}",
        "href": f"/api/statistics/proximity?{urlencode(query)}",
    }
