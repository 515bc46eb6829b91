"""CQL2 text and JSON, read by the cql2 library, as bounded CQL2 JSON in CRS84.

The store compiles the result to SQL. What could hurt is stopped before parsing:
the parser recurses, so a few thousand nested words would overflow its stack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import cql2
import numpy as np
import orjson
import shapely

from geo.crs import Crs, to_crs84
from layers.catalogue import Layer
from service.errors import BadRequest
from service.queryables import GEOMETRY, queryable_names

MAX_LENGTH = 20_000
MAX_DEPTH = 60
MAX_NOT = 100
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_NOT = re.compile(r"\bnot\b", re.IGNORECASE)
#: GDAL calls CQL2 text by the name of its draft.
_LANGUAGES = ("cql2-text", "cql2-json", "cql-text")


def parse_filter(
    text: str, layer: Layer, *, lang: str | None = None, crs: Crs | None = None
) -> Any:
    """CQL2 JSON whose properties the layer has and whose geometries are in CRS84.

    Raises ``BadRequest`` naming ``filter`` (or ``filter-lang``)."""
    check_language(lang)
    as_json = lang == "cql2-json" or (lang is None and text.lstrip().startswith("{"))
    _check_size(text, as_json=as_json)
    node = _parse(text, as_json=as_json)
    return _Normaliser(layer, crs).node(node, 0)


def check_language(lang: str | None) -> None:
    """Refuse a ``filter-lang`` that is not read here."""
    if lang not in (None, *_LANGUAGES):
        raise _refused(
            f"Parameter 'filter-lang' must be cql2-text or cql2-json, not {lang!r}.",
            f"参数“filter-lang”必须是 cql2-text 或 cql2-json，而不是“{lang}”。",
            "filter-lang",
        )


def both(*conditions: Any) -> Any:
    """All of the conditions that are not None; None when there is none."""
    present = [condition for condition in conditions if condition is not None]
    if len(present) < 2:
        return present[0] if present else None
    return {"op": "and", "args": present}


def properties_of(node: Any) -> set[str]:
    """The properties that a condition reads."""
    if isinstance(node, list):
        return set().union(*map(properties_of, node))
    if not isinstance(node, Mapping):
        return set()
    if "property" in node:
        return {str(node["property"])}
    return set().union(*map(properties_of, node.values()))


def _check_size(text: str, *, as_json: bool) -> None:
    if len(text) > MAX_LENGTH:
        raise _refused(
            f"The filter has {len(text)} characters; {MAX_LENGTH} are allowed.",
            f"过滤条件长达 {len(text)} 个字符，最多 {MAX_LENGTH} 个。",
        )
    bare = _QUOTED.sub("", text)
    deepest = depth = 0
    for character in bare:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    # JSON spends two brackets on a level, and coordinates a few more.
    allowed = 2 * MAX_DEPTH if as_json else MAX_DEPTH
    if deepest > allowed or len(_NOT.findall(bare)) > MAX_NOT:
        raise _too_deep()


def _parse(text: str, *, as_json: bool) -> Any:
    try:
        parsed = cql2.parse_json(text) if as_json else cql2.parse_text(text)
        node: Any = parsed.to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError, TypeError) as error:
        if not as_json and "\\'" in text:  # CQL2's other way to write a quote
            return _parse(text.replace("\\'", "''"), as_json=False)
        place = str(error).strip().splitlines()
        where = place[0].removeprefix("-->").strip() if place else ""
        raise _refused(
            f"The filter is not valid CQL2 {'JSON' if as_json else 'text'}"
            f" ({where[:80]}). Example: name_zh = '大坦沙' AND area_m2 > 1000.",
            f"过滤条件不是有效的 CQL2（{where[:80]}）。"
            "示例：name_zh = '大坦沙' AND area_m2 > 1000。",
        ) from None
    if not isinstance(node, dict | bool):
        raise _refused(
            "The filter is a value, not a condition. Compare it with something.",
            "过滤条件只是一个值而不是条件，请写成比较式。",
        )
    return node


class _Normaliser:
    """Walks the tree once: properties known, depth bounded, geometries in CRS84."""

    def __init__(self, layer: Layer, crs: Crs | None) -> None:
        self._layer = layer
        self._crs = crs
        self._known = queryable_names(layer)
        self._dates = {field.name for field in layer.fields if field.type == "date"}

    def node(self, node: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise _too_deep()
        if isinstance(node, list):
            return [self.node(child, depth + 1) for child in node]
        if not isinstance(node, Mapping):
            return node
        if "property" in node:
            return self._property(str(node["property"]))
        if "bbox" in node:
            return self._geometry(_box(node["bbox"]))
        if "coordinates" in node or "geometries" in node:
            return self._geometry(_shape(node))
        made = {key: self.node(child, depth + 1) for key, child in node.items()}
        return self._dated(made) if "args" in made else made

    def _dated(self, node: dict[str, Any]) -> dict[str, Any]:
        """Texts compared with a date field are dates; GDAL ends them with a T."""
        dated = any(
            isinstance(arg, Mapping) and arg.get("property") in self._dates
            for arg in node["args"]
        )
        if dated and node.get("op") != "like":
            node["args"] = [
                arg.removesuffix("T") if isinstance(arg, str) else arg
                for arg in node["args"]
            ]
        return node

    def _property(self, name: str) -> dict[str, str]:
        if name in ("geom", "shape"):
            name = GEOMETRY
        if name not in self._known:
            names = ", ".join(sorted(self._known))
            raise BadRequest(
                f"The filter asks for {name!r}, which layer {self._layer.id!r} does"
                f" not have. Its properties: {names}.",
                f"过滤条件中的属性“{name}”在图层“{self._layer.id}”中不存在。"
                f"可用属性：{names}。",
                parameter="filter",
                property=name,
            )
        return {"property": name}

    def _geometry(self, geometry: shapely.Geometry) -> Any:
        if self._crs is not None and not self._crs.is_crs84:
            moved = to_crs84(np.array([geometry], dtype=object), self._crs)
            geometry = moved[0]
        if geometry.geom_type == "GeometryCollection":
            geometry = shapely.union_all(geometry)  # predicates are surer of one kind
        return orjson.loads(shapely.to_geojson(geometry))


def _box(corners: Any) -> shapely.Geometry:
    try:
        values = [float(corner) for corner in corners]
        half = len(values) // 2
        if half not in (2, 3) or not np.isfinite(values).all():
            raise ValueError
    except (TypeError, ValueError):
        raise _refused(
            "BBOX in the filter needs four finite numbers: west, south, east, north.",
            "过滤条件中的 BBOX 需要四个有限数：西、南、东、北。",
        ) from None
    return shapely.box(values[0], values[1], values[half], values[half + 1])


def _shape(node: Mapping[str, Any]) -> shapely.Geometry:
    try:
        geometry = shapely.from_geojson(orjson.dumps(node))
    except (shapely.GEOSException, orjson.JSONEncodeError):
        geometry = None
    if geometry is None or not np.isfinite(shapely.get_coordinates(geometry)).all():
        raise _refused(
            "A geometry in the filter cannot be read. Check that rings are closed and"
            " coordinates are finite numbers.",
            "过滤条件中的几何无法读取，请检查环是否闭合、坐标是否为有限数。",
        )
    return shapely.force_2d(geometry)


def _too_deep() -> BadRequest:
    return _refused(
        f"The filter is nested more than {MAX_DEPTH} deep. Simplify it.",
        f"过滤条件嵌套超过 {MAX_DEPTH} 层，请简化。",
    )


def _refused(detail: str, detail_zh: str, parameter: str = "filter") -> BadRequest:
    return BadRequest(detail, detail_zh, parameter=parameter)
