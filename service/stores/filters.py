"""CQL2 JSON to an SQL condition with bound values, for whichever dialect."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import shapely
from shapely.errors import ShapelyError

from layers.catalogue import Layer
from service.errors import BadRequest
from service.stores.collation import worded
from service.stores.columns import MEASURES
from service.stores.database import quoted
from service.stores.temporal import TEMPORAL, ends

Node = Any
MAX_DEPTH = 64
MAX_TEXT = 10_000
#: Texts in a list; more are handed over as one.
MANY = 200
GEOMETRY_NAMES = ("geometry", "geom")
COMPARISONS = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
SPATIAL_INVERSES = {"s_within": "s_contains", "s_contains": "s_within"}
SPATIAL = (
    *("s_intersects", "s_disjoint", "s_within", "s_contains"),
    *("s_touches", "s_crosses", "s_overlaps", "s_equals"),
)
#: Python type of a bound value -> its kind.
BOUND = {str: "text", float: "number", bool: "boolean", bytes: "wkb"}
KINDS = {"number": "number", "integer": "number", "boolean": "boolean"}


class Dialect(ABC):
    """What the databases say differently. ``f`` is the feature row's alias."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.kinds = {f.name: KINDS.get(f.type, "text") for f in layer.fields}
        self.kinds |= {"id": "text", **dict.fromkeys(MEASURES, "number")}

    @abstractmethod
    def value(self, name: str, kind: str) -> str:
        """The placeholder of a bound text, number, boolean or wkb."""

    @abstractmethod
    def spatial(self, op: str, wkb: str, box: Sequence[str]) -> str:
        """A predicate between the feature and a bound geometry; ``box`` are the
        bound west, south, east and north of that geometry, for an index to go
        by; empty when only the exact predicate will do."""

    @abstractmethod
    def folded(self, op: str, text: str) -> str:
        """``casei`` or ``accenti`` of a text."""

    @abstractmethod
    def texts(self, listed: str) -> str:
        """``SELECT`` of the texts in a bound JSON array."""

    @abstractmethod
    def arithmetic(self, op: str, left: str, right: str) -> str: ...

    @abstractmethod
    def collated(self, text: str) -> str:
        """A text as it is put in order: by pinyin."""

    def order(self, sortby: Sequence[tuple[str, bool]]) -> str:
        """``ORDER BY`` terms, the row's number last; what is unknown comes last."""
        words = worded(self.layer)
        terms = []
        for name, descending in sortby:
            sql = self.property(name)[0]
            by = self.collated(sql) if name in words else sql
            terms.append(f"{by} {'DESC' if descending else 'ASC'} NULLS LAST, ")
        return f"{''.join(terms)}f.rid"

    def property(self, name: str) -> tuple[str, str]:
        """A property's SQL and kind, or ``BadRequest`` naming those there are."""
        if name not in self.kinds:
            known = ", ".join(self.kinds)
            raise _refused(
                f"{self.layer.id!r} has no property {name!r}. It has: {known}.",
                f"图层“{self.layer.id}”没有属性“{name}”。可用属性：{known}。",
            )
        return f"f.{quoted(name)}", self.kinds[name]


def compile_filter(
    filter: Mapping[str, Any], dialect: Dialect
) -> tuple[str, dict[str, Any]]:
    """The condition and its values, named ``q0``, ``q1`` …"""
    compiler = _Compiler(dialect)
    return compiler.condition(filter, 0), compiler.values


class _Compiler:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.values: dict[str, Any] = {}
        self.negations = 0

    def condition(self, node: Node, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise _refused(
                f"The filter is nested more than {MAX_DEPTH} deep. Simplify it.",
                f"过滤条件嵌套超过 {MAX_DEPTH} 层，请简化。",
            )
        if isinstance(node, bool):
            return "(1 = 1)" if node else "(1 = 0)"
        if isinstance(node, Mapping) and "property" in node:
            return self.typed(node, "boolean")
        op, args = _operation(node)
        return self._rule(op)(op, args, depth + 1)

    def _rule(self, op: str) -> Callable[[str, Sequence[Node], int], str]:
        if op in COMPARISONS:
            return self.compare
        if op in TEMPORAL:
            return self.temporal
        if op in SPATIAL:
            return self.spatial
        rules = {
            "and": self.logical,
            "or": self.logical,
            "not": self.negate,
            "like": self.like,
            "between": self.between,
            "in": self.member,
            "isNull": self.is_null,
        }
        if op not in rules:
            raise _refused(
                f"The filter's operator {op!r} is not supported here.",
                f"过滤条件中的运算符“{op}”不受支持。",
            )
        return rules[op]

    # -- conditions ------------------------------------------------------------
    def logical(self, op: str, args: Sequence[Node], depth: int) -> str:
        return _balanced([self.condition(arg, depth) for arg in args], op.upper())

    def negate(self, op: str, args: Sequence[Node], depth: int) -> str:
        (arg,) = _expect(op, args, 1)
        self.negations += 1
        inner = self.condition(arg, depth)
        self.negations -= 1
        return f"(NOT {inner})"

    def compare(self, op: str, args: Sequence[Node], depth: int) -> str:
        left, right = (self.scalar(arg, depth) for arg in _expect(op, args, 2))
        _same_kind(op, left[1], right[1])
        return f"({left[0]} {COMPARISONS[op]} {right[0]})"

    def like(self, op: str, args: Sequence[Node], depth: int) -> str:
        text, pattern = _expect(op, args, 2)
        left, right = self.typed(text, "text"), self.typed(pattern, "text")
        return f"({left} LIKE {right} ESCAPE '\\')"

    def between(self, op: str, args: Sequence[Node], depth: int) -> str:
        sqls, kinds = zip(
            *(self.scalar(arg, depth) for arg in _expect(op, args, 3)), strict=True
        )
        _same_kind(op, *kinds)
        return f"({sqls[0]} BETWEEN {sqls[1]} AND {sqls[2]})"

    def member(self, op: str, args: Sequence[Node], depth: int) -> str:
        item, listed = _expect(op, args, 2)
        if not isinstance(listed, list) or not listed:
            raise _malformed(op)
        sql, kind = self.scalar(item, depth)
        if len(listed) > MANY and all(isinstance(one, str) for one in listed):
            _same_kind(op, kind, "text")
            return f"({sql} IN ({self.dialect.texts(self._listed(listed))}))"
        pairs = [self.scalar(one, depth) for one in listed]
        _same_kind(op, kind, *(pair[1] for pair in pairs))
        return f"({sql} IN ({', '.join(pair[0] for pair in pairs)}))"

    def _listed(self, texts: Sequence[str]) -> str:
        """Bound as one value: databases count how many they are given."""
        if any(len(text) > MAX_TEXT or "\0" in text for text in texts):
            raise _malformed("filter")
        name = f"q{len(self.values)}"
        self.values[name] = orjson.dumps(texts).decode()
        return self.dialect.value(name, "text")

    def is_null(self, op: str, args: Sequence[Node], depth: int) -> str:
        (arg,) = _expect(op, args, 1)
        if _is_geometry(arg):
            return self.dialect.spatial("is_null", "", ())
        return f"({self.scalar(arg, depth)[0]} IS NULL)"

    def temporal(self, op: str, args: Sequence[Node], depth: int) -> str:
        (a_from, a_to), (b_from, b_to) = (
            map(self._moment, ends(arg)) for arg in _expect(op, args, 2)
        )
        names = {"a": a_from, "A": a_to, "b": b_from, "B": b_to}
        return f"({TEMPORAL[op].format_map(names)})"

    def _moment(self, end: tuple[Node, str | None]) -> str:
        node, unbounded = end
        sql = self.typed(node, "text")
        return f"coalesce({sql}, {self.bind(unbounded)})" if unbounded else sql

    def spatial(self, op: str, args: Sequence[Node], depth: int) -> str:
        left, right = _expect(op, args, 2)
        if _is_geometry(right):
            op, left, right = SPATIAL_INVERSES.get(op, op), right, left
        if not _is_geometry(left):
            raise _malformed(op)
        literal = _literal(right)
        # Under NOT an unlocated feature must stay unknown: no shortcut by its box.
        bounds = [] if self.negations else shapely.bounds(literal).tolist()
        box = [self.bind(value) for value in bounds]
        wkb = self.bind(shapely.to_wkb(literal))
        return self.dialect.spatial(op, wkb, box)

    # -- values ----------------------------------------------------------------
    def typed(self, node: Node, kind: str) -> str:
        sql, found = self.scalar(node, 0)
        _same_kind("filter", kind, found)
        return sql

    def scalar(self, node: Node, depth: int) -> tuple[str, str]:
        if depth > MAX_DEPTH:
            raise _malformed("filter")
        if isinstance(node, bool):
            return self.bind(node), "boolean"
        if isinstance(node, int | float):
            return self.bind(float(node)), "number"
        if isinstance(node, str):
            return self.bind(node), "text"
        if isinstance(node, Mapping):
            return self._expression(node, depth)
        raise _malformed("filter")

    def _expression(self, node: Mapping[str, Any], depth: int) -> tuple[str, str]:
        if "property" in node:
            return self.dialect.property(str(node["property"]))
        if "date" in node or "timestamp" in node:
            return self.bind(ends(node)[0][0]), "text"
        op, args = _operation(node)
        if op in ("casei", "accenti"):
            (arg,) = _expect(op, args, 1)
            text, kind = self.scalar(arg, depth + 1)
            _same_kind(op, "text", kind)
            return self.dialect.folded(op, text), "text"
        if op in ("+", "-", "*", "/", "%", "^", "div"):
            return self._arithmetic(op, args, depth + 1), "number"
        return self.condition(node, depth + 1), "boolean"

    def _arithmetic(self, op: str, args: Sequence[Node], depth: int) -> str:
        sqls, kinds = zip(
            *(self.scalar(arg, depth) for arg in _expect(op, args, 2)), strict=True
        )
        _same_kind(op, "number", *kinds)
        return self.dialect.arithmetic(op, sqls[0], sqls[1])

    def bind(self, value: Any) -> str:
        if isinstance(value, str) and (len(value) > MAX_TEXT or "\0" in value):
            raise _malformed("filter")
        name = f"q{len(self.values)}"
        self.values[name] = value
        return self.dialect.value(name, BOUND[type(value)])


def _operation(node: Node) -> tuple[str, Sequence[Node]]:
    if not isinstance(node, Mapping) or not isinstance(node.get("args"), list):
        raise _malformed("filter")
    return str(node.get("op")), node["args"]


def _expect(op: str, args: Sequence[Node], count: int) -> Sequence[Node]:
    if len(args) != count:
        raise _malformed(op)
    return args


def _balanced(parts: Sequence[str], word: str) -> str:
    """Joined as a shallow tree: databases limit how deep a condition may be."""
    if not parts:
        raise _malformed(word.lower())
    if len(parts) <= 32:
        return f"({f' {word} '.join(parts)})"
    half = len(parts) // 2
    return f"({_balanced(parts[:half], word)} {word} {_balanced(parts[half:], word)})"


def _is_geometry(node: Node) -> bool:
    return isinstance(node, Mapping) and node.get("property") in GEOMETRY_NAMES


def _literal(node: Node) -> Any:
    try:
        if "bbox" in node:
            corners = [float(value) for value in node["bbox"]]
            half = len(corners) // 2
            return shapely.box(*corners[:2], *corners[half : half + 2])
        return shapely.geometry.shape(node)
    except (AttributeError, LookupError, TypeError, ValueError, ShapelyError):
        raise _malformed("geometry") from None


def _same_kind(op: str, *kinds: str) -> None:
    if len(set(kinds)) > 1:
        raise _refused(
            f"The filter compares {' with '.join(kinds)} in {op!r}."
            " Write text in quotes and numbers without.",
            f"过滤条件“{op}”比较了不同类型（{'、'.join(kinds)}）：文字加引号，数字不加。",
        )


def _malformed(where: str) -> BadRequest:
    return _refused(
        f"The filter is not valid CQL2 at {where!r}: wrong arguments.",
        f"过滤条件不是有效的 CQL2：“{where}”处的参数有误。",
    )


def _refused(detail: str, detail_zh: str) -> BadRequest:
    return BadRequest(detail, detail_zh, parameter="filter")
