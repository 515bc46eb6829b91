"""The page as it is shipped: its modules and styles in one file each, made at set-up.

What was written stays what is served as soon as it differs from what was joined: a
file that is edited, added or removed shows at the next visit.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

#: Where set-up puts it, below the folder of the page's files.
BUILT = "built"
#: Inside: the digest of what it was made of.
DIGEST = "digest"
_FOLDERS = ("js", "css", "vendor/leaflet")
PAGE = "index.html"


def sources(folder: Path) -> list[Path]:
    """Every file that a bundle is made of, in an order that does not change."""
    found = [str(folder / PAGE)]
    for name in _FOLDERS:
        found += sorted(path for path, *_ in _stamps(folder / name))
    return [Path(path) for path in found if os.path.isfile(path)]


def digest(folder: Path) -> str:
    """Changes with any name or byte of the sources."""
    made = hashlib.blake2b(digest_size=16)
    before = len(str(folder)) + 1
    for path in sources(folder):
        content = path.read_bytes()
        name = str(path)[before:].replace(os.sep, "/")
        made.update(f"{name} {len(content)}\n".encode() + content)
    return made.hexdigest()


class Bundle:
    """Tells which page to send; looks at every source's time, reads only what moved."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: list[tuple[str, int, int]] | None = None
        self._fits = False

    def page(self) -> Path:
        """The joined page while it fits what was written, else the written one."""
        seen = sorted(self._look())
        if seen != self._seen:
            self._seen, self._fits = seen, self._compare()
        return self._folder / (f"{BUILT}/{PAGE}" if self._fits else PAGE)

    def _compare(self) -> bool:
        try:
            made_of = (self._folder / BUILT / DIGEST).read_text(encoding="utf-8")
            return made_of == digest(self._folder)
        except OSError:
            return False

    def _look(self) -> Iterator[tuple[str, int, int]]:
        """Name, time and size of each source, and of the digest."""
        yield from _stamps(self._folder, deep=False)
        for name in (*_FOLDERS, BUILT):
            yield from _stamps(self._folder / name)


def _stamps(folder: Path | str, *, deep: bool = True) -> Iterator[tuple[str, int, int]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if deep:
                yield from _stamps(entry.path)
        else:
            found = entry.stat()
            yield entry.path, found.st_mtime_ns, found.st_size
