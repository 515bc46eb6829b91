"""A drawing before it is read: how many entities its blocks unfold into, and entities
that the reader cannot bear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from service.uploads.limits import Limits
from service.uploads.problems import Problem

_COLUMNS, _ROWS, _NAME, _KIND = "70", "71", "2", "0"
_LISTED = 8


@dataclass(slots=True)
class _Block:
    """Own entities, and what is inserted how many times."""

    entities: int = 0
    inserts: list[tuple[str, int]] = field(default_factory=list)
    #: What is inserted, as written.
    named: list[str] = field(default_factory=list)


def check_blocks(path: Path, limits: Limits) -> None:
    """Refuse a drawing whose insertions unfold into more than is allowed."""
    raw = path.read_bytes()
    if b"INSERT" not in raw:
        return
    limits.check(_unfolded(_blocks(_pairs(raw))), 0)


def unfolded(path: Path) -> list[Problem]:
    """How many insertions in the drawing itself are drawn as what their blocks hold."""
    raw = path.read_bytes()
    if b"INSERT" not in raw:
        return []
    blocks = _blocks(_pairs(raw))
    held = {name for name, block in blocks.items() if block.entities or block.inserts}
    names = Counter(blocks[""].named)
    drawn = {name: n for name, n in names.items() if name.casefold() in held}
    if not drawn:
        return []
    # Names are of the drawing's code page, which the pairs were not read in.
    some = "、".join(_readable(name) for name in list(drawn)[:_LISTED])
    told = {"count": sum(drawn.values()), "names": some}
    return [Problem("blocks_unfolded", values=told)]


def _readable(name: str) -> str:
    raw = name.encode("latin-1")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeError:
            continue
    return name


def drop_fitted_curves(path: Path) -> int:
    """Take splines that name points of passage only out of our copy: the reader gives
    the whole drawing up for one of them. How many there were."""
    raw = path.read_bytes()
    if b"SPLINE" not in raw or raw.startswith(b"AutoCAD Binary"):
        return 0
    kept: list[bytes] = []
    entity: list[bytes] = []
    count = 0
    lines = raw.splitlines(keepends=True)
    for at in range(0, len(lines), 2):
        pair = lines[at : at + 2]
        if pair[0].strip() == b"0":
            count += _give(entity, kept)
            entity = []
        entity += pair
    count += _give(entity, kept)
    if count:
        path.write_bytes(b"".join(kept))
    return count


def _give(entity: list[bytes], kept: list[bytes]) -> int:
    """Keep an entity; 1 if it is a curve that cannot be."""
    codes = {line.strip() for line in entity[::2]}
    fitted = b"11" in codes and b"10" not in codes
    if len(entity) > 1 and entity[1].strip() == b"SPLINE" and fitted:
        return 1
    kept += entity
    return 0


def _pairs(raw: bytes) -> Iterator[tuple[str, str]]:
    """Group codes and their values."""
    lines = iter(raw.decode("latin-1").splitlines())
    for code in lines:
        yield code.strip(), next(lines, "").strip()


def _blocks(pairs: Iterator[tuple[str, str]]) -> dict[str, _Block]:
    """By name; "" is the drawing itself."""
    found = {"": _Block()}
    kind, entity = "", dict[str, str]()
    inside: _Block = found[""]
    for code, value in pairs:
        if code != _KIND:
            entity.setdefault(code, value)
            continue
        inside = _finish(kind, entity, inside, found)
        kind, entity = value, {}
    _finish(kind, entity, inside, found)
    return found


def _finish(
    kind: str, entity: dict[str, str], inside: _Block, found: dict[str, _Block]
) -> _Block:
    """Count an entity that has been read; the block that the next one belongs to."""
    name = entity.get(_NAME, "").casefold()
    if kind == "BLOCK":
        return found.setdefault(name or "?", _Block())
    if kind == "ENDBLK":
        return found[""]
    if kind == "INSERT":
        times = _times(entity.get(_COLUMNS)) * _times(entity.get(_ROWS))
        inside.inserts.append((name, times))
        inside.named.append(entity.get(_NAME, ""))
    else:
        inside.entities += 1
    return inside


def _times(text: str | None) -> int:
    digits = (text or "1").lstrip("+")
    return max(1, int(digits)) if digits.isdigit() else 1


def _unfolded(blocks: dict[str, _Block]) -> int:
    """Entities once every insertion is drawn; a block within itself counts once."""
    sizes: dict[str, int] = {}
    waiting = [""]
    under_way: set[str] = set()
    while waiting:
        name = waiting[-1]
        block = blocks.get(name)
        below = [] if block is None else [n for n, _ in block.inserts if n not in sizes]
        below = [n for n in below if n not in under_way]
        if block is not None and below and name not in sizes:
            under_way.add(name)
            waiting += below
            continue
        waiting.pop()
        if block is not None and name not in sizes:
            inner = sum(times * sizes.get(n, 0) for n, times in block.inserts)
            sizes[name] = block.entities + inner
        sizes.setdefault(name, 0)
    return sizes[""]
