"""Multipart bodies as no browser sends them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.requests import Request
from starlette.testclient import TestClient

from service.errors import BadRequest
from service.routes.read import frequency
from service.uploads.receiving import receive
from tests.service.uploads.files import feature, geojson, square

SQUARE = geojson(feature(square(113.24, 23.12)))
END = b"--B--\r\n"


@pytest.fixture(autouse=True)
def often() -> None:
    frequency.clear()


def part(disposition: str, content: bytes = SQUARE) -> bytes:
    head = f"--B\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode()
    return head + content + b"\r\n"


FILE = part('name="file"; filename="a.geojson"')


def send(client: TestClient, body: bytes, boundary: str = "B") -> Response:
    kind = {"content-type": f"multipart/form-data; boundary={boundary}"}
    return client.post("/api/read", content=body, headers=kind)


@pytest.mark.parametrize("boundary", ["", "x" * 71, "x" * 5000])
def test_an_odd_boundary_is_a_bad_request(client: TestClient, boundary: str) -> None:
    assert send(client, FILE + END, boundary).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        FILE,
        FILE[:-40],
        b"",
        END,
        FILE + FILE + END,
        part('name="crs"', b"4547") * 2 + FILE + END,
        part('name="crs"', b"x") * 100 + END,
        part('name="crs"', b"x" * 1_000_000) + FILE + END,
        part('name="file"') + END,
    ],
    ids=["no end", "cut", "empty", "end only", "same file", "same field", "many parts",
         "long field", "no file name"],
)  # fmt: skip
def test_a_body_that_is_not_whole_is_a_bad_request(
    client: TestClient, body: bytes
) -> None:
    answer = send(client, body)
    assert answer.status_code == 400
    assert answer.json()["detail_zh"]


def test_too_many_files_at_once_are_told_to_be_zipped(client: TestClient) -> None:
    many = [part(f'name="file"; filename="{n}.geojson"') for n in range(70)]
    answer = send(client, b"".join(many) + END)
    assert answer.status_code == 413
    assert "zip" in answer.json()["detail_zh"]


@pytest.mark.parametrize(
    "name",
    [
        'filename="a\x00b.geojson"',
        'filename="\u202egpj.geojson"',
        'filename="C:\\\\fakepath\\\\..\\\\a.geojson"',
    ],
)
def test_a_file_of_any_name_is_read(client: TestClient, name: str) -> None:
    assert send(client, part(f'name="file"; {name}') + END).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "filename*=UTF-8''%E8%8D%94%E6%B9%BE.geojson",
        "filename=\"x.geojson\"; filename*=utf-8'zh'%E8%8D%94%E6%B9%BE.geojson",
        "filename*=GBK''%C0%F3%CD%E5.geojson",
    ],
)
def test_a_file_name_may_say_its_encoding(
    client: TestClient, as_role: dict[str, dict[str, str]], name: str
) -> None:
    body = part('name="layer"', b"parcels") + part(f'name="file"; {name}') + END
    kind = {"content-type": "multipart/form-data; boundary=B"}
    answer = client.post("/api/uploads", content=body, headers=kind | as_role["editor"])
    assert answer.json()["filename"] == "荔湾.geojson"


def test_a_sender_who_hangs_up_is_no_failure_of_the_service(tmp_path: Path) -> None:
    kind = b"multipart/form-data; boundary=B"
    scope = {"type": "http", "headers": [(b"content-type", kind)]}
    told = [
        {"type": "http.request", "body": FILE[:90], "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def incoming() -> dict[str, object]:
        return told.pop(0)

    with pytest.raises(BadRequest, match="incomplete"):
        asyncio.run(receive(Request(scope, incoming), tmp_path, 1000))
