"""The service with one more route: answers it has given before, from memory.

``python -m bench.constant`` on port ATLAS_PORT; the answers are files 0, 1, 2 … in the
folder ATLAS_BENCH_ANSWERS.
"""

from __future__ import annotations

import os
from pathlib import Path

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.app import Application, create_app
from service.responses import GEOJSON
from service.settings import Settings


def app() -> Application:
    folder = Path(os.environ["ATLAS_BENCH_ANSWERS"])
    answers = {path.name: path.read_bytes() for path in folder.iterdir()}

    async def constant(request: Request) -> Response:
        return Response(answers[request.url.query], media_type=GEOJSON)

    made = create_app(Settings())
    made.whole.complete().router.routes.insert(0, Route("/constant", constant))
    return made


if __name__ == "__main__":
    port = int(os.environ["ATLAS_PORT"])
    uvicorn.run(app(), port=port, log_level="warning", access_log=False)
