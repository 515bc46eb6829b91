"""Statistics are computed for as long as somebody waits for them."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request

from geo.stopping import step
from service.errors import NobodyWaits, status_of
from service.responses import problem_response
from service.waiting import while_waited_for


def _request(*messages: str) -> Request:
    """A client that sends these and then nothing more."""
    left = list(messages)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return {"type": left.pop(0)}

    return Request({"type": "http", "method": "GET", "headers": []}, receive)


def test_work_is_answered_while_the_client_waits() -> None:
    request = _request("http.request")
    assert asyncio.run(while_waited_for(request, lambda: 7)) == 7


def test_work_ends_when_the_client_has_gone() -> None:
    def endless() -> None:
        while True:
            step()

    request = _request("http.request", "http.disconnect")
    with pytest.raises(NobodyWaits) as caught:
        asyncio.run(while_waited_for(request, endless))
    assert status_of(caught.value) == 499
    assert problem_response(caught.value).status_code == 499
