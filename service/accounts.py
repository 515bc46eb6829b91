"""Who is asking, and what they may do. Roles: viewer < editor < reviewer < admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["anonymous", "viewer", "editor", "reviewer", "admin"]
ROLES: tuple[Role, ...] = ("anonymous", "viewer", "editor", "reviewer", "admin")


@dataclass(frozen=True, slots=True)
class Principal:
    """The person or program behind a request. ``layers`` None means every layer."""

    name: str
    role: Role
    layers: frozenset[str] | None = None
    token_id: str | None = None

    def has(self, role: Role) -> bool:
        """Whether the role is at least the one asked for."""
        return ROLES.index(self.role) >= ROLES.index(role)


class Accounts:
    """To be filled by the accounts work: tokens, sessions, the first administrator."""
