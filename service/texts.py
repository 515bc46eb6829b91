"""Full texts of documents, loaded by the district itself, with their places linked.

The project ships no document's text. What is imported stays in the district's own
store and is shown to signed-in readers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from layers.documents import Document, documents
from service.errors import NotFound, TooLarge, Unprocessable
from service.headings import standings
from service.stores.base import Record, Store

KIND = "document-text"
LARGEST = 5 * 1024 * 1024
#: Names of two characters are linked, but for those that are ordinary words or name
#: whole quarters, and for stations, whose short names mean the quarter around.
SHORTEST_NAME = 3
ORDINARY = frozenset(
    {"一带", "一岛", "一港", "北片", "南片", "花地", "山村", "骑楼", "长堤"}
)
STATIONS = "metro-stations"
_ALIAS = re.compile(r"[；;]")
_REMARK = re.compile(r"（[^）]*）$")
#: Where Chinese meets Latin letters or digits.
_SEAM = re.compile(
    r"(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])"
)

#: Name -> the features that bear it, as (layer, id).
Names = Mapping[str, list[tuple[str, str]]]


def known_document(id: str) -> Document:
    """A document of the atlas, or ``NotFound`` naming those there are."""
    if id not in documents():
        known = ", ".join(documents())
        raise NotFound(
            f"There is no document {id[:80]!r}; there are {known}.",
            f"没有文件“{id[:80]}”；现有：{known}。",
            document=id[:80],
        )
    return documents()[id]


def import_text(store: Store, document: Document, path: Path) -> Record:
    """Keep the text of a plain-text file as a document's paragraphs."""
    size = path.stat().st_size
    if size > LARGEST:
        raise TooLarge(
            f"{path.name} has {size:,} bytes; a document's text may have {LARGEST:,}.",
            f"{path.name} 有 {size:,} 字节，文件全文最多 {LARGEST:,} 字节。",
        )
    paragraphs = list(_paragraphs(decoded(path.read_bytes(), path.name)))
    if not paragraphs:
        raise Unprocessable(
            f"{path.name} holds no text. Save the document as plain text first.",
            f"{path.name} 没有文字。请先把文件另存为纯文本。",
        )
    return store.put(KIND, document.id, {"paragraphs": paragraphs})


def decoded(content: bytes, name: str) -> str:
    """UTF-8 (with or without mark) or GB 18030; anything else is not plain text."""
    if b"\x00" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Unprocessable(
        f"{name} is not plain text in UTF-8 or GB 18030. Save it as a .txt file.",
        f"{name} 不是 UTF-8 或 GB 18030 的纯文本。请另存为 .txt 文件。",
    )


def linked_text(store: Store, document: Document, names: Names) -> list[dict[str, Any]]:
    """The imported paragraphs, each with its chapter and the places it names;
    ``NotFound`` when the district has not imported this document."""
    record = store.get(KIND, document.id)
    if record is None:
        raise NotFound(
            f"The text of {document.title_en} has not been imported. Run: "
            f"atlas documents import FILE --document {document.id}",
            f"尚未导入“{document.title_zh}”的全文。请运行："
            f"atlas documents import 文件 --document {document.id}",
            document=document.id,
        )
    pattern = _pattern(names)
    paragraphs = record.data["paragraphs"]
    stood = standings(paragraphs, document)
    return [
        {
            "number": n,
            **asdict(standing),
            "text": text,
            "places": list(_places(text, pattern, names)),
        }
        for n, (text, standing) in enumerate(zip(paragraphs, stood, strict=True), 1)
    ]


def names_of(features: Iterable[tuple[str, str, str | None, str | None]]) -> Names:
    """Names and aliases of features given as (layer, id, name, aliases)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for layer, id, name, aliases in features:
        for text in (name or "", *_ALIAS.split(aliases or "")):
            plain = _REMARK.sub("", text).replace(" ", "")
            if _telling(plain, layer):
                found.setdefault(plain, []).append((layer, id))
    return found


def _telling(name: str, layer: str) -> bool:
    """Whether a name in a sentence surely means the place."""
    if len(name) >= SHORTEST_NAME:
        return True
    return len(name) == 2 and name not in ORDINARY and layer != STATIONS


def _pattern(names: Names) -> re.Pattern[str]:
    """Longer names first, so that 大坦沙岛 is not read as 大坦沙 and a rest."""
    longest = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(_spaced, longest)) or r"(?!)")


def _spaced(name: str) -> str:
    """A name as it may be set in type: 地铁10号线 also as 地铁 10 号线."""
    return _SEAM.sub(" ?", re.escape(name))


def _places(
    text: str, pattern: re.Pattern[str], names: Names
) -> Iterator[dict[str, Any]]:
    for match in pattern.finditer(text):
        named = names[match.group().replace(" ", "")]
        features = [{"layer": layer, "id": id} for layer, id in named]
        yield {"start": match.start(), "end": match.end(), "features": features}


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if plain := " ".join(line.split()):
            yield plain
