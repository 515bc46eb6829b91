"""A login on its way to an OpenID provider and back."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import astuple, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Attempt:
    """What only this browser knows: state and nonce tie the answer to the question,
    the verifier ties the code to whoever asked for it (PKCE)."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Self:
        """A new one, not to be guessed."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @classmethod
    def from_cookie(cls, text: str) -> Self | None:
        """The one that a browser brings back."""
        parts = text.split(".")
        return cls(*parts) if len(parts) == 3 and all(parts) else None

    @property
    def cookie(self) -> str:
        """Its form in a cookie."""
        return ".".join(astuple(self))

    def answers(self, state: str) -> bool:
        """Whether the provider's answer belongs to this question."""
        return hmac.compare_digest(self.state.encode(), state.encode())
