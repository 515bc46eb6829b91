"""``create_app``: the parts, the routes, the rules that hold for every answer."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.routing import Route
from starlette.types import Lifespan

from layers.catalogue import Catalogue
from service import refusals
from service.accounts import Accounts
from service.atlas import Atlas
from service.edge import Edge
from service.lane import Lane
from service.responses import software_version
from service.routes import (
    changesets,
    documents,
    editing,
    features,
    identify,
    maps,
    oidc,
    openapi,
    operations,
    read,
    search,
    session,
    statistics,
    styles,
    tiles,
    tokens,
    uploads,
)
from service.settings import Settings
from service.site import Site
from service.snapshots import Snapshots
from service.stores.base import Store

if TYPE_CHECKING:
    from service.oidc import Oidc

ROUTE_FILES = (
    features, editing, tiles, maps, statistics, identify, search, styles, documents,
    read, uploads, changesets, session, oidc, tokens, operations, openapi,
)  # fmt: skip


#: It costs every request some microseconds; the access log tells what is needed.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def create_app(
    settings: Settings,
    *,
    store: Store | None = None,
    catalogue: Catalogue | None = None,
) -> FastAPI:
    """The service. Without ``store`` the lifespan opens (and closes) the one that the
    settings name; without ``catalogue`` the project's own layers are served."""
    app = FastAPI(
        title="荔湾规划一张图 Liwan Atlas",
        version=software_version(),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
        lifespan=_lifespan(settings, store, catalogue),
    )
    hot: list[Route] = [
        route for file in ROUTE_FILES for route in getattr(file, "routes", ())
    ]
    app.router.routes.extend(hot)
    for file in ROUTE_FILES:
        app.include_router(file.router, prefix="/api")
    app.router.routes.extend(Site(settings.static_dir).routes())
    refusals.install(app)
    app.add_middleware(Lane, routes=hot)
    app.add_middleware(Edge, access_log=settings.access_log)
    return app


def _lifespan(
    settings: Settings, given: Store | None, catalogue: Catalogue | None
) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        from service.stores import open_store

        store = given or open_store(settings.store_url)
        try:
            app.state.atlas = make_atlas(settings, store, catalogue)
            gc.freeze()  # what lives as long as the process need not be looked at
            yield
        finally:
            if given is None:
                store.close()

    return lifespan


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
    return Atlas(settings, catalogue, store, Snapshots(store), accounts, oidc)


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
