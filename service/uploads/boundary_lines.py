"""Lines of a boundary point file: header, parcels, points, and what is none of them.

No line is passed over in silence: what has digits and cannot be read is kept with its
number, because it is most likely a point that would be missing from the boundary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.errors import Unprocessable
from service.exports.boundary_points import EXTENSION
from service.uploads.angles import number

_WIDE = str.maketrans("＝［］【】．－＠", "=[][].-@")
_MARK = "@"
#: What separates fields, the usual sign first; in numbers it can be any of them.
_SEPARATORS = (",", "，", "\t", ";", "；", "、")
_ANY = re.compile("[" + "".join(_SEPARATORS) + "]")
_KEY = re.compile(r"(?P<key>[^\d,，;；\t=:：]+)[=:：](?P<value>.*)")
#: Signs that leave the comma to be the decimal sign of another country's software.
_WITH_COMMAS = (";", "；", "\t")
_COMMA = re.compile(r"[-+]?\d+,\d+")
_RING = re.compile(r"-?\d{1,4}")
#: A point's number, with whatever is left of the rest.
_NAMED = re.compile(r"[A-Za-z]\w{0,7}\W*[,，;；\t]")
_WIDE_CODE = re.compile("[０-９Ａ-Ｚａ-ｚ．]+")
#: Metres of a grid; smaller numbers may be anything.
_GRID = 1_000.0
#: Where the kind of figure stands among a parcel's fields, and what it can be.
KIND, KINDS = 4, ("面", "线", "点")
_NAME = 3
_FEWEST = 3
#: Number, ring, X, Y.
_WHOLE = 4
_MOST_UNREAD = 10_000


@dataclass(slots=True)
class Parcel:
    """One parcel as written; ``rings`` are (ring number, [(north, east)]).
    ``is_shifted``: its fields were lined up by the kind of figure among them."""

    values: list[str]
    rings: list[tuple[str, list[tuple[float, float]]]] = field(default_factory=list)
    is_shifted: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A line with digits that is nothing known, and the parcel that it stands under."""

    number: int
    text: str
    parcel: int | None


@dataclass(slots=True)
class Document:
    """All that the file says."""

    header: dict[str, str] = field(default_factory=dict)
    parcels: list[Parcel] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def parse(lines: Iterable[str]) -> Document:
    """Every line in its place."""
    document = Document()
    for count, raw in enumerate(lines, start=1):
        line = raw.translate(_WIDE).strip().lstrip("\ufeff")
        if line and not line.startswith("["):
            _take(document, count, raw.strip().lstrip("\ufeff"), line)
    return document


def is_point(line: str) -> bool:
    """Whether a line of text is number, ring, X, Y or the like."""
    return _point(line.translate(_WIDE).strip()) is not None


def is_closed(points: list[tuple[float, float]]) -> bool:
    """Whether the first point is said again at the end."""
    return len(points) > _FEWEST and points[0] == points[-1]


def _take(document: Document, count: int, raw: str, line: str) -> None:
    parcels = document.parcels
    if (parcel := _parcel(raw, line, document.header)) is not None:
        parcels.append(parcel)
    elif found := _KEY.fullmatch(line):
        document.header[found["key"].strip()] = found["value"].strip()
    elif (point := _point(line)) is not None:
        if not parcels:
            parcels.append(Parcel([]))
        _add(parcels[-1], *point)
    elif _is_lost(line, under_a_parcel=bool(parcels)):
        if len(document.unread) == _MOST_UNREAD:
            raise Unprocessable(
                f"More than {_MOST_UNREAD:,} lines cannot be read (the first is line "
                f"{document.unread[0].number}). This is no boundary point file.",
                f"超过 {_MOST_UNREAD:,} 行无法识别（最先是第 "
                f"{document.unread[0].number} 行）。不是界址点文件。",
            )
        under = len(parcels) - 1 if parcels else None
        document.unread.append(Unread(count, raw[:80], under))


def _is_lost(line: str, *, under_a_parcel: bool) -> bool:
    """Whether a line that is nothing known may have been meant for a point."""
    if not re.search(r"\d", line):
        return under_a_parcel and _NAMED.match(line) is not None
    return under_a_parcel or _ANY.search(line) is not None


def _parcel(raw: str, line: str, header: dict[str, str]) -> Parcel | None:
    """A line of ours is taken to the letter, of others as its separators are."""
    bare = line.strip(", ，\t;；")
    if not (bare.endswith(_MARK) or bare.startswith(_MARK)):
        values = _fields(line)
        counted = len(values) > KIND and values[0].isdigit() and values[KIND] in KINDS
        return Parcel(values) if counted else None
    inner = raw.strip(" \t,，;；").strip("@＠")
    if EXTENSION in header:
        return Parcel([part.strip() for part in inner.rstrip(", ").split(",")])
    values = _fields(inner)
    return _lined_up(values[:-1] if values and not values[-1] else values)


def _fields(line: str) -> list[str]:
    """Fields of a parcel line: names may hold the signs that it is not separated by."""
    used = [sign for sign in _SEPARATORS if line.count(sign) >= _FEWEST - 1]
    parts = line.split(used[0]) if used else _ANY.split(line)
    if parts and _ANY.search(parts[0]):  # signs of both widths in one line
        parts = re.split("[,，]", line)
    return [_narrow(part.strip()) for part in parts]


def _narrow(part: str) -> str:
    """Codes and numbers in wide signs, as some input methods leave them."""
    wide = _WIDE_CODE.fullmatch(part)
    return unicodedata.normalize("NFKC", part) if wide else part


def _lined_up(values: list[str]) -> Parcel:
    """A name with a comma in it, or a field left out, moves the kind of figure."""
    places = [index for index, value in enumerate(values) if value in KINDS]
    if len(places) != 1 or places[0] == KIND or len(values) < _FEWEST:
        return Parcel(values)
    at = places[0]
    if at > KIND:
        name = "，".join(values[_NAME:at])
        return Parcel([*values[:_NAME], name, *values[at:]], is_shifted=True)
    return Parcel([*values[:at], *[""] * (KIND - at), *values[at:]], is_shifted=True)


def _point(line: str) -> tuple[str, float, float] | None:
    """(ring, north, east) of a point line, None for any other line. Some files leave
    the ring out or even the point's number, some add a height, some put spaces or tabs
    between the fields."""
    parts = [part.strip() for part in _parts(line)]
    while len(parts) > _WHOLE and not parts[-1]:
        parts.pop()
    if len(parts) == 2:
        north, east = (number(part) for part in parts)
        grid = north is not None and east is not None and min(north, east) > _GRID
        return ("1", north, east) if grid and north and east else None
    if not 3 <= len(parts) <= 6:
        return None
    ring, rest = ("1", parts[1:3])
    if _RING.fullmatch(parts[1]) or not parts[1]:
        ring, rest = parts[1], parts[2:4]
    if len(rest) != 2:  # a ring, and one coordinate only
        return None
    north, east = (number(part) for part in rest)
    return None if north is None or east is None else (ring, north, east)


def _parts(line: str) -> list[str]:
    for sign in _WITH_COMMAS:
        parts = line.split(sign)
        if len(parts) > 2 and any(_COMMA.fullmatch(part.strip()) for part in parts):
            return [part.strip().replace(",", ".") for part in parts]
    return _ANY.split(line) if _ANY.search(line) else line.split()


def _add(parcel: Parcel, ring: str, north: float, east: float) -> None:
    points = parcel.rings[-1][1] if parcel.rings else []
    same = bool(parcel.rings) and parcel.rings[-1][0] == ring
    if not same or is_closed(points):
        parcel.rings.append((ring, points := []))
    points.append((north, east))
