"""From query parameters to a plan: which versions are read, and what is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import shapely
from starlette.requests import Request

from geo.bbox import parse_bbox
from geo.overlap import AREA
from geo.surface import BASES, Basis
from layers.catalogue import Layer
from service.atlas import Atlas, atlas_of
from service.errors import NotFound
from service.filters import parse_filter
from service.items import crs_of
from service.parameters import (
    bad,
    choice,
    integer,
    number,
    only,
    resolve_version,
    versions_at,
)
from service.rights import visible_layer, visible_layers
from service.statistics.area import area_statistics
from service.statistics.balance import balance_table
from service.statistics.bands import band_of, by_distance
from service.statistics.classes import COMMON, Untranslated, check_classified
from service.statistics.comparison import compared
from service.statistics.drawn import (
    LISTED,
    check_basis,
    drawn_statistics,
    shape_of,
)
from service.statistics.overlap import Question, overlap_statistics
from service.statistics.plate import Plate
from service.statistics.proximity import proximity_statistics
from service.statistics.reading import Reading, read, read_near
from service.stores.base import ItemQuery

_COMMON = ("basis", "version", "as-of", "f", "lang")
_CHOOSING = ("filter", "filter-lang", "filter-crs", "bbox", "bbox-crs", "id")
SHAPE_PARAMETERS = ("basis", "as-of", "limit", "f", "lang")
#: Of a layer, a version and a basis what a shape is asked of.
Source = Callable[[Request, Layer, int, Basis], Plate | Reading]
MAX_DISTANCE_M = 50_000
MAX_RINGS = 10
MAX_PAIRS = 100_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What an answer depends on, and how it is made (in a thread)."""

    versions: Mapping[str, int]
    answer: Callable[[], dict[str, Any]]


def ask_area(request: Request) -> Plan:
    """``/statistics/area``."""
    only(request, (*_COMMON, *_CHOOSING, "layer", "by"))
    atlas, basis = atlas_of(request), basis_of(request)
    layer, version = layer_at(request, "layer")
    query, by = chosen(request, layer, version), request.query_params.get("by")

    def answer() -> dict[str, Any]:
        reading = read(atlas, layer, version, query)
        return area_statistics(reading, basis=basis, by=by)

    return Plan({layer.id: version}, answer)


def ask_overlap(request: Request) -> Plan:
    """``/statistics/overlap``."""
    known = (*_COMMON, *_CHOOSING, "layer", "with", "with-version", "with-filter")
    only(request, (*known, "by", "tolerance_m", "limit"))
    atlas = atlas_of(request)
    layer, version = layer_at(request, "layer")
    other, other_version = layer_at(request, "with")
    question = Question(
        basis=basis_of(request),
        by=request.query_params.get("by"),
        tolerance_m=number(request, "tolerance_m", 0.1, minimum=0, maximum=100) or 0.0,
        limit=integer(request, "limit", 10_000, minimum=1, maximum=MAX_PAIRS),
    )
    query, others = (
        chosen(request, layer, version),
        chosen_of_other(request, other, "with"),
    )

    def answer() -> dict[str, Any]:
        one = read(atlas, layer, version, query)
        if other.id == layer.id:  # its rows are compared with each other
            two = read(atlas, other, other_version, others)
        else:
            two = read_near(atlas, other, other_version, one.extent, others)
        return overlap_statistics(one, two, question)

    return Plan(_versions((layer, version), (other, other_version)), answer)


def ask_balance(request: Request) -> Plan:
    """``/statistics/balance``; ``compare`` is another version of the layer, or of the
    layer that ``compare-layer`` names (its current one, if none is given)."""
    known = (*_COMMON, *_CHOOSING, "layer", "scheme", "level", "within", "population")
    only(request, (*known, "compare", "compare-layer"))
    atlas, basis = atlas_of(request), basis_of(request)
    layer, version = layer_at(request, "layer")
    check_classified(layer, "layer")
    territory = _territory(request)
    level = integer(request, "level", 1, minimum=1, maximum=2)
    population = number(request, "population", minimum=1, maximum=1e10)
    query, other = chosen(request, layer, version), _compared_with(request, layer)

    def table(
        of: Layer, at: int, query: ItemQuery, scheme: str | None
    ) -> dict[str, Any]:
        return balance_table(
            read(atlas, of, at, query),
            within=_one(atlas, *territory) if territory else None,
            scheme=scheme,
            level=level,
            basis=basis,
            population=population,
        )

    def answer() -> dict[str, Any]:
        scheme = request.query_params.get("scheme")
        now = table(layer, version, query, scheme)
        if other is None:
            return now
        free = scheme is None and now["scheme"] != COMMON
        try:
            before = table(*other, now["scheme"])
        except Untranslated:
            if not free:
                raise
        else:
            if not free or before["translation"] != "inverse":
                return compared(now, before)
        both = ((layer, version, query), other)  # by published tables only
        return compared(*(table(*each, COMMON) for each in both))

    places = [territory[:2]] if territory else []
    others = [other[:2]] if other and other[0].id != layer.id else []
    return Plan(_versions((layer, version), *places, *others), answer)


def _compared_with(
    request: Request, layer: Layer
) -> tuple[Layer, int, ItemQuery] | None:
    """Layer, version and features that a balance table is held against."""
    given = request.query_params
    if "compare" not in given and "compare-layer" not in given:
        return None
    other = visible_layer(request, given.get("compare-layer", layer.id))
    check_classified(other, "compare-layer")
    current = atlas_of(request).store.current_version(other.id) or _unpublished(other)
    at = integer(request, "compare", current, minimum=1, maximum=current)
    return other, at, chosen(request, other, at)


def ask_proximity(request: Request) -> Plan:
    """``/statistics/proximity``."""
    known = (*_COMMON, *_CHOOSING, "layer", "to", "to-version", "to-filter", "by")
    only(request, (*known, "distance", "rings", "limit", "apart", "bands"))
    limit = integer(request, "limit", 10_000, minimum=1, maximum=MAX_PAIRS)
    atlas, basis = atlas_of(request), basis_of(request)
    layer, version = layer_at(request, "layer")
    to, to_version = layer_at(request, "to")
    distances, by = _distances(request), request.query_params.get("by")
    query, others = chosen(request, layer, version), chosen_of_other(request, to, "to")
    band, bands = band_of(request), request.query_params.get("bands")
    edges = _ascending(bands, "bands") if bands else []

    def answer() -> dict[str, Any]:
        one = read(atlas, layer, version, query)
        two = read(atlas, to, to_version, others)
        one, counted = by_distance(one, two, band, edges)
        found = proximity_statistics(
            one,
            two,
            distances=distances,
            basis=basis,
            by=by,
            limit=limit,
        )
        return found | counted

    return Plan(_versions((layer, version), (to, to_version)), answer)


def ask_shape(
    request: Request, given: Any, wanted: Iterable[str] | None, source: Source
) -> Callable[[], dict[str, Any]]:
    """A drawn shape against the layers wanted, or all: what is to be done in a thread.
    ``source`` gives what is asked of each."""
    basis = basis_of(request)
    limit = integer(request, "limit", LISTED, minimum=1, maximum=MAX_PAIRS)

    def answer() -> dict[str, Any]:
        shape = shape_of(given)
        check_basis(shape, basis)
        layers = all_layers(request, wanted)
        read_at = [source(request, *each, basis) for each in layers]
        return drawn_statistics(shape, read_at, basis=basis, limit=limit)

    return answer


def basis_of(request: Request) -> Basis:
    """``basis=ellipsoidal|plane``."""
    chosen_basis = choice(request, "basis", BASES, "ellipsoidal")
    return "plane" if chosen_basis == "plane" else "ellipsoidal"


def layer_at(request: Request, parameter: str) -> tuple[Layer, int]:
    """The layer that a parameter names, and the version of it to read: ``version``
    (or ``as-of``) for ``layer``, ``<parameter>-version`` for the others."""
    name = request.query_params.get(parameter)
    if name is None:
        raise bad(
            parameter,
            "is missing; it is a layer's id, see /api/collections",
            "缺失；应为图层编号，见 /api/collections",
        )
    layer = visible_layer(request, name)
    if parameter == "layer" or name == request.query_params.get("layer"):
        return layer, resolve_version(atlas_of(request), layer, request)
    return layer, _other_version(request, layer, f"{parameter}-version")


def _other_version(request: Request, layer: Layer, parameter: str) -> int:
    atlas, text = atlas_of(request), request.query_params.get(parameter)
    current = atlas.store.current_version(layer.id)
    if text is None:
        if "as-of" in request.query_params:
            return resolve_version(atlas, layer, request)
        return current or _unpublished(layer)
    wanted = integer(request, parameter, 1, minimum=1, maximum=max(current, 1))
    return wanted if current else _unpublished(layer)


def _unpublished(layer: Layer) -> int:
    raise NotFound(
        f"Layer {layer.id!r} has no published version yet.",
        f"图层“{layer.id}”尚无已发布版本。",
        layer=layer.id,
    )


def chosen(request: Request, layer: Layer, version: int) -> ItemQuery:
    """The features that ``bbox``, ``filter`` and ``id`` choose. A bbox chooses whole
    features, it does not cut them. An id that the version does not have is refused."""
    query = request.query_params
    if "id" in query:
        _known(request, layer, version, query["id"])
    box = None
    if "bbox" in query:
        box = parse_bbox(query["bbox"], crs_of(request, "bbox-crs"))
    conditions = []
    if "filter" in query:
        crs = crs_of(request, "filter-crs")
        lang = query.get("filter-lang")
        conditions.append(parse_filter(query["filter"], layer, lang=lang, crs=crs))
    if "id" in query:
        conditions.append({"op": "=", "args": [{"property": "id"}, query["id"]]})
    both = {"op": "and", "args": conditions} if len(conditions) == 2 else None
    return ItemQuery(bbox=box, filter=both or (conditions[0] if conditions else None))


def _known(request: Request, layer: Layer, version: int, id: str) -> None:
    if atlas_of(request).store.item(layer.id, version, id) is None:
        raise _no_feature(layer, version, id, "id")


def _no_feature(layer: Layer, version: int, id: str, parameter: str) -> NotFound:
    return NotFound(
        f"Layer {layer.id!r} version {version} has no feature {id[:60]!r}.",
        f"图层“{layer.id}”第 {version} 版没有要素“{id[:60]}”。",
        parameter=parameter,
    )


def chosen_of_other(request: Request, layer: Layer, parameter: str) -> ItemQuery:
    """The features of the other layer that ``<parameter>-filter`` chooses."""
    text = request.query_params.get(f"{parameter}-filter")
    return ItemQuery(filter=None if text is None else parse_filter(text, layer))


def all_layers(
    request: Request, wanted: Iterable[str] | None
) -> list[tuple[Layer, int]]:
    """The layers named, or every visible one, at their newest version or ``as-of``."""
    atlas = atlas_of(request)
    if wanted is not None:
        layers = [visible_layer(request, id) for id in dict.fromkeys(wanted)]
    else:
        layers = visible_layers(request)
    current = versions_at(atlas, layers, request)
    missing = [layer for layer in layers if not current.get(layer.id)]
    if wanted is not None and missing:
        _unpublished(missing[0])
    return [(layer, current[layer.id]) for layer in layers if layer not in missing]


def _territory(request: Request) -> tuple[Layer, int, str] | None:
    """``within=layer/id``."""
    text = request.query_params.get("within")
    if text is None:
        return None
    name, slash, id = text.partition("/")
    if not slash or not id:
        raise bad(
            "within",
            "is layer/id, such as district/dist-liwan",
            "应为 图层/要素编号，如 district/dist-liwan",
        )
    layer = visible_layer(request, name)
    at = versions_at(atlas_of(request), [layer], request)[name]
    return layer, at or _unpublished(layer), id


def _one(atlas: Atlas, layer: Layer, version: int, id: str) -> Reading:
    whole = read(atlas, layer, version)
    rows = whole.snapshot.rows([id])
    if len(rows) == 0:
        raise _no_feature(layer, version, id, "within")
    one = whole.narrowed(rows)
    if (shapely.get_dimensions(one.geometry) < AREA).any():
        raise bad(
            "within",
            f"names {layer.id}/{id}, which has no area: a balance table is of ground."
            " Name a feature that is a polygon, such as district/dist-liwan",
            f"所指“{layer.id}/{id}”没有面积：平衡表针对地面。请指定面要素，"
            "如 district/dist-liwan",
        )
    return one


def _distances(request: Request) -> list[float]:
    """``rings=0,500,800`` or the one ``distance``, ascending, in metres."""
    rings = request.query_params.get("rings")
    if rings is None:
        distance = number(request, "distance", minimum=0, maximum=MAX_DISTANCE_M)
        if not distance:
            raise bad(
                "distance",
                f"is needed: metres above 0, up to {MAX_DISTANCE_M}",
                f"必填：大于 0、不超过 {MAX_DISTANCE_M} 的米数",
            )
        return [distance]
    if "distance" in request.query_params:
        raise bad("rings", "excludes distance", "不能与 distance 同时使用")
    return _ascending(rings, "rings")


def _ascending(text: str, name: str) -> list[float]:
    try:
        edges = [float(part) for part in text.split(",")]
    except ValueError:
        edges = []
    rising = all(a < b for a, b in pairwise(edges))
    within = bool(edges) and edges[0] >= 0 and 0 < edges[-1] <= MAX_DISTANCE_M
    if not (rising and within and len(edges) <= MAX_RINGS):
        raise bad(
            name,
            f"is a rising list of up to {MAX_RINGS} distances in metres, such as "
            f"0,500,800,1500; the last at most {MAX_DISTANCE_M}",
            f"应为递增的米数列表（最多 {MAX_RINGS} 个），如 0,500,800,1500；"
            f"最大 {MAX_DISTANCE_M}",
        )
    return edges


def _versions(*read_at: tuple[Layer, int]) -> dict[str, int]:
    return {layer.id: version for layer, version in read_at}
