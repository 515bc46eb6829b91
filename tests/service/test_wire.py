"""What comes over a connection: addresses as people type them, and what is no HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse

from service.wire import Wire, with_address_encoded

Send = Callable[[bytes], bytes]


async def echo(scope, receive, send) -> None:
    request = Request(scope, receive)
    body = (await request.body()).decode("latin-1")
    said = {"path": request.url.path, **request.query_params, "body": body}
    await JSONResponse(said)(scope, receive, send)


@contextmanager
def listening() -> Iterator[int]:
    config = uvicorn.Config(
        echo, port=0, http=Wire, ws="none", lifespan="off", log_level="critical"
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as one:
        thread = Thread(target=server.run, kwargs={"sockets": [one]})
        thread.start()
        yield one.getsockname()[1]
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with listening() as found:
        yield found


@pytest.fixture
def send(port: int) -> Send:
    def go(*data: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as one:
            for part in data:
                one.sendall(part)
            with one.makefile("rb") as answer:
                return answer.read()

    return go


def request(address: str, *, encoding: str = "utf-8", body: bytes = b"") -> bytes:
    line = f"POST {address} HTTP/1.1\r\n".encode(encoding)
    headers = f"Host: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    return line + headers.encode() + body


def said(answer: bytes) -> dict:
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def test_an_address_may_be_typed_in_chinese(send: Send) -> None:
    answer = said(send(request("/检索?q=西关&a=%E6%BB%98")))
    assert answer == {"path": "/检索", "q": "西关", "a": "滘", "body": ""}


def test_a_body_is_left_as_it_is(send: Send) -> None:
    body = "POST /西关 HTTP/1.1\r\n".encode()
    assert said(send(request("/?q=滘", body=body)))["body"].encode("latin-1") == body


def test_a_body_that_looks_like_a_request_and_comes_later_is_left_too() -> None:
    assert with_address_encoded("西 GET /西 HTTP/1.1\r\n".encode()).startswith(
        "西".encode()
    )


@pytest.mark.parametrize(
    "data", [request("/西关", encoding="gbk"), b"\x00\x01\x02", b"GET\r\n\r\n", b"\xff"]
)
def test_what_is_no_request_is_told_in_both_languages(send: Send, data: bytes) -> None:
    answer = send(data + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"content-type: application/problem+json" in answer
    assert {"detail", "detail_zh", "status"} <= said(answer).keys()
