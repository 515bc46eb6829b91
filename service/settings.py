"""Settings: one typed object, read once from ``ATLAS_*`` and handed down."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting of the service. README's table is tested against this class."""

    model_config = SettingsConfigDict(env_prefix="ATLAS_", extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    data_dir: Path = PROJECT_DIR / "var"
    #: ``gpkg:PATH`` or ``postgresql://…``; empty means ``gpkg:<data_dir>/atlas.gpkg``.
    store: str = ""
    admin_token: SecretStr | None = None
    public_read: bool = True
    #: Logging in with OpenID Connect, where an issuer is named.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    #: The ID token's claim that holds roles or groups; ``a.b`` is b within a.
    oidc_role_claim: str = "roles"
    #: Value of that claim -> role here, as JSON.
    oidc_roles: dict[str, Literal["viewer", "editor", "reviewer", "admin"]] = {}
    static_dir: Path = PROJECT_DIR / "static"
    max_upload_bytes: int = 500 * 1024 * 1024
    #: Largest file of ``POST /api/read``, which anyone may send who may view.
    max_read_bytes: int = 50 * 1024 * 1024
    max_features: int = 1_000_000
    max_vertices: int = 10_000_000
    max_limit: int = 10_000
    #: One JSON line per request on standard error.
    access_log: bool = True

    @property
    def store_url(self) -> str:
        """The store to open, with the default filled in."""
        return self.store or f"gpkg:{self.data_dir / 'atlas.gpkg'}"
