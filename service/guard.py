"""What a route asks of its caller before it reads the body, as an entry of its
``dependencies``: who may not write is not told what is wrong with what they sent."""

from __future__ import annotations

from typing import Any

from fastapi import Depends
from starlette.requests import Request

from service.rights import require
from service.roles import Role


def needs(role: Role) -> Any:
    """Refuse callers without the role."""

    def check(request: Request) -> None:
        require(request, role)

    return Depends(check)
