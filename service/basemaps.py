"""Base maps that an administrator names: tiles of a neighbour server or a provider.

The map has a base of its own and needs none of these. Where one is named, the page may
fetch pictures from its host and from no other (`origins` goes into the page's policy).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from geo.errors import BilingualError

#: What the provider's tiles are drawn in. GCJ-02 lies some 500 m off; the page moves
#: such tiles under the map's centre and says how far they are out at its corners.
Datum = Literal["CGCS2000", "WGS84", "GCJ-02"]
RESERVED = ("plain", "grid")
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_ADDRESS = re.compile(r"(https?://[A-Za-z0-9.{}:\[\]-]+)?/[^\s;,'\"<>\\]*")


class BadBasemap(BilingualError):
    """A description of a base map that says nothing sensible."""


@dataclass(frozen=True, slots=True)
class Basemap:
    """One choice under 底图: ``tiles`` lie over one another, labels last.

    A tile address has ``{z}``, ``{x}``, ``{y}`` of the Web Mercator quad, and may have
    ``{s}``, which each letter of ``subdomains`` replaces in turn.
    """

    id: str
    title_zh: str
    title_en: str
    tiles: tuple[str, ...]
    attribution: str = ""
    datum: Datum = "CGCS2000"
    subdomains: str = ""
    min_zoom: int = 0
    max_zoom: int = 18

    def __post_init__(self) -> None:
        for failed, what, what_zh in _faults(self):
            if failed:
                raise BadBasemap(
                    f"Base map {self.id!r}: {what}.", f"底图“{self.id}”：{what_zh}。"
                )

    @property
    def origins(self) -> list[str]:
        """The hosts that its pictures come from; none for paths of this one."""
        found = []
        for address in self.tiles:
            scheme, host = urlsplit(address)[:2]
            letters = self.subdomains if "{s}" in host else "-"
            found += [f"{scheme}://{host.replace('{s}', s)}" for s in letters if host]
        return list(dict.fromkeys(found))


def _faults(base: Basemap) -> Iterable[tuple[bool, str, str]]:
    tiles = base.tiles
    zooms = 0 <= base.min_zoom <= base.max_zoom <= 24
    yield (
        not _ID.fullmatch(base.id) or base.id in RESERVED,
        "'id' must be small letters, digits and hyphens, and not plain or grid",
        "id 只能用小写字母、数字和连字符，且不能是 plain 或 grid",
    )
    yield (
        not (base.title_zh and base.title_en),
        "'title_zh' and 'title_en' are both needed",
        "title_zh 和 title_en 都要有",
    )
    yield (
        not tiles or not all(_ADDRESS.fullmatch(text) for text in tiles),
        "'tiles' must be http(s) addresses, or paths of this host beginning with /",
        "tiles 必须是 http(s) 地址，或本机以 / 开头的路径",
    )
    yield (
        not all("{%s}" % part in text for text in tiles for part in "zxy"),  # noqa: UP031
        "every address of 'tiles' must hold {z}, {x} and {y}",
        "tiles 的每个地址都要有 {z}、{x}、{y}",
    )
    yield (
        any("{s}" in text for text in tiles) and not base.subdomains.isalnum(),
        "{s} needs 'subdomains', letters or digits",
        "用了 {s} 就要给出 subdomains（字母或数字）",
    )
    yield (
        base.datum not in get_args(Datum),
        f"'datum' must be one of {', '.join(get_args(Datum))}",
        f"datum 只能是 {'、'.join(get_args(Datum))}",
    )
    yield (
        not zooms,
        "zooms must be 0 <= min_zoom <= max_zoom <= 24",
        "缩放级别须满足 0 <= min_zoom <= max_zoom <= 24",
    )


def read_basemaps(text: str) -> tuple[Basemap, ...]:
    """What the setting says. Raises `ValueError` for no JSON list of objects and
    `BadBasemap` for an object that describes no base map."""
    read = json.loads(text)
    if not isinstance(read, list) or not all(isinstance(one, dict) for one in read):
        raise ValueError(text)
    found = tuple(map(_basemap, read))
    ids = [base.id for base in found]
    if len(set(ids)) < len(ids):
        raise BadBasemap("Two base maps have one id.", "有两个底图用了同一个 id。")
    return found


def _basemap(given: dict[str, Any]) -> Basemap:
    name = str(given.get("id", "?"))
    for key, value in given.items():
        if not _fits(key, value):
            raise BadBasemap(
                f"Base map {name!r}: {key!r} is unknown, or its value is of a wrong"
                " kind.",
                f"底图“{name}”：“{key}”不认识，或值的类型不对。",
            )
    tiles_given = given.get("tiles", [])
    tiles = (tiles_given,) if isinstance(tiles_given, str) else tuple(tiles_given)
    plain = {"id": "", "title_zh": "", "title_en": ""}
    return Basemap(**{**plain, **given, "tiles": tiles})


def _fits(key: str, value: object) -> bool:
    if key not in {field.name for field in fields(Basemap)}:
        return False
    if key == "tiles" and isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, int if key.endswith("_zoom") else str)


def described(bases: Iterable[Basemap]) -> dict[str, Any]:
    """The body of ``GET /api/basemaps``."""
    return {"basemaps": [asdict(base) for base in bases]}
