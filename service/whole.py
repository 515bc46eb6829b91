"""The whole service as FastAPI knows it, made when it is first needed."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import State
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

if TYPE_CHECKING:
    from fastapi import FastAPI


class Whole:
    """ASGI application: every route there is, over the parts in ``state``."""

    def __init__(self, state: State, routes: Sequence[Route]) -> None:
        self._state, self._routes = state, routes
        self._made: FastAPI | None = None
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._made
        if app is None:
            app = await run_in_threadpool(self.complete)
        await app(scope, receive, send)

    def complete(self) -> FastAPI:
        """Bring it in, if nobody has. Takes about a second: not on the event loop."""
        with self._lock:
            if self._made is None:
                from service.rooms import make_whole

                self._made = make_whole(self._state, self._routes)
                gc.freeze()  # it lives as long as the process: not to be looked at
            return self._made
