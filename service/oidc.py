"""Logging in with an OpenID provider: authorization code with PKCE, state and nonce.

Imported only where ``ATLAS_OIDC_ISSUER`` is set; needs the packages of the extra
``oidc``. Endpoints and keys are asked for at every login, so that a provider may
change both at any time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from service.attempt import Attempt
from service.errors import Forbidden, LoginUnavailable, Unauthorised
from service.roles import Role
from service.settings import Settings

log = logging.getLogger("atlas")

#: Signatures that a provider makes with a key of its own; never "none" or a secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
_SECONDS = 10.0
_LEEWAY_S = 60


class Oidc:
    """One configured provider. Blocks: call from a thread."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._id = settings.oidc_client_id
        secret = settings.oidc_client_secret
        self._secret = None if secret is None else secret.get_secret_value()
        self._claim = settings.oidc_role_claim
        self._roles: Mapping[str, Role] = settings.oidc_roles

    def login_url(self, attempt: Attempt, back: str) -> str:
        """Where the provider asks who it is."""
        with self._client(back) as client:
            url, _ = client.create_authorization_url(
                self._metadata(client)["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(url)

    def identity(self, attempt: Attempt, code: str, back: str) -> tuple[str, list[str]]:
        """Name of the person who comes back with ``code``, and the groups that have a
        role here."""
        with self._client(back) as client:
            metadata = self._metadata(client)
            token = client.fetch_token(
                metadata["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=attempt.verifier,
            )
            keys = KeySet.import_key_set(_read(client, metadata["jwks_uri"]))
            claims = self._checked(token, keys, attempt.nonce)
        return _name(claims), self._groups(claims)

    @contextmanager
    def _client(self, back: str) -> Iterator[Any]:
        """A client whose failures are told as ours."""
        method = "none" if self._secret is None else "client_secret_basic"
        try:
            with OAuth2Client(
                self._id,
                self._secret,
                token_endpoint_auth_method=method,
                scope="openid profile email",
                redirect_uri=back,
                code_challenge_method="S256",
                timeout=_SECONDS,
            ) as client:
                yield client
        except (AuthlibBaseError, JoseError) as error:
            log.warning("OpenID login refused: %s", error)
            raise _refused() from None
        except (httpx2.HTTPError, KeyError, ValueError) as error:
            log.warning("OpenID provider %s: %r", self._issuer, error)
            raise _unavailable() from None

    def _metadata(self, client: Any) -> dict[str, Any]:
        found: dict[str, Any] = _read(
            client, f"{self._issuer}/.well-known/openid-configuration"
        )
        if found["issuer"].rstrip("/") != self._issuer:
            raise ValueError(f"the provider calls itself {found['issuer']!r}")
        return found

    def _checked(self, token: Any, keys: KeySet, nonce: str) -> Mapping[str, Any]:
        """The ID token's claims: signed by the provider, meant for us, for this login,
        now."""
        read = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        options: dict[str, Any] = {
            "iss": {"essential": True, "values": [self._issuer, f"{self._issuer}/"]},
            "aud": {"essential": True, "value": self._id},
        }
        expected = {"nonce": nonce, "client_id": self._id}
        claims = CodeIDToken(read.claims, read.header, options, expected)
        claims.validate(leeway=_LEEWAY_S)
        return dict(claims)

    def _groups(self, claims: Mapping[str, Any]) -> list[str]:
        """The values of the claim that stand for a role."""
        value: Any = claims
        for step in self._claim.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        values = value if isinstance(value, list) else [value]
        found = [v for v in values if isinstance(v, str) and v in self._roles]
        if not found:
            raise Forbidden(
                "You are known, but none of your groups has a role here. Ask an"
                " administrator of this service.",
                "身份已确认，但您所在的组在本系统中没有角色。请联系管理员。",
            )
        return found


def _read(client: Any, url: str) -> Any:
    answer = client.request("GET", url, withhold_token=True)
    answer.raise_for_status()
    return answer.json()


def _name(claims: Mapping[str, Any]) -> str:
    """Review tells people apart by name, and people choose theirs: the provider's own
    id for the person is part of it."""
    shown = claims.get("name") or claims.get("preferred_username")
    return f"{shown} ({claims['sub']})" if shown else str(claims["sub"])


def _refused() -> Unauthorised:
    return Unauthorised(
        "The login could not be confirmed. Start it again from the map.",
        "登录未能确认，请回到地图重新登录。",
    )


def _unavailable() -> LoginUnavailable:
    return LoginUnavailable(
        "The login service does not answer as it should. Try again, or log in with a"
        " token.",
        "统一登录服务没有正常应答。请稍后重试，或用令牌登录。",
    )
