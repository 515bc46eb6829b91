"""The OpenAPI document: self-contained, true, and nothing in it ends in a 5xx."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings

Body = dict[str, Any]
#: Whatever the schema says of a value, the name at least is understood.
PLACEHOLDERS = {"layer": "district", "id": "x", "grid": "WebMercatorQuad"}


@pytest.fixture(scope="module")
def document(client: TestClient) -> Body:
    return client.get("/api/openapi.json").json()


def operations(document: Body) -> Iterator[tuple[str, str, Body]]:
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            yield verb, path, operation


def resolved(document: Body, entry: Body) -> Body:
    name = entry.get("$ref", "").rpartition("/")[2]
    return document["components"]["parameters"][name] if name else entry


def test_every_reference_is_inside(document: Body) -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from [node["$ref"]] if isinstance(node.get("$ref"), str) else []
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    for reference in set(references(document)):
        found: Any = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_operation_ids_are_unique(document: Body) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_every_operation_describes_its_problems(document: Body) -> None:
    for _, _, operation in operations(document):
        content = operation["responses"]["default"]["content"]
        assert "application/problem+json" in content


def test_no_parameter_is_described_twice(document: Body) -> None:
    for verb, path, operation in operations(document):
        names = [resolved(document, one)["name"] for one in operation["parameters"]]
        assert len(names) == len(set(names)), f"{verb} {path}"


def test_every_described_parameter_is_understood(
    client: TestClient, document: Body, as_role: dict[str, dict[str, str]]
) -> None:
    strange = []
    for verb, path, operation in operations(document):
        for entry in operation["parameters"]:
            one = resolved(document, entry)
            if verb != "get" or one["in"] != "query":
                continue
            url = f"/api{path}".format_map(Missing(PLACEHOLDERS))
            answer = client.get(
                url, params={one["name"]: "?"}, headers=as_role["admin"]
            )
            if "Unknown query parameter" in answer.text:
                strange.append(f"{path}: {one['name']}")
    assert strange == []


class Missing(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "1"


def test_the_older_document_says_the_same(client: TestClient, document: Body) -> None:
    older = client.get("/api/openapi-3.0.json").json()
    assert older["openapi"] == "3.0.3"
    assert older["paths"].keys() == document["paths"].keys()
    assert '"const"' not in client.get("/api/openapi-3.0.json").text


def test_the_manual_needs_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.get("/api/docs")
    assert "<script" not in answer.text
    assert "'sha256-" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/collections/district/items?bbox=x"), ("GET", "/collections/none"),
     ("GET", "/collections/district/items?crs=x"), ("DELETE", "/collections"),
     ("GET", "/collections/district/items?limit=x"), ("POST", "/session"),
     ("GET", "/collections/district/items/none"), ("GET", "/nowhere")],
)  # fmt: skip
def test_a_problem_s_type_is_explained_in_the_manual(
    client: TestClient, method: str, path: str
) -> None:
    page, _, anchor = (
        client.request(method, f"/api{path}").json()["type"].partition("#")
    )
    assert f'id="{anchor}"' in client.get(page).text


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The schema of an application of its own."""
    folder = tmp_path_factory.mktemp("described")
    app = create_app(Settings(data_dir=folder, access_log=False))
    with TestClient(app, raise_server_exceptions=False), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield schemathesis.openapi.from_asgi("/api/openapi.json", app)


def test_no_read_ends_in_a_server_error(described: Any) -> None:
    reads = described.include(method="GET", path_regex=READS)
    for result in reads.get_all_operations():
        never_fails(result.ok())


READS = (
    r"^/($|conformance|collections($|/\{|/metro-stations)|statistics|identify|search)"
)


def never_fails(operation: Any) -> None:
    # Few of each: `make fuzz` asks thousands of times, writes and all.
    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        answer = case.call()
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            told = answer.json().keys()
            assert {"type", "title", "status", "detail", "detail_zh"} <= told

    check()


def understood(text: str) -> set[str]:
    """The names that a refusal of an unknown parameter lists."""
    listed = re.search(r"understands: ([^\"]*)\.\"", text)
    return set(listed[1].split(", ")) if listed else set()


def test_everything_an_address_understands_is_described(
    client: TestClient, document: Body, as_role: dict[str, dict[str, str]]
) -> None:
    """But for ``f`` and ``lang`` where they change nothing, and a layer's own fields,
    which its literal path describes."""
    missing = {}
    for verb, path, operation in operations(document):
        if verb != "get" or path == "/collections/{layer}/items":
            continue
        entries = [resolved(document, one) for one in operation["parameters"]]
        told = {one["name"] for one in entries if one["in"] == "query"}
        url = f"/api{path}".format_map(Missing(PLACEHOLDERS))
        answer = client.get(url, params={"nosuch": 1}, headers=as_role["admin"])
        if untold := understood(answer.text) - told - {"f", "lang"}:
            missing[path] = sorted(untold)
    assert missing == {}


def test_every_success_has_a_description(document: Body) -> None:
    for verb, path, operation in operations(document):
        codes = [code for code in operation["responses"] if code[0] in "23"]
        assert codes, f"{verb} {path}"
