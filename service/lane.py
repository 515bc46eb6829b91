"""The short way for the hot routes: straight from the edge to the endpoint.

Between a middleware and a plain route the framework spends as long as the store does
on a hundred features. Everything that is not a GET of a plain route takes the long
way, and so does what no route matches.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.convertors import Convertor, PathConvertor, StringConvertor
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.errors import BilingualError
from service.responses import problem_response


class Lane:
    """ASGI middleware that answers GETs of the given routes itself."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[Route]) -> None:
        self._app = app
        self._routes = [
            (route.path_regex, _telling(route), route.endpoint)
            for route in routes
            if "GET" in (route.methods or ())
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            for pattern, convertors, endpoint in self._routes:
                if (match := pattern.match(scope["path"])) is None:
                    continue
                scope["path_params"] = parameters = match.groupdict()
                for name, convertor in convertors:
                    parameters[name] = convertor.convert(parameters[name])
                request = Request(scope, receive, send)
                try:
                    response = await endpoint(request)
                except BilingualError as error:
                    response = problem_response(error)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _telling(route: Route) -> list[tuple[str, Convertor[Any]]]:
    """The convertors that do more than hand the text on."""
    convertors = route.param_convertors.items()
    texts = (StringConvertor, PathConvertor)
    return [(name, one) for name, one in convertors if not isinstance(one, texts)]
