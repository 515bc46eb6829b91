"""CQL2 (21-065r2), annex A: every class that is declared, against the evaluation of an
independent implementation (the cql2 library's) on the same features."""

from __future__ import annotations

from typing import Any

import cql2
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

Body = dict[str, Any]
SPEC = "http://www.opengis.net/spec/cql2/1.0/conf/"


@pytest.fixture(scope="module")
def features(client: TestClient) -> dict[str, list[Body]]:
    """Everything of the layers that are asked."""
    found = {}
    for layer in ("metro-stations", "functional-groups", "old-villages"):
        url = f"/api/collections/{layer}/items?limit=1000"
        found[layer] = client.get(url).json()["features"]
    return found


def agrees(
    client: TestClient, features: dict[str, list[Body]], layer: str, text: str
) -> list[str]:
    """The server's ids, after checking them against the library's evaluation."""
    url = f"/api/collections/{layer}/items"
    answer = client.get(url, params={"filter": text, "limit": 1000})
    assert answer.status_code == 200, answer.text
    found = [feature["id"] for feature in answer.json()["features"]]
    assert answer.json()["numberMatched"] == len(found)
    expression = cql2.Expr(text)
    expected = [one["id"] for one in features[layer] if holds(expression, one)]
    assert set(found) == set(expected)
    return found


def holds(expression: cql2.Expr, feature: Body) -> bool:
    """Missing values make a condition unknown, and what is unknown is not selected."""
    try:
        return expression.matches(feature)
    except (RuntimeError, ValueError, cql2.ValidationError, cql2.ParseError):
        return False
    except Exception as error:
        assert "Could not reduce" in str(error)
        return False


CLASSES = {
    "basic-cql2": [
        "evidence = 'digitised'", "evidence <> 'digitised'", "accuracy_m > 50",
        "accuracy_m >= 100", "accuracy_m < 100", "accuracy_m <= 50.5",
        "name_zh IS NULL", "valid_to IS NULL", "name_zh IS NOT NULL",
        "evidence = 'digitised' AND accuracy_m <= 100", "NOT (accuracy_m < 100)",
        "accuracy_m < 50 OR name_en > 'M'", "valid_from > DATE('2010-01-01')",
        "valid_from = DATE('2022-09-28')", "TRUE", "FALSE", "NOT TRUE",
    ],
    "advanced-comparison-operators": [
        "name_zh LIKE '%站'", "name_en LIKE 'H_%'", "name_en NOT LIKE '%a%'",
        "accuracy_m BETWEEN 10 AND 100", "accuracy_m NOT BETWEEN 10 AND 100",
        "evidence IN ('digitised', 'official')", "accuracy_m NOT IN (10, 20, 100)",
    ],
    "case-insensitive-comparison": [
        "CASEI(name_en) = CASEI('HUANGSHA STATION')",
        "CASEI(name_en) LIKE CASEI('h%')",
    ],
    "accent-insensitive-comparison": [
        "ACCENTI(name_en) = ACCENTI('Huangsha Station')",
        "ACCENTI(name_en) LIKE ACCENTI('Húang%')",
        "CASEI(ACCENTI(name_en)) LIKE CASEI(ACCENTI('HÚANG%'))",
    ],
    "basic-spatial-functions": [
        "S_INTERSECTS(geometry, POINT(113.24 23.1))",
        "S_INTERSECTS(geometry, BBOX(113.2, 23.08, 113.24, 23.12))",
        "S_INTERSECTS(geometry, POLYGON((113.2 23.05, 113.25 23.05, 113.25 23.12,"
        " 113.2 23.05)))",
    ],
    "property-property": [
        "name_en = name_en", "name_zh <> name_en", "valid_from <= valid_from",
        "name_en < name_zh", "name_en >= name_zh", "evidence = status",
        "'digitised' = evidence", "100 <= accuracy_m", "accuracy_m = accuracy_m * 1",
        "name_en LIKE 'H%' AND name_en <> name_zh",
    ],
    "arithmetic": [
        "accuracy_m * 2 > 150", "accuracy_m + 10 >= 60", "accuracy_m - 50 < 0",
        "accuracy_m / 4 = 25", "accuracy_m ^ 2 > 5000", "accuracy_m % 7 = 2",
        "accuracy_m div 30 = 3", "accuracy_m = 2 * (30 + 20)", "-accuracy_m < -50",
        "accuracy_m + 2 * 3 = 106", "(accuracy_m + 2) * 3 = 306", "2 ^ 3 ^ 2 > 100",
        "accuracy_m - 10 - 5 = 85", "accuracy_m / 10 / 2 = 5", "1 + 1 = 2",
    ],
    "temporal-functions": [
        "T_AFTER(valid_from, DATE('2010-01-01'))",
        "T_BEFORE(valid_from, DATE('2015-06-01'))",
        "T_EQUALS(valid_from, DATE('2022-09-28'))",
        "T_DISJOINT(valid_from, DATE('2022-09-28'))",
        "T_INTERSECTS(valid_from, DATE('2022-09-28'))",
        "T_DURING(valid_from, INTERVAL('2009-01-01', '2014-01-01'))",
    ],
}  # fmt: skip
SPATIAL = [
    f"S_{name}(geometry, {shape})"
    for name in ("INTERSECTS", "DISJOINT", "WITHIN", "CONTAINS", "TOUCHES",
                 "CROSSES", "OVERLAPS", "EQUALS")
    for shape in (
        "POLYGON((113.18 23.04, 113.26 23.04, 113.26 23.12, 113.18 23.12,"
        " 113.18 23.04))",
        "LINESTRING(113.18 23.04, 113.25 23.13)",
        "POINT(113.2342 23.1001)",
        "MULTIPOINT((113.22 23.08), (113.24 23.11))",
    )
]  # fmt: skip


def test_declares_what_is_tested(conforms_to: list[str]) -> None:
    declared = {one.removeprefix(SPEC) for one in conforms_to if one.startswith(SPEC)}
    others = {"cql2-text", "cql2-json", "spatial-functions"}
    assert declared == CLASSES.keys() | others | {"basic-spatial-functions-plus"}


@pytest.mark.parametrize("text", [text for texts in CLASSES.values() for text in texts])
def test_agrees_on(client: TestClient, features: dict, text: str) -> None:
    agrees(client, features, "metro-stations", text)


@pytest.mark.parametrize("text", [text for texts in CLASSES.values() for text in texts])
def test_json_means_the_same_as_text(client: TestClient, text: str) -> None:
    url = "/api/collections/metro-stations/items"
    tree = orjson.dumps(cql2.parse_text(text).to_json()).decode()
    query = {"filter": tree, "filter-lang": "cql2-json", "limit": 1000}
    by_json = client.get(url, params=query)
    assert by_json.status_code == 200, by_json.text
    by_text = client.get(url, params={"filter": text, "limit": 1000})
    assert by_json.json()["features"] == by_text.json()["features"]


def test_members_of_a_list_may_be_folded(client: TestClient, features: dict) -> None:
    """The library does not evaluate functions in a list; equality says the same."""
    url = "/api/collections/metro-stations/items"
    query = {"filter": "CASEI(evidence) IN (CASEI('DIGITISED'), CASEI('x'))"}
    found = client.get(url, params={**query, "limit": 1000}).json()["features"]
    same = "CASEI(evidence) = CASEI('DIGITISED')"
    expected = agrees(client, features, "metro-stations", same)
    assert [feature["id"] for feature in found] == expected


@pytest.mark.parametrize("text", SPATIAL)
@pytest.mark.parametrize("layer", ["functional-groups", "metro-stations"])
def test_agrees_in_space(
    client: TestClient, features: dict, layer: str, text: str
) -> None:
    agrees(client, features, layer, text)


@pytest.mark.parametrize(
    "text",
    ["T_INTERSECTS(INTERVAL(valid_from, valid_to), INTERVAL('2000-01-01', '..'))",
     "T_STARTS(INTERVAL(valid_from, '..'), INTERVAL('2022-09-28', '..'))",
     "T_CONTAINS(INTERVAL(valid_from, '..'), DATE('2023-01-01'))",
     "T_FINISHEDBY(INTERVAL(valid_from, '2030-01-01'), INTERVAL('2029-01-01',"
     " '2030-01-01'))",
     "T_MEETS(INTERVAL('1990-01-01', valid_from), INTERVAL('2022-09-28', '..'))"],
)  # fmt: skip
def test_intervals_of_properties_are_understood(client: TestClient, text: str) -> None:
    url = "/api/collections/metro-stations/items"
    assert client.get(url, params={"filter": text}).status_code == 200


# -- random filters ----------------------------------------------------------------
text_values = st.sampled_from(
    ["digitised", "official", "existing", "Huangsha Station", "a", "ZZ", "荔湾", "%"]
)
numbers = st.sampled_from([0, 1, 10, 50, 80, 99.5, 100, 150, 1e6, -3])
dates = st.dates().map(lambda day: f"DATE('{max(day.year, 1000)}-01-15')")
boxes = st.tuples(
    st.floats(113.15, 113.25), st.floats(23.0, 23.1),
    st.floats(0.001, 0.1), st.floats(0.001, 0.1),
).map(
    lambda b: f"BBOX({b[0]:.5f},{b[1]:.5f},{b[0] + b[2]:.5f},{b[1] + b[3]:.5f})"
)  # fmt: skip
comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def quoted(text: str) -> str:
    return "'{}'".format(text.replace("'", "''"))


text_tests = st.tuples(
    st.sampled_from(["name_zh", "name_en", "evidence"]), comparisons, text_values
).map(lambda t: f"{t[0]} {t[1]} {quoted(t[2])}")
like_tests = st.tuples(
    st.sampled_from(["name_zh", "name_en"]),
    st.text("aHn站沙% _", min_size=1, max_size=4),
).map(lambda t: f"{t[0]} LIKE {quoted(t[1])}")
number_tests = st.tuples(comparisons, numbers, st.sampled_from(["", " * 2", " + 7"]))
leaves = st.one_of(
    text_tests,
    like_tests,
    number_tests.map(lambda t: f"accuracy_m{t[2]} {t[0]} {t[1]}"),
    st.tuples(numbers, numbers).map(lambda t: f"accuracy_m BETWEEN {t[0]} AND {t[1]}"),
    boxes.map(lambda box: f"S_INTERSECTS(geometry, {box})"),
    boxes.map(lambda box: f"S_WITHIN(geometry, {box})"),
    st.lists(text_values, min_size=1, max_size=3).map(
        lambda v: f"evidence IN ({', '.join(map(quoted, v))})"
    ),
)
filters = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda one: f"NOT ({one})"),
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
            lambda t: f"({t[0]}) {t[1]} ({t[2]})"
        ),
    ),
    max_leaves=6,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=filters, layer=st.sampled_from(["functional-groups", "metro-stations"]))
def test_random_filters_agree(
    client: TestClient, features: dict, text: str, layer: str
) -> None:
    located = {k: [f for f in v if f["geometry"]] for k, v in features.items()}
    assert located[layer] == features[layer]
    agrees(client, features, layer, text)
