"""A small OpenID provider on loopback: discovery, keys, authorize, token. It checks
what a provider checks: client, redirect address, one use of a code, and PKCE."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "liwan-atlas", "s3cret"


class Provider:
    """Vouches for one person; ``wrong`` claims go into its ID tokens."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signing = self.key
        self.person: dict[str, Any] = {"sub": "u-17", "name": "梁工"}
        self.wrong: dict[str, Any] = {}
        self.back: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def get(self, asked: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(asked.path)
        if parts.path == "/.well-known/openid-configuration":
            _send(asked, 200, self._metadata())
        elif parts.path == "/keys":
            _send(asked, 200, {"keys": [self.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            self._authorize(asked, dict(parse_qsl(parts.query)))
        else:
            _send(asked, 404, {})

    def _metadata(self) -> dict[str, str]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def _authorize(self, asked: BaseHTTPRequestHandler, query: dict[str, str]) -> None:
        proper = (
            query["client_id"] == CLIENT
            and query["response_type"] == "code"
            and query["code_challenge_method"] == "S256"
            and query["redirect_uri"].endswith("/api/session/oidc/callback")
            and "openid" in query["scope"].split()
        )
        if not proper:
            _send(asked, 400, {"error": "invalid_request"})
            return
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        asked.send_response(302)
        asked.send_header("location", f"{query['redirect_uri']}?{back}")
        asked.end_headers()

    def post(self, asked: BaseHTTPRequestHandler) -> None:
        length = int(asked.headers["content-length"])
        form = {k: v[0] for k, v in parse_qs(asked.rfile.read(length).decode()).items()}
        login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        query = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        proper = (
            query is not None
            and asked.headers["authorization"] == f"Basic {login}"
            and form["redirect_uri"] == query["redirect_uri"]
            and challenge == query["code_challenge"]
        )
        if query is None or not proper:
            _send(asked, 400, {"error": "invalid_grant"})
            return
        answer = {"access_token": "a", "token_type": "Bearer", "expires_in": 60}
        _send(asked, 200, {**answer, "id_token": self._id_token(query["nonce"])})

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.person,
            **self.wrong,
        }
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signing)


def _send(asked: BaseHTTPRequestHandler, status: int, body: Any) -> None:
    content = json.dumps(body).encode()
    asked.send_response(status)
    asked.send_header("content-type", "application/json")
    asked.send_header("content-length", str(len(content)))
    asked.end_headers()
    asked.wfile.write(content)
