"""The roles, lowest first, and what each is called in Chinese."""

from __future__ import annotations

from typing import Literal

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
