"""A request's body, read no further than it may be long."""

from __future__ import annotations

from starlette.requests import Request

from service.errors import TooLarge


async def bounded_body(request: Request, most: int, refusal: TooLarge) -> bytes:
    """All of it, counted while it comes in. Raises ``refusal`` beyond ``most``."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > most:
            raise refusal
    return bytes(received)
