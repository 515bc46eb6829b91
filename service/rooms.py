"""Every room of the API, put together: what FastAPI and its routes need is imported
here and nowhere before."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import State
from starlette.routing import Route

from service import refusals
from service.responses import software_version
from service.routes import (
    changesets,
    documents,
    editing,
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
    tokens,
    uploads,
)

PLAIN = (editing, openapi)
ROUTED = (
    maps, statistics, identify, search, styles, documents, uploads, read, changesets,
    session, oidc, tokens, operations,
)  # fmt: skip

#: It costs every request some microseconds; the access log tells what is needed.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


def make_whole(state: State, routes: Sequence[Route]) -> FastAPI:
    """The application with all routes; ``routes`` are those of the short way."""
    app = FastAPI(
        title="荔湾规划一张图 Liwan Atlas",
        version=software_version(),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_NO_TELEMETRY,
    )
    app.state = state
    app.router.routes.extend(routes)
    for file in PLAIN:
        app.router.routes.extend(file.routes)
    for routed in ROUTED:
        app.include_router(routed.router, prefix="/api")
    refusals.install(app)
    # The edge is the outermost handler: Starlette's own would answer before it.
    app.middleware_stack = app.build_middleware_stack().app  # type: ignore[attr-defined]
    return app
