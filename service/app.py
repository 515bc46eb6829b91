"""``create_app``: what answers at once, and the whole service behind it.

A process that only serves layers, items, tiles and the map needs a third of the
packages; the rest is brought in when it is first asked for, or in a quiet moment.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from starlette.datastructures import State
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from layers.catalogue import Catalogue
from service.accounts import Accounts
from service.atlas import Atlas
from service.edge import Edge
from service.frames import Frames
from service.lane import Lane
from service.quiet import Quiet
from service.rehearsal import rehearse
from service.routes import features, opening, tiles
from service.settings import Settings
from service.site import Site
from service.snapshots import Snapshots
from service.stores import open_store
from service.stores.base import Store
from service.whole import Whole

if TYPE_CHECKING:
    from service.oidc import Oidc


class Application:
    """The ASGI application: edge, then the short way, else the whole service."""

    def __init__(
        self, settings: Settings, store: Store | None, catalogue: Catalogue | None
    ) -> None:
        self.state = State()
        #: Whether to bring in the rest, and index names, in the quiet after the start.
        self.completes = True
        self._given = settings, store, catalogue
        routes = [
            *features.routes,
            *tiles.routes,
            *_site(settings).routes(),
        ]
        self.whole = Whole(self.state, routes)
        lane = Lane(self.whole, routes=[*routes, *opening.routes])
        self._answer = Edge(lane, access_log=settings.access_log)
        self._unlogged = Edge(lane)
        self._quiet = Quiet(self._complete)
        self._life = Router(lifespan=self._lifespan)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        self._quiet.stir()
        handle = self._life if scope["type"] == "lifespan" else self._answer
        await handle(scope, receive, send)

    async def rehearse(self) -> None:
        """Make what the first view needs, while others may ask already."""
        settings = self._given[0]
        await rehearse(self._unlogged, self, (settings.host, settings.port))

    @asynccontextmanager
    async def _lifespan(self, app: Application) -> AsyncIterator[None]:
        settings, given, catalogue = self._given
        store = given or open_store(settings.store_url)
        try:
            self.state.atlas = make_atlas(settings, store, catalogue)
            gc.freeze()  # what lives as long as the process need not be looked at
            if self.completes:
                self._quiet.start()
            yield
        finally:
            if hasattr(self.state, "search"):
                self.state.search.close()
            self._quiet.end()
            if hasattr(self.state, "plates"):
                self.state.plates.close()
            if given is None:
                store.close()

    def _complete(self) -> None:
        """What everyone needs sooner or later, in a quiet moment."""
        self.whole.complete()
        from service.search import warm
        from service.statistics.plates import plates_in
        from service.uploads.register import sweep

        sweep(self.state.atlas)
        warm(self.state)
        plates_in(self.state).warm(self.state.atlas.store.current_versions())
        _give_back_memory()


def _give_back_memory() -> None:
    """What the first reading took and no longer needs; glibc keeps it otherwise."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _site(settings: Settings) -> Site:
    return Site(settings.static_dir, _pictures(settings), settings.embed_origins)


def _pictures(settings: Settings) -> list[str]:
    found = (host for base in settings.basemaps for host in base.origins)
    return list(dict.fromkeys(found))


def create_app(
    settings: Settings,
    *,
    store: Store | None = None,
    catalogue: Catalogue | None = None,
) -> Application:
    """The service. Without ``store`` the lifespan opens (and closes) the one that the
    settings name; without ``catalogue`` the project's own layers are served."""
    return Application(settings, store, catalogue)


def make_atlas(
    settings: Settings, store: Store, catalogue: Catalogue | None = None
) -> Atlas:
    """The parts over an open store, with the first layers loaded into it."""
    from service.loading import load_initial

    catalogue = catalogue or Catalogue.load()
    store.prepare(tuple(catalogue))
    load_initial(store, catalogue)
    accounts = Accounts(store, settings)
    if (token := accounts.ensure_administrator()) is not None:
        announce(token)
    oidc = _provider(settings) if settings.oidc_issuer else None
    frames = Frames(store, catalogue, settings.data_dir / "frames")
    snapshots = Snapshots(store, frames)
    return Atlas(settings, catalogue, store, snapshots, accounts, oidc)


def _provider(settings: Settings) -> Oidc:
    try:
        from service.oidc import Oidc
    except ModuleNotFoundError as missing:
        raise RuntimeError(
            "ATLAS_OIDC_ISSUER is set, but a package is missing. Install it with:"
            " pip install -c constraints.txt authlib httpx2"
        ) from missing
    return Oidc(settings)


def announce(token: str) -> None:
    """Show the first administrator's token, once."""
    title = "Administrator's token, shown once 管理员令牌，只显示一次"
    print(f"\n  {title}:\n  {token}\n", flush=True)
