"""CQL2 (21-065r2), class Temporal Functions: all fifteen of them, between instants and
intervals, against their definition (ISO 8601 bounds, `..` open at either end)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from geo.frame import Frame
from service.atlas import Atlas
from service.stores.base import Changes, Publication

URL = "/api/collections/parcels/items"
DAYS = [f"2020-0{month}-01" for month in range(1, 8)]
OPEN = ("0000", "9999")
Interval = tuple[str, str]

#: The relations of Allen's algebra, from two intervals' bounds.
RELATIONS: dict[str, Callable[[str, str, str, str], bool]] = {
    "T_AFTER": lambda a, b, c, d: a > d,
    "T_BEFORE": lambda a, b, c, d: b < c,
    "T_CONTAINS": lambda a, b, c, d: a < c and b > d,
    "T_DISJOINT": lambda a, b, c, d: b < c or a > d,
    "T_DURING": lambda a, b, c, d: a > c and b < d,
    "T_EQUALS": lambda a, b, c, d: a == c and b == d,
    "T_FINISHEDBY": lambda a, b, c, d: a < c and b == d,
    "T_FINISHES": lambda a, b, c, d: a > c and b == d,
    "T_INTERSECTS": lambda a, b, c, d: a <= d and b >= c,
    "T_MEETS": lambda a, b, c, d: b == c,
    "T_METBY": lambda a, b, c, d: a == d,
    "T_OVERLAPPEDBY": lambda a, b, c, d: c < a < d < b,
    "T_OVERLAPS": lambda a, b, c, d: a < c < b < d,
    "T_STARTEDBY": lambda a, b, c, d: a == c and b > d,
    "T_STARTS": lambda a, b, c, d: a == c and b < d,
}
INTERVALS = [(a, b) for n, a in enumerate(DAYS) for b in DAYS[n:]]


@pytest.fixture(scope="module")
def held(client: TestClient, atlas: Atlas) -> dict[str, Interval]:
    """Parcels that hold for every interval between two of the days."""
    ids = np.array([f"p{n}" for n in range(len(INTERVALS))], dtype=object)
    west = 113.2 + np.arange(len(ids)) / 1000
    squares = shapely.box(west, 23.1, west + 0.0005, 23.1005)
    first, last = (
        np.array(days, dtype=object) for days in zip(*INTERVALS, strict=True)
    )
    frame = Frame(ids, squares, {"valid_from": first, "valid_to": last})
    nothing = np.array([], dtype=object)
    base = atlas.store.current_version("parcels")
    atlas.store.publish(Changes(frame, nothing), Publication("parcels", base, "Chen"))
    return dict(zip(ids, INTERVALS, strict=True))


def found(client: TestClient, text: str) -> set[str]:
    answer = client.get(URL, params={"filter": text, "limit": 100})
    assert answer.status_code == 200, answer.text
    return {feature["id"] for feature in answer.json()["features"]}


def written(interval: Interval) -> str:
    first, last = (".." if end in OPEN else end for end in interval)
    return f"INTERVAL('{first}', '{last}')"


ends = st.sampled_from(["0000", *DAYS]), st.sampled_from([*DAYS, "9999"])
intervals = st.tuples(*ends).filter(lambda pair: pair[0] <= pair[1])
patiently = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@patiently
@given(name=st.sampled_from([*RELATIONS]), literal=intervals)
def test_intervals(
    client: TestClient, held: dict[str, Interval], name: str, literal: Interval
) -> None:
    text = f"{name}(INTERVAL(valid_from, valid_to), {written(literal)})"
    holds = RELATIONS[name]
    assert found(client, text) == {
        id for id, own in held.items() if holds(*own, *literal)
    }


@pytest.mark.parametrize("name", ["T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS",
                                  "T_INTERSECTS", "T_DURING"])  # fmt: skip
@pytest.mark.parametrize("day", DAYS)
def test_instants(
    client: TestClient, held: dict[str, Interval], name: str, day: str
) -> None:
    literal = (DAYS[1], DAYS[4]) if name == "T_DURING" else (day, day)
    told = written(literal) if name == "T_DURING" else f"DATE('{day}')"
    holds = RELATIONS[name]
    assert found(client, f"{name}(valid_from, {told})") == {
        id for id, (own, _) in held.items() if holds(own, own, *literal)
    }


def test_every_function_of_the_class_is_tried() -> None:
    from service.stores.temporal import TEMPORAL

    assert {name.lower() for name in RELATIONS} == {name.lower() for name in TEMPORAL}


@patiently
@given(when=intervals)
def test_datetime_means_intersects(
    client: TestClient, held: dict[str, Interval], when: Interval
) -> None:
    first, last = (".." if end in OPEN else end for end in when)
    answer = client.get(URL, params={"datetime": f"{first}/{last}", "limit": 100})
    got = {feature["id"] for feature in answer.json()["features"]}
    meets: Any = RELATIONS["T_INTERSECTS"]
    assert got == {id for id, own in held.items() if meets(*own, *when)}
