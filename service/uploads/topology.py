"""TopoJSON says a line once and uses it many times: how many vertices that makes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from service.uploads.limits import Limits

_HEAD = 1 << 16


def is_topology(path: Path) -> bool:
    """Whether a JSON file is TopoJSON."""
    with path.open("rb") as file:
        return b'"Topology"' in file.read(_HEAD)


def check_arcs(path: Path, limits: Limits) -> None:
    """Refuse what would unfold into more vertices than are allowed."""
    if not is_topology(path):
        return
    try:
        topology = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return  # told by the reader, with its place
    if isinstance(topology, dict):
        limits.check(0, _unfolded(topology))


def _unfolded(topology: dict[str, Any]) -> int:
    arcs = topology.get("arcs")
    lengths = [len(a) if isinstance(a, list) else 0 for a in arcs or ()]
    waiting: list[Any] = [topology.get("objects")]
    total = 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting += [item[k] for k in item if k not in ("properties", "id", "bbox")]
        elif isinstance(item, list):
            waiting += item
        elif isinstance(item, int) and lengths:
            arc = item if item >= 0 else ~item
            total += lengths[arc] if arc < len(lengths) else 0
    return total
