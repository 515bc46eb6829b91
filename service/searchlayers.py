"""Finding a whole layer by its title or by what people call its features."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from layers.catalogue import Layer
from service.spelling import folded
from service.wordings import Words, wordings

#: What people say for the features of a layer that is titled otherwise.
CALLED = {
    "metro-stations": ("地铁站", "地铁站点", "subway stations"),
    "metro-lines": ("地铁线", "地铁线路", "轨道交通", "subway lines"),
    "functional-groups": ("功能组团", "十一组团", "clusters"),
    "old-villages": ("旧村更新", "城中村改造", "villages", "old villages"),
    "old-neighbourhoods": ("老旧小区", "旧城更新", "old neighbourhoods"),
    "old-factories": ("旧厂房", "旧厂更新", "old factories"),
    "parcels": ("用地", "plots", "lots"),
    "land-reserve": ("土地储备", "收储地块", "储备用地", "land reserve"),
    "historic-blocks": ("历史文化街区", "historic districts"),
    "industrial-parks": ("园区", "工业园区", "产业园区", "parks of industry"),
    "bridges": ("大桥",),
    "rivers": ("河涌", "水系"),
    "district": ("荔湾区", "区界", "liwan district"),
    "public-facilities": ("学校和医院", "公共服务设施"),
}
LEAST = 2


def find_layers(query: str, layers: Iterable[Layer]) -> list[dict[str, Any]]:
    """Layers called so, best first; ``begins`` tells that one's title begins so."""
    ways = [" ".join(words) for words in wordings(query)]
    ranked = []
    for layer in layers:
        fits = [rank for way in ways if (rank := _rank(way, layer)) is not None]
        if fits:
            ranked.append((min(fits), layer))
    ranked.sort(key=lambda found: found[0])
    return [_told(layer, begins=rank[0] < 2) for rank, layer in ranked[:MOST]]


MOST = 3


def _rank(way: str, layer: Layer) -> tuple[int, int] | None:
    if len(way) < LEAST:
        return None
    keys = [layer.title_zh, layer.title_en, *CALLED.get(layer.id, ())]
    found = [rank for key in keys if (rank := _fits(way, folded(key))) is not None]
    return min(found, default=None)


def _fits(way: str, key: str) -> tuple[int, int] | None:
    """0 is called so, 1 begins so, 2 has all its words; the shorter title first."""
    if way == key:
        return 0, len(key)
    if key.startswith(way):
        return 1, len(key)
    words: Words = way.split()
    whole = f" {key}"
    has = all(f" {word}" in whole or (_han(word) and word in key) for word in words)
    return (2, len(key)) if has else None


def _han(word: str) -> bool:
    return not word.isascii()


def _told(layer: Layer, *, begins: bool) -> dict[str, Any]:
    titles = {"title_zh": layer.title_zh, "title_en": layer.title_en}
    return {"collection": layer.id, **titles, "begins": begins}
