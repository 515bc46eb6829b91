"""What fuzz.py tells schemathesis: who asks, which names exist, what must hold."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import schemathesis

WORLD: dict[str, Any] = json.loads(Path(os.environ["ATLAS_FUZZ_WORLD"]).read_text())
ROLES = ("admin", "admin", "editor", "editor", "reviewer", "reviewer", "viewer")
LAYERS = ("parcels", "parcels", "parcels", "metro-stations", "old-villages", "district")
TOLD = {"type", "title", "title_zh", "status", "detail", "detail_zh"}


def _draw(choices: Any, *seeds: Any) -> Any:
    """One of the choices, always the same one for the same case."""
    digest = hashlib.sha256(repr(seeds).encode("utf-8", "replace")).digest()
    return choices[digest[0] % len(choices)]


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: Any) -> Any:
    """Three of four invented names become names that exist."""
    if not path_parameters or _draw((0, 1, 2, 3), path_parameters) == 0:
        return path_parameters
    kind = context.operation.path.strip("/").split("/")[0]
    kind = "items" if "/items/{id}" in context.operation.path else kind
    known = {
        "layer": LAYERS,
        "layer_id": LAYERS,
        "id": WORLD["ids"].get(kind, ["x"]),
        "document_id": WORLD["ids"]["documents"],
        "grid": ["WebMercatorQuad"],
        "tileMatrix": ["14", "12", "0"],
        "tileRow": ["7108", "1777", "0"],
        "tileCol": ["13345", "3336", "0"],
        "number": ["1", "2"],
    }
    return {
        name: _draw(known[name], name, value) if name in known else value
        for name, value in path_parameters.items()
    }


#: What a description cannot spell out: beginnings that lead further in.
SENSE = {
    "filter": [
        "name_zh LIKE '%1%'", "area_m2 / 0 > accuracy_m ^ 99", "TRUE", "NOT (id = 'c')",
        "S_WITHIN(geometry, POLYGON((113 22, 114 22, 114 24, 113 22)))",
        "S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(113.2 23.1)))",
        "T_DURING(valid_from, INTERVAL('2020-01-01', '..'))",
        "CASEI(id) > ACCENTI('É')", "accuracy_m BETWEEN -1 AND 1e9",
        '{"op":"in","args":[{"property":"id"},["c"]]}',
        "S_INTERSECTS(geometry, BBOX(-1e300, -1, 1, 1e300))",
    ],
    "bbox": [
        "113.1,23,113.3,23.2", "2558680,422583,2559680,423583", "0,0,0,0",
        "1e9,0,2e9,1", "-180,-90,180,90", "nan,0,1,1", "23,113,24,114",
    ],
    "sortby": ["-name_zh,id", "area_m2", "+valid_from"],
    "properties": ["name_zh", "area_m2,evidence"],
    "layer": LAYERS, "with": LAYERS, "to": LAYERS, "collections": LAYERS,
    "layers": LAYERS, "by": ["evidence", "status", "landuse_code"],
    "distance": ["800", "1e-9", "50000"], "rings": ["0,500,800"],
    "version": ["1", "2"], "within": ["district/liwan", "functional-groups/x"],
    "q": ["沙", "huadi", "%_'"], "width": ["64"], "height": ["64"],
    "scale": ["5000"], "paper": ["a4", "10x10mm"],
    "as-of": ["2001-01-01", "2999-12-31T23:59:59Z"], "datetime": ["../2020-01-01"],
}  # fmt: skip


@schemathesis.hook
def map_query(context: Any, query: Any) -> Any:
    """Half of what is asked makes sense."""
    if not isinstance(query, dict) or _draw((0, 1), query) == 0:
        return query
    return {
        name: _draw(SENSE[name], name, value) if name in SENSE else value
        for name, value in query.items()
    }


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Ask as somebody, and say as whom."""
    role = _draw(ROLES, case.method, case.path, case.query, case.body)
    headers = dict(case.headers or {})
    headers["Authorization"] = f"Bearer {WORLD['tokens'][role]}"
    headers["X-Fuzz-Role"] = role
    case.headers = headers


@schemathesis.check
def success_is_described(ctx: Any, response: Any, case: Any) -> None:
    """``default`` describes problems; what succeeds has a description of its own."""
    if response.status_code >= 400 or case.method in ("OPTIONS", "HEAD", "TRACE"):
        return
    described = case.operation.definition.raw["responses"]
    assert str(response.status_code) in described, (
        f"{response.status_code} is not described"
    )


@schemathesis.check
def problems_speak_both_languages(ctx: Any, response: Any, case: Any) -> None:
    """Whatever fails, fails with one kind of body."""
    if response.status_code < 400:
        return
    kind = response.headers["content-type"][0]
    assert kind == "application/problem+json", f"a problem came as {kind}"
    if case.method != "HEAD":
        body = response.json()
        assert body.keys() >= TOLD, f"the problem lacks {sorted(TOLD - body.keys())}"
        assert body["status"] == response.status_code
