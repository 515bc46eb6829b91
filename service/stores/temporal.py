"""CQL2's temporal operators over dates kept as ISO text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.errors import BadRequest

#: Text before and after every date.
EARLIEST, LATEST = "0000-01-01", "9999-12-31"

#: ``a`` to ``A`` against ``b`` to ``B``.
TEMPORAL = {
    "t_after": "{a} > {B}",
    "t_before": "{A} < {b}",
    "t_contains": "{a} < {b} AND {A} > {B}",
    "t_disjoint": "{A} < {b} OR {a} > {B}",
    "t_during": "{a} > {b} AND {A} < {B}",
    "t_equals": "{a} = {b} AND {A} = {B}",
    "t_finishedBy": "{a} < {b} AND {A} = {B}",
    "t_finishes": "{a} > {b} AND {A} = {B}",
    "t_intersects": "{a} <= {B} AND {A} >= {b}",
    "t_meets": "{A} = {b}",
    "t_metBy": "{a} = {B}",
    "t_overlappedBy": "{a} > {b} AND {a} < {B} AND {A} > {B}",
    "t_overlaps": "{a} < {b} AND {A} > {b} AND {A} < {B}",
    "t_startedBy": "{a} = {b} AND {A} > {B}",
    "t_starts": "{a} = {b} AND {A} < {B}",
}


End = tuple[Any, str | None]


def ends(node: Any) -> tuple[End, End]:
    """First and last moment of an instant or interval: a text or a property node,
    and what stands for it where it is unknown (an unknown end of an interval is an
    open one)."""
    if isinstance(node, Mapping) and isinstance(node.get("interval"), list):
        if len(node["interval"]) != 2:
            raise _no_date(node)
        first, last = node["interval"]
        return _end(first, EARLIEST), _end(last, LATEST)
    return _end(node, None), _end(node, None)


def _end(node: Any, unbounded: str | None) -> End:
    if isinstance(node, Mapping):
        if "property" in node:
            return node, unbounded
        node = node.get("date", node.get("timestamp"))
    if node == ".." and unbounded:
        return unbounded, None
    return _day(node), None


def _day(text: Any) -> str:
    """The day of a date or timestamp: fields hold days."""
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except (TypeError, ValueError):
        raise _no_date(text) from None


def _no_date(node: Any) -> BadRequest:
    return BadRequest(
        f"{node!r} in the filter is not a date. Write DATE('2026-01-31').",
        f"过滤条件中的“{node}”不是日期，请写成 DATE('2026-01-31')。",
        parameter="filter",
    )
