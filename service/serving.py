"""The processes that serve: one watches, the others answer.

Where processes can be forked, the watching one imports everything once and its
workers share that memory. It never opens a connection of its own while workers are
made: each of them opens its store, its threads and its event loop after the fork.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

import uvicorn

from geo.errors import BilingualError
from service.app import Application, create_app, make_atlas
from service.settings import Settings
from service.stores import open_store
from service.wire import Wire

log = logging.getLogger("atlas")

#: Requests under way at the end may take so long.
DRAIN_SECONDS = 30
#: Between the last connection taken and the first one closed.
LINGER_SECONDS = 0.3
#: A worker that ends sooner is replaced only after this pause.
PAUSE_SECONDS = 1.0
#: The place of who answers at all sockets while the rest of the service is imported.
DOORMAN = -1
BACKLOG = 2048
_ENDING = {signal.SIGTERM, signal.SIGINT}
_WATCHED = {*_ENDING, signal.SIGCHLD} if hasattr(signal, "SIGCHLD") else _ENDING


class PortTaken(BilingualError):
    """The address cannot be listened on."""


class _Ended(BaseException):
    """A signal has come while the rest of the service was brought in."""


def serve(settings: Settings) -> None:
    """Serve until a signal ends it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.workers > 1 and not can_fork():
        _prepare(settings)
        uvicorn.run("service.main:app", **_options(settings), workers=settings.workers)
        return
    app = create_app(settings)
    config = uvicorn.Config(app, **_options(settings))
    if settings.workers == 1:
        _sockets(settings, 0)  # the server itself would tell it after the address
        _told(settings)
        with suppress(KeyboardInterrupt):  # Ctrl+C has ended it by then
            Lingering(config).run()
        return
    config.load()
    config.get_loop_factory()
    listening = _sockets(settings, settings.workers)  # one for each worker
    _prepare(settings)
    _told(settings)
    Watch(app, config, listening).run()


def can_fork() -> bool:
    """Whether a process may be forked after its libraries are loaded; on macOS the
    system's own ones forbid it."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "proxy_headers": True,
        "timeout_graceful_shutdown": DRAIN_SECONDS,
        "ws": "none",
        "http": Wire,
    }


def _sockets(settings: Settings, count: int) -> list[socket.socket]:
    """So many at the address, or why there can be none. The system shares connections
    out among them; of one, whichever worker wakes first takes all that wait."""
    shares = sys.platform == "linux"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    at, found = (settings.host, settings.port), []
    try:
        # Sockets that share a port would also share it with another service.
        socket.create_server(at, family=family).close()
        for _ in range(count):
            one = socket.create_server(
                at, family=family, backlog=BACKLOG, reuse_port=shares
            )
            found.append(one)
            at = one.getsockname()[:2]  # the same for all where any port will do
            if not shares:
                return found * count
    except OSError as error:
        raise PortTaken(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}."
            " Choose another port with --port or ATLAS_PORT.",
            f"无法监听 {settings.host}:{settings.port}。"
            "请用 --port 或 ATLAS_PORT 另选端口。",
        ) from error
    return found


def _prepare(settings: Settings) -> None:
    """Make the store ready before the workers start, so that they agree at once and
    the first administrator's token is shown once."""
    store = open_store(settings.store_url)
    try:
        make_atlas(settings, store)
    finally:
        store.close()


def _told(settings: Settings) -> None:
    address = f"http://{settings.host}:{settings.port}"
    print(f"\n  Liwan Atlas 荔湾规划一张图  →  {address}\n", flush=True)


class Lingering(uvicorn.Server):
    """Hears out who has just connected before it ends, and is no stranger to what the
    first visitor asks."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if isinstance(app := self.config.app, Application):
            self._rehearsal = asyncio.create_task(app.rehearse())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await asyncio.sleep(LINGER_SECONDS)
        await super().shutdown(sockets)


class Child(NamedTuple):
    """A process that answers: at which socket, and since when."""

    place: int
    begun: float


class Watch:
    """Keeps so many workers alive, and ends them when it is told to end."""

    def __init__(
        self,
        app: Application,
        config: uvicorn.Config,
        listening: list[socket.socket],
    ) -> None:
        self._app, self._config, self._listening = app, config, listening
        self._alive: dict[int, Child] = {}
        # Workers end when nobody holds the other end any more.
        self._tether, self._held = os.pipe()

    def run(self) -> None:
        """Blocks until SIGTERM or SIGINT, and until every worker has ended."""
        for sign in _ENDING:
            signal.signal(sign, _end_here)
        signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        self._start(DOORMAN)
        with suppress(_Ended):
            self._complete()
            for place in range(len(self._listening)):
                self._start(place)
            self._retire(only=DOORMAN)
            while signal.sigwait(_WATCHED) == signal.SIGCHLD:
                self._replace()
        self._end()

    def _complete(self) -> None:
        """Bring in the rest of the service; a signal does not wait for it."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        try:
            self._app.whole.complete()
        finally:
            signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        gc.collect()
        gc.freeze()  # what is not looked at by the collector stays shared

    def _start(self, place: int) -> None:
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            self._app.completes = place != DOORMAN
            if place == DOORMAN:  # others take its place: who it serves may finish
                self._config.timeout_graceful_shutdown = None
            self._work(
                self._listening if place == DOORMAN else [self._listening[place]]
            )
        self._alive[pid] = Child(place, time.monotonic())

    def _work(self, listening: list[socket.socket]) -> NoReturn:
        """A worker's whole life."""
        os.close(self._held)
        for sign in _ENDING:
            signal.signal(sign, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        _end_with(self._tether)
        code = 0
        try:
            Lingering(self._config).run(sockets=listening)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException:
            log.exception("a worker failed")
            code = 1
        finally:
            logging.shutdown()
            os._exit(code)  # the watching process's clean-up is not ours

    def _retire(self, only: int | None = None) -> None:
        for pid, child in self._alive.items():
            if only in (None, child.place):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)

    def _replace(self) -> None:
        """Start a worker for each that has died."""
        for pid, child, status in self._gone():
            if child.place == DOORMAN:
                continue
            log.warning("worker %d ended with status %d; another starts", pid, status)
            if time.monotonic() - child.begun < PAUSE_SECONDS:
                time.sleep(PAUSE_SECONDS)
            self._start(child.place)

    def _gone(self) -> list[tuple[int, Child, int]]:
        """What has ended since the last look."""
        found = []
        for pid in list(self._alive):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                child = self._alive.pop(pid)
                found.append((pid, child, os.waitstatus_to_exitcode(status)))
        return found

    def _end(self) -> None:
        """Let requests under way finish; a second signal, or time, ends the wait."""
        for one in self._listening:
            one.close()
        self._retire()
        until = time.monotonic() + DRAIN_SECONDS + 5
        self._gone()
        while self._alive and (left := until - time.monotonic()) > 0:
            told = signal.sigtimedwait(_WATCHED, left)
            self._gone()
            if told is None or told.si_signo != signal.SIGCHLD:
                break
        for pid in self._alive:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _end_here(*_: object) -> NoReturn:
    raise _Ended


def _end_with(tether: int) -> None:
    """End this process when the watching one is gone, however that ended."""

    def wait() -> None:
        os.read(tether, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
