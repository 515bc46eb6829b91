"""What comes over a connection before it is a request."""

from __future__ import annotations

import re
from urllib.parse import quote

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.errors import BadRequest
from service.responses import problem_response

_REQUEST_LINE = re.compile(rb"[A-Z]{3,16} (/[^\r\n]*) HTTP/1\.[01]\r\n")
#: Everything in ASCII stays; the rest is what people type and programs encode.
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


class Wire(HttpToolsProtocol):
    """HTTP/1.1 by llhttp, with addresses as people type them (``?q=西关``), which
    curl sends without encoding, and refusals that can be read."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data if data.isascii() else with_address_encoded(data))

    def send_400_response(self, msg: str) -> None:
        answer = problem_response(
            BadRequest(
                "This is not an HTTP/1.1 request. Write letters outside ASCII in an"
                " address as UTF-8, percent-encoded.",
                "这不是合格的 HTTP/1.1 请求。网址里的中文请用 UTF-8 百分号编码。",
            )
        )
        headers = [*answer.raw_headers, (b"connection", b"close")]
        lines = [b": ".join(pair) for pair in headers]
        start = b"HTTP/1.1 400 Bad Request"
        self.transport.write(b"\r\n".join([start, *lines, b"", bytes(answer.body)]))
        self.transport.close()


def with_address_encoded(data: bytes) -> bytes:
    """The first bytes of a request with its address in ASCII, if it is in UTF-8;
    anything else as it is."""
    line = _REQUEST_LINE.match(data)
    if line is None or line[1].isascii():
        return data
    try:
        address = line[1].decode()
    except UnicodeDecodeError:
        return data
    start, end = line.span(1)
    return data[:start] + quote(address, safe=_ASCII).encode() + data[end:]
