"""The documents' own verbs for a place: ``推进（纲要 第四章第一节·2）；…``.

One entry a verb and document, the telling one first. A status is our reading of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from layers.build.gazetteer import Row
from layers.catalogue import Field
from layers.documents import citations

_ENTRY = re.compile(r"(?P<verb>[^（；]+)（(?P<mark>\S+) (?P<refs>[^（；]+)）")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb, and the short name and chapters of a document that uses it."""

    verb: str
    mark: str
    refs: str


def verbs(row: Row, field: Field) -> list[Verb]:
    """The entries of a row; ``BuildError`` for an unknown verb, or for a chapter that
    the row does not cite."""
    found = [_entry(row, text) for text in filter(None, row["verbs"].split("；"))]
    cited = {(each.mark, ref) for each, ref in citations(row["source_ref"])}
    for entry in found:
        if entry.verb not in field.codes:
            raise row.error(
                f"verb {entry.verb!r} is not among those of the catalogue",
                f"用词“{entry.verb}”不在目录所列之内",
            )
        for ref in entry.refs.split("、"):
            if (entry.mark, ref) not in cited:
                raise row.error(
                    f"verb {entry.verb!r} cites {entry.mark} {ref}, "
                    "which source_ref does not",
                    f"用词“{entry.verb}”引自“{entry.mark} {ref}”，source_ref 未列",
                )
    return found


def in_english(found: list[Verb], field: Field) -> str | None:
    """The entries with what their verbs mean."""
    said = (
        f"{v.verb} “{field.codes[v.verb]['en'].lower()}” ({v.mark} {v.refs})"
        for v in found
    )
    return "; ".join(said) or None


def _entry(row: Row, text: str) -> Verb:
    parts = _ENTRY.fullmatch(text)
    if parts is None:
        raise row.error(
            f"verbs has {text!r}; write it as 推进（纲要 第四章第一节·2）",
            f"用词“{text}”应写作：推进（纲要 第四章第一节·2）",
        )
    return Verb(**parts.groupdict())
