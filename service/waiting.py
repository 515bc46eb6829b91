"""Long work in a thread, for as long as somebody waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from geo.stopping import Stopped, stopped_when
from service.errors import NobodyWaits

_T = TypeVar("_T")


async def while_waited_for(request: Request, work: Callable[[], _T]) -> _T:
    """What ``work`` gives. When the client goes away it ends at its next step
    (``geo.stopping``). The body of the request has been read before."""
    gone = Event()
    watch = asyncio.create_task(_tell(request, gone))
    try:
        return await run_in_threadpool(stopped_when, gone.is_set, work)
    except Stopped:
        raise NobodyWaits(
            "The connection was closed before the answer was ready; nothing more is"
            " computed. Ask again.",
            "连接在得出结果之前已关闭，计算已停止。请重新提问。",
        ) from None
    finally:
        watch.cancel()


async def _tell(request: Request, gone: Event) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()
