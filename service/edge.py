"""The outermost layer: every answer leaves through here.

HEAD becomes GET without a body, CORS opens reads, security headers are set, bodies
are compressed, one line is logged, and nothing ever ends in a 500.
"""

from __future__ import annotations

import asyncio
import logging
import re
import sys
import time
import uuid
from datetime import UTC, datetime

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.compression import Compressor
from service.responses import problem

log = logging.getLogger("atlas")

RawHeaders = list[tuple[bytes, bytes]]

_SECURITY: RawHeaders = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self)"),
]
#: For everything that is not a page: nothing may load, nothing may frame it.
_CSP = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_FENCED: RawHeaders = [*_SECURITY, _CSP]
_CORS: RawHeaders = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Content-Crs, ETag, Link, Location, Retry-After",
    ),
]
_PREFLIGHT: RawHeaders = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-max-age", b"86400"),
]
_READING: RawHeaders = [
    *_PREFLIGHT,
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"Accept, Authorization, If-None-Match"),
]
#: Questions too long for an address. They are POSTs, but change nothing.
_QUESTIONS = frozenset(
    {
        "/api/statistics/overlap",
        "/api/statistics/reach",
        "/api/map",
        "/api/map/sheets",
        "/api/checks/run",
        "/api/read",
    }
)
#: Its query logs somebody in, and is not for the log.
_SECRET = "/api/session/oidc/callback"
#: Nor are tokens that somebody puts into an address, where they open nothing.
_TOKENS = re.compile(
    r"atlas_[\w-]{20,}|(?<=token=)[^&]+|(?<=authorization=)[^&]+", re.IGNORECASE
)
_ASKING: RawHeaders = [
    *_PREFLIGHT,
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS, POST"),
    (b"access-control-allow-headers", b"Accept, Authorization, Content-Type"),
]


class Edge:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, *, access_log: bool = False) -> None:
        self._app = app
        self._access_log = access_log
        self._compressor = Compressor()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send, self._compressor)
        try:
            if exchange.is_preflight:
                await exchange.answer_preflight()
            else:
                await self._app(exchange.inner_scope, receive, exchange.send)
        except asyncio.CancelledError:  # the server ends, and has waited long enough
            if exchange.status:
                raise  # too late for a problem body
            await _told_of_the_end()(scope, receive, exchange.send)
        except Exception:  # the outermost handler: told to the log, not to the caller
            await self._fail(exchange, scope, receive)
        if self._access_log:
            exchange.write_log()

    async def _fail(self, exchange: _Exchange, scope: Scope, receive: Receive) -> None:
        reference = uuid.uuid4().hex[:12]
        log.exception("%s %s failed (%s)", scope["method"], scope["path"], reference)
        if exchange.status:
            return  # too late for a problem body: the server cuts the connection
        answer = problem(
            503,
            f"The service could not answer. Try again, and if it stays, tell the"
            f" administrator this reference: {reference}.",
            f"服务未能完成请求。请重试；若仍然如此，请将编号 {reference} 告知管理员。",
            kind="store-unavailable",
            extra={"reference": reference},
            headers={"retry-after": "5"},
        )
        await answer(scope, receive, exchange.send)


def _told_of_the_end() -> Response:
    """Who waits longer than the end of the service does. The work itself may still
    have been done: a thread is not cut short."""
    return problem(
        503,
        "The service ended before this was finished. Ask again in a moment; after a"
        " write, look first whether it has been done.",
        "服务在完成该请求之前停止。请稍后重试；若是写入操作，请先查看是否已经完成。",
        kind="service-ended",
        headers={"retry-after": "5"},
    )


def _make_private(headers: RawHeaders) -> None:
    """What was answered to a person may stay in that person's browser only."""
    for at, (name, value) in enumerate(headers):
        if name == b"cache-control" and b"private" not in value:
            headers[at] = name, b"private, " + value.replace(b"public, ", b"")


class _Exchange:
    """One request and its answer on the way out."""

    __slots__ = (
        "_bytes", "_compressor", "_head", "_held", "_scope", "_send", "_started",
        "status",
    )  # fmt: skip

    def __init__(self, scope: Scope, send: Send, compressor: Compressor) -> None:
        scope.setdefault("state", {})
        self._scope = scope
        self._send = send
        self._compressor = compressor
        self._started = time.perf_counter()
        self._head = scope["method"] == "HEAD"
        self._held: Message | None = None
        self.status = 0
        self._bytes = 0

    @property
    def inner_scope(self) -> Scope:
        return {**self._scope, "method": "GET"} if self._head else self._scope

    @property
    def is_preflight(self) -> bool:
        return self._scope["method"] == "OPTIONS" and (
            "access-control-request-method" in Headers(scope=self._scope)
        )

    @property
    def _is_question(self) -> bool:
        return self._scope["path"] in _QUESTIONS

    async def answer_preflight(self) -> None:
        await self.send(
            {
                "type": "http.response.start",
                "status": 204,
                "headers": list(_ASKING if self._is_question else _READING),
            }
        )
        await self.send({"type": "http.response.body", "body": b""})

    async def send(self, message: Message) -> None:
        """Hold the start until the body shows whether it can be compressed whole."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._held = message
            if self.status == 304:
                self._name_held(message["headers"])
            self._set_headers(message["headers"])
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        if (start := self._held) is not None:
            self._held = None
            if not message.get("more_body"):
                body = message.get("body", b"")
                body = self._compressor.compress(self._scope["headers"], start, body)
                message = {"type": "http.response.body", "body": body}
            await self._send(start)
        self._bytes += len(message.get("body", b""))
        await self._send({**message, "body": b""} if self._head else message)

    def _name_held(self, headers: RawHeaders) -> None:
        """A 304 carries the ETag of the representation that the caller holds."""
        held = Headers(scope=self._scope).get("if-none-match", "")
        for n, (name, value) in enumerate(headers):
            if name == b"etag":
                coded = (f'{value.decode()[:-1]}-{one}"' for one in ("gzip", "zstd"))
                match = next((etag for etag in coded if etag in held), None)
                headers[n] = (name, match.encode() if match else value)

    def _set_headers(self, headers: RawHeaders) -> None:
        scope = self._scope
        for name, _ in headers:
            if name == _CSP[0]:  # a page has its own
                headers.extend(_SECURITY)
                break
        else:
            headers.extend(_FENCED)
        principal = scope["state"].get("principal")
        if getattr(principal, "role", "anonymous") != "anonymous":
            _make_private(headers)
        asks = scope["method"] == "POST" and self._is_question
        reads = scope["method"] in ("GET", "HEAD") or asks
        if reads and scope["path"].startswith("/api"):
            headers.extend(_CORS)

    def _told_query(self) -> str:
        query: str = self._scope["query_string"].decode("latin-1")
        if query and self._scope["path"] == _SECRET:
            return "…"
        return _TOKENS.sub("…", query)[:500]

    def write_log(self) -> None:
        """One JSON line to standard error."""
        scope = self._scope
        client = scope.get("client") or ("-", 0)
        principal = scope["state"].get("principal")
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": scope["method"],
            "path": scope["path"],
            "query": self._told_query(),
            "status": self.status,
            "bytes": self._bytes,
            "ms": round((time.perf_counter() - self._started) * 1000, 2),
            "client": client[0],
            "who": getattr(principal, "name", None),
        }
        sys.stderr.buffer.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        sys.stderr.buffer.flush()
