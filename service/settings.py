"""Settings: one typed object, read once from ``ATLAS_*`` and handed down."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Self, dataclass_transform, get_args

from geo.errors import BilingualError
from service.basemaps import Basemap, read_basemaps

PROJECT_DIR = Path(__file__).resolve().parent.parent
PREFIX = "ATLAS_"
Role = Literal["viewer", "editor", "reviewer", "admin"]
Origins = tuple[str, ...]
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+")


class BadSetting(BilingualError):
    """An environment variable that says nothing sensible."""


class Secret:
    """A text that neither logs nor tracebacks show."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret('**********')"

    def get_secret_value(self) -> str:
        """The text itself."""
        return self._text


@dataclass_transform(kw_only_default=True)
class Settings:
    """Every setting of the service. README's table is tested against this class.

    Read here and not by a library: that one takes as long to load as everything else
    that a serving process needs before its first answer.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    data_dir: Path = PROJECT_DIR / "var"
    #: ``gpkg:PATH`` or ``postgresql://…``; empty means ``gpkg:<data_dir>/atlas.gpkg``.
    store: str = ""
    admin_token: Secret | None = None
    public_read: bool = True
    #: Logging in with OpenID Connect, where an issuer is named.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: Secret | None = None
    #: The ID token's claim that holds roles or groups; ``a.b`` is b within a.
    oidc_role_claim: str = "roles"
    #: Value of that claim -> role here, as JSON.
    oidc_roles: Mapping[str, Role] = {}
    static_dir: Path = PROJECT_DIR / "static"
    #: Other base maps than the map's own, as JSON; `service.basemaps` says how.
    basemaps: tuple[Basemap, ...] = ()
    #: Sites that may show the map in a frame, besides this one; ``*`` is any.
    embed_origins: Origins = ("*",)
    max_upload_bytes: int = 500 * 1024 * 1024
    #: Largest file of ``POST /api/read``, which anyone may send who may view.
    max_read_bytes: int = 50 * 1024 * 1024
    max_features: int = 1_000_000
    max_vertices: int = 10_000_000
    max_limit: int = 10_000
    #: What large layers look like from afar is kept on disk: so much of it at most, and
    #: so many days since it was asked for.
    tiles_max_bytes: int = 1024 * 1024 * 1024
    tiles_max_days: int = 90
    #: One JSON line per request on standard error.
    access_log: bool = True

    def __init__(self, **given: Any) -> None:
        """What is not given is what the environment says, else the default."""
        for name in given.keys() - Settings.__annotations__.keys():
            raise TypeError(f"there is no setting {name!r}")
        for name, kind in Settings.__annotations__.items():
            value = given.get(name, os.environ.get(PREFIX + name.upper(), ""))
            if isinstance(value, str) and (value or name in given):
                setattr(self, name, _read(name, kind, value))
            elif name in given:
                setattr(self, name, value)

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Every setting by name, as it is where nobody sets it."""
        return {name: getattr(cls, name) for name in cls.__annotations__}

    def changed(self, **given: Any) -> Self:
        """The same with some values changed."""
        return type(self)(**{n: getattr(self, n) for n in self.__annotations__} | given)

    @property
    def store_url(self) -> str:
        """The store to open, with the default filled in."""
        return self.store or f"gpkg:{self.data_dir / 'atlas.gpkg'}"


def _boolean(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "on": True}
    known |= {"0": False, "false": False, "no": False, "off": False}
    return known[text.strip().lower()]


def _origins(text: str) -> Origins:
    found = tuple(text.split())
    if found == ("none",):
        return ()
    if found != ("*",) and not all(map(_ORIGIN.fullmatch, found)):
        raise ValueError(text)
    return found


def _roles(text: str) -> dict[str, Role]:
    read = json.loads(text)
    if not isinstance(read, dict) or not set(read.values()) <= set(get_args(Role)):
        raise ValueError(text)
    return read


#: By annotation: how a text is read, and what it must be.
_READERS: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "str": (str, "a text", "文字"),
    "int": (int, "a whole number", "整数"),
    "bool": (_boolean, "1 or 0", "1 或 0"),
    "Path": (Path, "a path", "路径"),
    "Secret | None": (Secret, "a text", "文字"),
    "tuple[Basemap, ...]": (
        read_basemaps,
        'a JSON list like [{"id": "streets", "title_zh": "…", "title_en": "…", '
        '"tiles": "https://host/{z}/{x}/{y}.png"}]',
        'JSON 列表，如 [{"id": "streets", "title_zh": "…", "title_en": "…", '
        '"tiles": "https://host/{z}/{x}/{y}.png"}]',
    ),
    "Origins": (
        _origins,
        "* or none, or addresses like https://report.example, separated by blanks",
        "* 或 none，或以空格分开的网址，如 https://report.example",
    ),
    "Mapping[str, Role]": (
        _roles,
        f"a JSON object of names to roles ({', '.join(get_args(Role))})",
        f"JSON 对象，由名称到角色（{'、'.join(get_args(Role))}）",
    ),
}


def _read(name: str, kind: str, text: str) -> Any:
    read, what, what_zh = _READERS[kind]
    try:
        return read(text)
    except BilingualError as error:
        variable = PREFIX + name.upper()
        raise BadSetting(
            f"{variable}: {error.detail}", f"{variable}：{error.detail_zh}"
        ) from None
    except (ValueError, KeyError, TypeError):
        variable = PREFIX + name.upper()
        raise BadSetting(
            f"{variable} must be {what}, not {text[:60]!r}.",
            f"{variable} 必须是{what_zh}，而不是“{text[:60]}”。",
        ) from None
