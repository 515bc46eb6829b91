"""What SQLite cannot decide by itself: exact geometry, case and accents."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from service.stores.collation import pinyin_order
from service.stores.gpkg.blob import WKB_AT

#: CQL2 operator -> predicate(feature, literal).
PREDICATES: dict[str, Callable[[Any, Any], bool]] = {
    "s_intersects": lambda a, b: bool(shapely.intersects(b, a)),
    "s_disjoint": lambda a, b: bool(shapely.disjoint(b, a)),
    "s_within": lambda a, b: bool(shapely.contains(b, a)),
    "s_contains": lambda a, b: bool(shapely.contains(a, b)),
    "s_touches": lambda a, b: bool(shapely.touches(b, a)),
    "s_crosses": lambda a, b: bool(shapely.crosses(a, b)),
    "s_overlaps": lambda a, b: bool(shapely.overlaps(b, a)),
    "s_equals": lambda a, b: bool(shapely.equals(a, b)),
}


def crosses_box(blob: bytes, w: float, s: float, e: float, n: float) -> bool:
    """Whether a feature really meets a box that its own box meets."""
    return bool(shapely.intersects(_box(w, s, e, n), _geometry(blob)))


def spatial(op: str, blob: bytes | None, literal: bytes) -> bool | None:
    """A CQL2 spatial operator between a stored geometry and a literal's WKB."""
    if blob is None:
        return None
    return PREDICATES[op](_geometry(blob), _literal(literal))


def fold_case(text: Any) -> Any:
    """CQL2 ``casei``: caseless, beyond ASCII as well."""
    return text.casefold() if isinstance(text, str) else text


def fold_accents(text: Any) -> Any:
    """CQL2 ``accenti``: without the combining marks."""
    if not isinstance(text, str):
        return text
    split = unicodedata.normalize("NFD", text)
    return "".join(c for c in split if not unicodedata.combining(c))


def power(base: float | None, exponent: float | None) -> float | None:
    """``^``; NULL where the result is no number."""
    if base is None or exponent is None:
        return None
    try:
        return math.pow(base, exponent)
    except (OverflowError, ValueError):
        return None


def whole(left: float | None, right: float | None) -> float | None:
    """``div``: the quotient without its fraction."""
    if left is None or not right:
        return None
    return float(math.trunc(left / right))


def rest(left: float | None, right: float | None) -> float | None:
    """``%``, with the sign of the left side."""
    if left is None or not right:
        return None
    return math.fmod(left, right)


#: name -> (number of arguments, function), registered on every connection.
FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "atlas_crosses_box": (5, crosses_box),
    "atlas_spatial": (3, spatial),
    "atlas_power": (2, power),
    "atlas_whole": (2, whole),
    "atlas_rest": (2, rest),
    "atlas_fold_case": (1, fold_case),
    "atlas_fold_accents": (1, fold_accents),
    "atlas_pinyin_order": (1, pinyin_order),
}


def _geometry(blob: bytes) -> BaseGeometry:
    return shapely.from_wkb(blob[WKB_AT:])


@lru_cache(256)
def _box(w: float, s: float, e: float, n: float) -> BaseGeometry:
    return _prepared(shapely.box(w, s, e, n))


@lru_cache(64)
def _literal(wkb: bytes) -> BaseGeometry:
    return _prepared(shapely.from_wkb(wkb))


def _prepared(geometry: BaseGeometry) -> BaseGeometry:
    shapely.prepare(geometry)
    return geometry
