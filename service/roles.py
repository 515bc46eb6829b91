"""The roles, lowest first, and what each is called in Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

Role = Literal["anonymous", "viewer", "editor", "reviewer", "admin"]
ROLES: tuple[Role, ...] = ("anonymous", "viewer", "editor", "reviewer", "admin")

#: The page has the same words under ``role.…`` (a test compares them).
NAMES_ZH: dict[Role, str] = {
    "anonymous": "未登录",
    "viewer": "查看员",
    "editor": "编辑员",
    "reviewer": "审核员",
    "admin": "管理员",
}


def highest(names: Iterable[Any], meaning: Mapping[str, Role]) -> Role | None:
    """The highest role that any of the names stands for."""
    found = [meaning[name] for name in names if name in meaning]
    return max(found, key=ROLES.index, default=None)
