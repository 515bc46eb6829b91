"""Finding a place by any of its names, in Chinese, English or pinyin."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from threading import Lock
from typing import Any, NamedTuple

import shapely
from starlette.datastructures import State

from layers.catalogue import Layer
from service.chapters import spoken_titles
from service.errors import ServiceError
from service.placekinds import bare_words
from service.searchclasses import Held
from service.searchindex import Hit, LayerIndex
from service.searchkeys import names
from service.searchtext import Term
from service.snapshots import Snapshots
from service.spelling import bigrams, read_apart
from service.wordings import Words, cut, spoken, syllable_by_syllable, telling, wordings

#: Versions up to this size are indexed while a query waits, larger ones behind.
AT_ONCE = 5_000
#: What the score of a place beyond the district is worth less: a few letters.
BEYOND = 5
#: Layers of what is there by nature.
GROUND = ("rivers",)
#: Two syllables sound nearly like too many others.
LEAST_SPOKEN = 3


class Found(NamedTuple):
    """Features, best first; the layers that could not be looked through yet; and
    whether nothing is spelled so and these are only the nearest."""

    results: list[dict[str, Any]]
    pending: list[str]
    alike: bool


class Search:
    """Indexes by layer version; thread-safe."""

    def __init__(
        self,
        snapshots: Snapshots,
        size_of: Callable[[str, int], int] = lambda layer, version: 0,
    ) -> None:
        """``size_of`` tells how many features a layer version has: large ones are
        indexed behind the queries, which say so until then."""
        self._snapshots = snapshots
        self._size_of = size_of
        self._kept: dict[str, tuple[int, LayerIndex]] = {}
        self._making: dict[tuple[str, int], Future[LayerIndex]] = {}
        self._maker = ThreadPoolExecutor(1, "search-index")
        self._lock = Lock()
        self._closed = False

    def find(
        self, query: str, layers: Sequence[tuple[Layer, int]], limit: int
    ) -> Found:
        """The best features for a query in these layer versions. Blocks while a small
        version is indexed for the first time."""
        asked = [
            (layer, self.index(layer, number)) for layer, number in layers if number
        ]
        indexes = [index for _, index in asked if index]
        ranked = _said(indexes, query, limit)
        nearest = [] if ranked else _nearest(indexes, query, limit)
        shown = [_result(index, hit) for index, hit in (ranked or nearest)[:limit]]
        pending = [layer.id for layer, index in asked if index is None]
        return Found(shown, pending, bool(nearest))

    def classes(self, layers: Iterable[tuple[Layer, int]]) -> dict[str, Held]:
        """The classes of land use of these versions, where they are indexed."""
        kept = [(layer, number, self._kept.get(layer.id)) for layer, number in layers]
        found = [(layer.id, k[1].classes) for layer, n, k in kept if k and k[0] == n]
        return {id: classes for id, classes in found if classes}

    def ready(self, layers: Iterable[tuple[Layer, int]]) -> bool:
        """Whether a query over these versions has nothing to index first."""
        kept = self._kept
        return all(n == 0 or kept.get(each.id, (0,))[0] == n for each, n in layers)

    def index(self, layer: Layer, version: int) -> LayerIndex | None:
        """The index of a layer version, None while a large one is being made."""
        with self._lock:
            held = self._kept.get(layer.id)
        if held and held[0] == version:
            return held[1]
        if self._size_of(layer.id, version) <= AT_ONCE:
            return self._make(layer, version)
        making = self._made_behind(layer, version)
        return making.result() if making.done() else None

    def warm(self, layers: Iterable[tuple[Layer, int]]) -> None:
        """Index the small ones of these versions, so that the first search is as fast
        as the rest. A large one takes memory, and waits until somebody searches."""
        small = [one for one in layers if self._size_of(one[0].id, one[1]) <= AT_ONCE]
        frames = (
            self._snapshots.get(layer.id, number).frame for layer, number in small
        )
        named = (name for frame in frames for name in names(frame))
        read_apart(chain(named, spoken_titles()))
        for layer, version in small:
            if self._closed:
                return
            self.index(layer, version)
        gc.freeze()  # the dictionaries and keys need not be gone through again

    def close(self) -> None:
        """Make no more indexes."""
        self._closed = True
        self._maker.shutdown(cancel_futures=True)

    def _made_behind(self, layer: Layer, version: int) -> Future[LayerIndex]:
        key = layer.id, version
        with self._lock:
            if key not in self._making:
                waiting = {k: f for k, f in self._making.items() if not f.done()}
                self._making = waiting
                self._making[key] = self._maker.submit(self._make, layer, version)
            return self._making[key]

    def _make(self, layer: Layer, version: int) -> LayerIndex:
        made = LayerIndex(layer, self._snapshots.get(layer.id, version).frame)
        with self._lock:
            held = self._kept.get(layer.id)
            if held is None or held[0] < version:  # earlier ones are seldom searched
                self._kept[layer.id] = (version, made)
        return made


def search_of(state: State) -> Search:
    """The application's indexes."""
    if not hasattr(state, "search"):
        store = state.atlas.store
        state.search = Search(
            state.atlas.snapshots,
            lambda layer, version: int(store.version(layer, version).feature_count),
        )
    found: Search = state.search
    return found


def warm(state: State) -> None:
    """Index the current versions of all layers."""
    atlas = state.atlas
    with suppress(ServiceError):  # a store that is away is told by the first request
        versions = atlas.store.current_versions().items()
        known = [(id, number) for id, number in versions if id in atlas.catalogue]
        layers = ((atlas.catalogue.get(id), number) for id, number in known)
        search_of(state).warm(layers)


Ranked = list[tuple[LayerIndex, Hit]]


def _said(indexes: list[LayerIndex], query: str, limit: int) -> Ranked:
    """What is named so; else what is but for the sort of place; else what is described
    so; else what sounds so."""
    together = _ranked(indexes, syllable_by_syllable(query), limit)
    for words in wordings(query):
        if found := _ranked(indexes, words, limit):
            return _joined(together, found)
    if together:
        return together
    first = next(wordings(query), [])
    if found := _ranked(indexes, bare_words(first), limit):
        return found
    if found := _ranked(indexes, telling(first), limit, told=True):
        return found
    return _ranked(indexes, spoken(first), limit)


def _joined(first: Ranked, more: Ranked) -> Ranked:
    """The first, and what the others have besides."""
    held = {(index.layer.id, hit.row) for index, hit in first}
    return first + [f for f in more if (f[0].layer.id, f[1].row) not in held]


def _nearest(indexes: list[LayerIndex], query: str, limit: int) -> Ranked:
    """What is spelled nearly so, or nearly sounds so; of a code the ones beside it."""
    first = next(wordings(query), [])
    said = spoken(first) if len("".join(first)) >= LEAST_SPOKEN else []
    pairs = [bigrams(" ".join(words)) for words in (first, said) if words]
    if found := _sorted([(i, hit) for i in indexes for hit in i.alike(pairs)]):
        return found
    beside = (_ranked(indexes, words, limit) for words in cut(first))
    return next((found for found in beside if found), [])


def _ranked(
    indexes: Iterable[LayerIndex], words: Words, limit: int, *, told: bool = False
) -> Ranked:
    terms = [Term(word) for word in words]
    hits = [(i, hit) for i in indexes for hit in i.find(terms, limit, told=told)]
    return _sorted(hits)


def _sorted(found: Ranked) -> Ranked:
    """Best first, what lies beyond the district a little later. Between equals what is
    planned comes before the ground it is planned on (白鹅潭 is first a business
    district, then a reach of the river), the larger first, the unlocated last; then the
    catalogue's order decides."""

    def order(item: tuple[LayerIndex, Hit]) -> tuple[float, bool, bool, float]:
        index, hit = item
        later = BEYOND if index.layer.scope != "district" else 0
        ground = index.layer.id in GROUND
        shape = index.frame.geometry[hit.row]
        size = 0.0 if shape is None else float(shapely.area(shape))
        return later - hit.score, ground, shape is None, -size

    return sorted(found, key=order)


def _result(index: LayerIndex, hit: Hit) -> dict[str, Any]:
    columns, row = index.frame.columns, hit.row
    shown, kind = index.shown(hit)
    shape = index.frame.geometry[row]
    located = shape is not None and not shape.is_empty
    return {
        "layer": index.layer.id,
        "layer_title_zh": index.layer.title_zh,
        "layer_title_en": index.layer.title_en,
        "id": index.frame.ids[row],
        "name_zh": _cell(columns, "name_zh", row),
        "name_en": _cell(columns, "name_en", row),
        "why": shown,
        "why_by": kind,
        "status": _cell(columns, "status", row),
        "evidence": _cell(columns, "evidence", row),
        "located": located,
        "center": _center(shape) if located else None,
        "bbox": [round(v, 7) for v in shape.bounds] if located else None,
    }


def _cell(columns: Any, name: str, row: int) -> Any:
    return columns[name][row] if name in columns else None


def _center(shape: Any) -> list[float]:
    """A point on the shape, so that a label or pin never falls outside it."""
    point = shapely.point_on_surface(shape)
    return [round(point.x, 7), round(point.y, 7)]
