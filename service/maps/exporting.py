"""Map files from the command line and from a batch file: all exhibits of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import yaml

from layers.catalogue import Layer
from service.errors import BadRequest
from service.maps import series
from service.maps.plan import Progress
from service.maps.query import (
    BOOK_TYPES,
    MEDIA_TYPES,
    PARAMETERS,
    parse_map,
)
from service.maps.rendering import Maps

MAX_BATCH_BYTES = 1_000_000
MAX_EXHIBITS = 500
Told = Callable[[str, int, int], None]  # (file, done, total)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Writes map files. ``visible`` are the layers that may be shown."""

    maps: Maps
    visible: Sequence[Layer]

    def map(self, given: Mapping[str, str], path: Path) -> None:
        """One map; the file's ending decides the format unless ``f`` does."""
        asked = {"f": _format(path, MEDIA_TYPES), **given}
        plan = self.maps.plan(parse_map(asked), self.visible)
        _write(path, self.maps.draw(plan))

    def dossiers(
        self,
        layer: str,
        given: Mapping[str, str],
        path: Path,
        progress: Progress | None = None,
    ) -> None:
        """A PDF or Word file with a page for each feature of a layer."""
        asked = {"f": _format(path, BOOK_TYPES), **given}
        query = series.parse_series(asked, layer, self.maps.comparable(self.visible))
        plan = self.maps.plan(query, self.visible, kind="series")
        _write(path, self.maps.series(plan, progress))

    def batch(self, text: str, folder: Path, told: Told | None = None) -> list[Path]:
        """Every exhibit of a YAML text, into a folder. Nothing is written before all
        of it has been read and understood."""
        exhibits = read_batch(text)
        folder.mkdir(parents=True, exist_ok=True)
        for n, exhibit in enumerate(exhibits, start=1):
            path = folder / exhibit.file
            if exhibit.dossiers:
                self.dossiers(exhibit.dossiers, exhibit.given, path)
            else:
                self.map(exhibit.given, path)
            if told is not None:
                told(exhibit.file, n, len(exhibits))
        return [folder / exhibit.file for exhibit in exhibits]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One file of a batch: a map, or the ``dossiers`` of a layer."""

    file: str
    given: Mapping[str, str]
    dossiers: str | None = None


def read_batch(text: str) -> list[Exhibit]:
    """The exhibits of a batch file. Raises ``BadRequest`` naming the exhibit."""
    if len(text.encode()) > MAX_BATCH_BYTES:
        raise _refused("The batch file is larger than 1 MB.", "批量文件超过 1 MB。")
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise _refused(
            f"The batch file is not valid YAML{line}.",
            f"批量文件不是有效的 YAML{line}。",
        ) from None
    listed = content.get("exhibits") if isinstance(content, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= MAX_EXHIBITS:
        raise _refused(
            f"The batch file needs a list 'exhibits' of 1 to {MAX_EXHIBITS} entries.",
            f"批量文件须有 exhibits 列表，1 到 {MAX_EXHIBITS} 项。",
        )
    defaults = content.get("defaults") or {}
    exhibits = [_exhibit(n, defaults, entry) for n, entry in enumerate(listed, 1)]
    names = [exhibit.file for exhibit in exhibits]
    if len(set(names)) < len(names):
        raise _refused("Two exhibits name one file.", "两项图件使用了同一文件名。")
    return exhibits


def _exhibit(number: int, defaults: Any, entry: Any) -> Exhibit:
    if not isinstance(entry, dict) or not isinstance(defaults, dict):
        raise _refused(
            f"Exhibit {number} is not a mapping.", f"第 {number} 项不是键值表。"
        )
    words = {str(k): _word(v) for k, v in entry.items()}
    file, dossiers = words.pop("file", ""), words.pop("dossiers", None)
    if not file or PurePath(file).name != file or file.startswith("."):
        raise _refused(
            f"Exhibit {number} needs 'file', a plain file name without folders.",
            f"第 {number} 项须有 file，且只能是文件名，不含目录。",
        )
    _format(Path(file), BOOK_TYPES if dossiers else MEDIA_TYPES)
    known = series.PARAMETERS if dossiers else PARAMETERS
    shared = {str(k): _word(v) for k, v in defaults.items()}
    # What is said once for all may be about maps or about books only.
    unknown = (set(words) - known) | (set(shared) - series.PARAMETERS - PARAMETERS)
    if unknown:
        names = ", ".join(sorted(unknown))
        raise _refused(
            f"Exhibit {number} ({file}) has unknown entries: {names}.",
            f"第 {number} 项（{file}）含未知键：{names}。",
        )
    given = {k: v for k, v in shared.items() if k in known} | words
    return Exhibit(file, given, dossiers)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)


def _format(path: Path, formats: Iterable[str]) -> str:
    ending = path.suffix.lower().lstrip(".")
    if ending not in formats:
        listed = [f".{name}" for name in formats]
        raise _refused(
            f"{path.name!r} must end in {', '.join(listed)}.",
            f"“{path.name}”须以 {'、'.join(listed)} 结尾。",
        )
    return ending


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _refused(detail: str, detail_zh: str) -> BadRequest:
    return BadRequest(detail, detail_zh, parameter="batch")
