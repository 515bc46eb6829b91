"""``/items``: from query parameters to an ``ItemQuery``, from a page to GeoJSON."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
import shapely
from starlette.requests import Request

from geo.bbox import Bbox, parse_bbox
from geo.crs import SUPPORTED, Crs, from_crs84, parse_crs
from geo.errors import GeoError
from layers.catalogue import Field, Layer
from service.errors import BadRequest
from service.filters import both, check_language, parse_filter, properties_of
from service.parameters import bad, boolean, choice, instant, integer, only
from service.queryables import GEOMETRY, parameter_fields, sortable_names
from service.rights import view_only
from service.stores.base import Bounds, ItemQuery, Version
from service.stores.tables import indexed

DEFAULT_LIMIT = 10
#: So many features at once are viewing (the web map draws as many from one answer);
#: more is a download.
VIEW_LIMIT = 2500
PARAMETERS = frozenset(
    (
        "id",
        "bbox", "bbox-crs", "crs", "datetime", "f", "filter", "filter-crs",
        "filter-lang", "lang", "limit", "offset", "properties", "resulttype",
        "skipGeometry", "sortby", "version", "as-of",
    )
)  # fmt: skip

#: Features by how far they lie from another layer's; see service/banded.py.
BAND = frozenset(("apart", "to", "to-version", "to-filter"))

#: What a map asks for all day long needs no further look.
_PLAIN = frozenset(("bbox", "limit", "offset", "version"))


@dataclass(frozen=True, slots=True)
class ItemsRequest:
    """A read of features, fully understood."""

    query: ItemQuery
    crs: Crs
    properties: tuple[str, ...] | None
    geometry: bool
    hits: bool
    #: Whether the caller may turn the page.
    pages: bool = True

    @property
    def is_verbatim(self) -> bool:
        """Whether the stored text can be sent as it is."""
        return self.crs.is_crs84 and self.properties is None and self.geometry


def parse_items(request: Request, layer: Layer, *, max_limit: int) -> ItemsRequest:
    """Everything that ``/items`` understands."""
    given = request.query_params
    limit = integer(request, "limit", DEFAULT_LIMIT, minimum=1, maximum=max_limit)
    offset = integer(request, "offset", 0, maximum=1_000_000_000)
    if _PLAIN.issuperset(given) and len(given.multi_items()) == len(given):
        query = ItemQuery(bbox=_bbox(request), limit=limit, offset=offset)
        return ItemsRequest(query, SUPPORTED[0], None, geometry=True, hits=False)
    fields = _named_fields(request, layer)
    hits = "resulttype" in given and (
        choice(request, "resulttype", ("results", "hits"), "results") == "hits"
    )
    return ItemsRequest(
        ItemQuery(
            bbox=_bbox(request),
            filter=_conditions(request, layer, fields),
            sortby=_sortby(given.get("sortby"), layer),
            limit=0 if hits else limit,
            offset=offset,
        ),
        crs=crs_of(request, "crs"),
        properties=_properties(given.get("properties"), layer),
        geometry="skipGeometry" not in given or not boolean(request, "skipGeometry"),
        hits=hits,
    )


def with_unlocated(asked: ItemsRequest, version: Version) -> ItemsRequest:
    """Part 1 wants a box to match what has no place at all, too. Where everything
    has one, the box alone is quicker."""
    query = asked.query
    if query.bbox is None or version.located_count == version.feature_count:
        return asked
    place = {"property": GEOMETRY}
    box = orjson.loads(shapely.to_geojson(Bbox(*query.bbox).shape()))
    met = {"op": "s_intersects", "args": [place, box]}
    placeless = {"op": "isNull", "args": [place]}
    either = {"op": "or", "args": [met, placeless]}
    wider = replace(query, bbox=None, filter=both(either, query.filter))
    return replace(asked, query=wider)


def first_page(asked: ItemsRequest, layer: Layer) -> ItemsRequest:
    """What is left of a read for those who may view a layer but not take it away:
    one page, and no further ones."""
    if asked.query.offset:
        raise view_only(layer)
    limit = min(asked.query.limit, VIEW_LIMIT)
    return replace(asked, query=replace(asked.query, limit=limit), pages=False)


def _named_fields(request: Request, layer: Layer) -> list[Field]:
    """The queryables given as ``name=value``; any other unknown name is refused."""
    known = PARAMETERS | BAND
    others = [name for name in request.query_params if name not in known]
    fields = {field.name: field for field in parameter_fields(layer)} if others else {}
    only(request, known | fields.keys())
    return [fields[name] for name in others]


def crs_of(request: Request, name: str) -> Crs:
    """The CRS that a parameter names, CRS84 by default."""
    text = request.query_params.get(name)
    if text is None:
        return SUPPORTED[0]
    try:
        return parse_crs(text)
    except GeoError as error:
        raise BadRequest(error.detail, error.detail_zh, parameter=name) from None


def _bbox(request: Request) -> Bounds | None:
    query = request.query_params
    if "bbox" not in query:
        if "bbox-crs" in query:
            crs_of(request, "bbox-crs")
        return None
    box = parse_bbox(query["bbox"], crs_of(request, "bbox-crs"))
    return box.west, box.south, box.east, box.north


def _conditions(request: Request, layer: Layer, fields: list[Field]) -> Any:
    query = request.query_params
    named = [_equal(field, query[field.name]) for field in fields]
    if "id" in query:
        named.append(_comparison("id", query["id"]))
    return both(_during(query.get("datetime")), *named, _filter(request, layer))


def _filter(request: Request, layer: Layer) -> Any:
    query = request.query_params
    crs, lang = crs_of(request, "filter-crs"), query.get("filter-lang")
    check_language(lang)
    if "filter" not in query:
        return None
    return parse_filter(query["filter"], layer, lang=lang, crs=crs)


def _comparison(name: str, value: Any, op: str = "=") -> dict[str, Any]:
    return {"op": op, "args": [{"property": name}, value]}


def _equal(field: Field, text: str) -> dict[str, Any]:
    """``name=value`` of a queryable, as a comparison of its type."""
    name, kind = field.name, field.type
    if kind in ("number", "integer"):
        return _comparison(name, _number(name, text))
    if kind == "boolean":
        if text not in ("true", "false"):
            raise bad(name, "must be true or false", "必须是 true 或 false")
        return _comparison(name, text == "true")
    if kind == "date":
        day = instant(name, text).date().isoformat()
        return _comparison(name, {"date": day})
    return _comparison(name, text)


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise bad(name, "must be a finite number", "必须是有限数")
    return value


def _during(text: str | None) -> Any:
    """``datetime`` against ``valid_from`` … ``valid_to``: unknown ends are open, so a
    feature without dates always matches, as Part 1 asks."""
    if text is None:
        return None
    start, slash, end = text.partition("/")
    first = last = None
    if start not in ("", "..") or not slash:
        first = instant("datetime", start)
    if slash and end not in ("", ".."):
        last = instant("datetime", end, end=True)
    if not slash and first is not None:
        last = instant("datetime", start, end=True)
    if first is not None and last is not None and first > last:
        raise bad("datetime", "ends before it begins", "的结束早于开始")
    return both(
        first and _open_or("valid_to", ">=", first.date().isoformat()),
        last and _open_or("valid_from", "<=", last.date().isoformat()),
    )


def _open_or(name: str, op: str, day: str) -> dict[str, Any]:
    unknown = {"op": "isNull", "args": [{"property": name}]}
    return {"op": "or", "args": [unknown, _comparison(name, {"date": day}, op)]}


def _sortby(text: str | None, layer: Layer) -> tuple[tuple[str, bool], ...]:
    """``+name,-area_m2``; a plus sign may arrive as a space."""
    if text is None:
        return ()
    known = sortable_names(layer)
    keys = []
    for part in text.split(","):
        part = part.strip()
        name = part.lstrip("+-")
        if name not in known or len(part) - len(name) > 1:
            names = ", ".join(sorted(known))
            raise bad(
                "sortby",
                f"cannot sort by {part[:60]!r}; use + or - and one of: {names}",
                f"不能按“{part[:60]}”排序；可用（前加 + 或 -）：{names}",
            )
        keys.append((name, part.startswith("-")))
    return tuple(keys)


def _properties(text: str | None, layer: Layer) -> tuple[str, ...] | None:
    if text is None:
        return None
    named = [name.strip() for name in text.split(",")]
    known = {field.name for field in layer.fields} | sortable_names(layer)
    for name in named:
        if name not in known:
            names = ", ".join(sorted(known))
            raise bad(
                "properties",
                f"names {name[:60]!r}, which {layer.id!r} does not have; use: {names}",
                f"中的“{name[:60]}”在图层“{layer.id}”中不存在；可用：{names}",
            )
    return tuple(named)


def is_quick(layer: Layer, asked: ItemsRequest, features: int) -> bool:
    """Whether the read is short enough for the event loop: a thread costs several
    such reads. Filters on fields without an index scan the whole layer."""
    if asked.query.limit > 2000 or not asked.crs.is_crs84:
        return False
    if features <= 5000 or (asked.query.filter is None and not asked.query.sortby):
        return True
    named = properties_of(asked.query.filter)
    return not asked.query.sortby and named <= {"id", *indexed(layer)}


# -- writing -----------------------------------------------------------------------
def written(features: bytes, asked: ItemsRequest) -> bytes:
    """Comma-joined features in the form that was asked for."""
    if asked.is_verbatim or not features:
        return features
    parsed = orjson.loads(b"[%b]" % features)
    if asked.properties is not None:
        wanted = set(asked.properties)
        for feature in parsed:
            old = feature["properties"]
            feature["properties"] = {k: old[k] for k in old if k in wanted}
    if not asked.geometry:
        for feature in parsed:
            feature["geometry"] = None
    elif not asked.crs.is_crs84:
        _move(parsed, asked.crs)
    return orjson.dumps(parsed)[1:-1]


def in_crs(feature: bytes, crs: Crs) -> bytes:
    """One feature's text with its geometry in ``crs``."""
    if crs.is_crs84:
        return feature
    parsed = [orjson.loads(feature)]
    _move(parsed, crs)
    return orjson.dumps(parsed[0])


def _move(features: list[dict[str, Any]], crs: Crs) -> None:
    """Replace the geometries by those in ``crs``, all in one transformation."""
    texts = [orjson.dumps(feature["geometry"]) for feature in features]
    located = [n for n, text in enumerate(texts) if text != b"null"]
    geoms = shapely.from_geojson([texts[n] for n in located])
    moved = from_crs84(np.asarray(geoms, dtype=object), crs)
    rounded = shapely.transform(moved, lambda xy: np.round(xy, crs.decimals))
    for n, text in zip(located, shapely.to_geojson(rounded), strict=True):
        features[n]["geometry"] = orjson.Fragment(text)
