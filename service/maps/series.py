"""A book with a page for each feature of a layer (一地一档), and an index map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from layers.catalogue import Layer
from service.errors import BadRequest, NotFound
from service.maps.dossier import Block, Dossier, dossiers, located_rows
from service.maps.dossier_sheet import (
    Place,
    dossier_frame,
    dossier_sheets,
    index_count,
    index_sheets,
    page_count,
    scale_corner,
)
from service.maps.drawn import LayerData
from service.maps.plan import Plan, Progress
from service.maps.query import BOOK_TYPES, MapQuery, parse_map
from service.maps.scene import Scene, build_scene
from service.maps.sheet import Sheet
from service.maps.typesetting import typeset
from service.maps.wordpaper import check_paper
from service.parameters import one_of

#: A series of more pages is a database, not a document.
MAX_PAGES = 300
#: A Word file is put together in memory, pictures and all.
MAX_WORD_PAGES = 100
PARAMETERS = frozenset(
    {"paper", "lang", "collections", "version", "as-of", "colours", "filter",
     "filter-lang", "title", "classification", "approval", "id", "f"}
)  # fmt: skip


def parse_series(
    given: Mapping[str, str], layer: str, others: Sequence[str]
) -> MapQuery:
    """The query that every page is drawn with. The layer is compared with ``others``
    unless ``collections`` names which; ``id`` makes the page of one feature."""
    asked = {"paper": "A4-portrait", **given, "f": given.get("f", "pdf")}
    made_as = one_of("f", asked["f"], tuple(BOOK_TYPES))
    one = asked.get("id")
    named = asked.get("collections", "")
    around = [part.strip() for part in named.split(",")] if named else others
    drawn = {**asked, "f": "pdf"}
    query = parse_map(drawn, (layer, *(id_ for id_ in around if id_ != layer)))
    if made_as == "docx":
        check_paper(query.page)
    return replace(
        query,
        format=made_as,  # type: ignore[arg-type]
        graticule=True,
        fit=(layer, one) if one else None,
        given=tuple(sorted(asked.items())),
    )


def draw_series(
    plan: Plan,
    data: list[LayerData],
    styles: Mapping[str, Any],
    progress: Progress | None = None,
) -> bytes:
    """The file. ``progress(done, total)`` is told after every page."""
    layer = plan.query.layers[0]
    own = next(d for d in data if d.layer.id == layer)
    others = [d for d in data if d.layer.id not in (layer, "district")]
    one = plan.query.fit
    rows = located_rows(own, one[1] if one else None)
    most = MAX_WORD_PAGES if plan.query.format == "docx" else MAX_PAGES
    _check(own.layer, len(rows), one, most)
    entries = list(dossiers(own, rows, others, plan.query.lang, data))
    if plan.query.format == "docx":
        return _word(styles, plan, data, entries, progress)
    return _pdf(styles, plan, data, entries, progress)


def _word(
    styles: Mapping[str, Any],
    plan: Plan,
    data: list[LayerData],
    entries: list[Dossier],
    progress: Progress | None,
) -> bytes:
    # Brings in a library for Word files, which few requests need.
    from service.maps.wordbook import Contents, shown_by, word_book

    made = max((d.published_at for d in data if d.published_at), default="1980-01-01")
    draw = (
        shown_by(styles, _on_index(plan, data)),
        shown_by(styles, _shown(plan, data)),
    )
    return word_book(plan, Contents(_title(plan), entries, made), draw, progress)


def _pdf(
    styles: Mapping[str, Any],
    plan: Plan,
    data: list[LayerData],
    entries: list[Dossier],
    progress: Progress | None,
) -> bytes:
    page = plan.query.page
    before = 0 if plan.query.fit else index_count(page, [e.name for e in entries])
    counts = [page_count(page, entry.blocks) for entry in entries]
    firsts = [*accumulate(counts, initial=before + 1)]
    total = firsts.pop() - 1
    told = list(zip(entries, firsts, strict=True))
    sheets = _index(styles, plan, data, (told, total)) if before else []
    for entry, first in told:
        sheets += _pages(styles, plan, data, (entry, first, total))
        if progress is not None:
            progress(len(sheets), total)
    return typeset(sheets, plan.record.token, plan.query.lang)


def _check(layer: Layer, count: int, one: tuple[str, str] | None, most: int) -> None:
    if count == 0 and one is not None:
        raise NotFound(
            f"Layer {layer.id!r} has no located feature {one[1]!r}.",
            f"图层“{layer.id}”没有已定位的要素“{one[1]}”。",
            parameter="id",
        )
    if count == 0:
        raise BadRequest(
            f"Layer {layer.id!r} has no located feature to make a page of.",
            f"图层“{layer.id}”没有已定位的要素，无法成册。",
            layer=layer.id,
        )
    if count > most:
        raise BadRequest(
            f"Layer {layer.id!r} has {count} features; a series has at most"
            f" {most} pages. Narrow it with filter.",
            f"图层“{layer.id}”有 {count} 个要素，图册最多 {most} 页，"
            "请用 filter 缩小范围。",
            parameter="filter",
        )


def _pages(
    styles: Mapping[str, Any],
    plan: Plan,
    data: list[LayerData],
    entry: tuple[Dossier, int, int],
) -> list[Sheet]:
    dossier, number, total = entry
    query = replace(plan.query, fit=(plan.query.layers[0], dossier.id))
    scene = _scene(styles, query, _shown(plan, data), dossier.blocks)
    return dossier_sheets(scene, dossier, _place(plan, number, total))


def _shown(plan: Plan, data: Sequence[LayerData]) -> list[LayerData]:
    """What the maps show: the layer, what the web map shows at first, or what was
    asked for by name."""
    named = dict(plan.query.given).get("collections", "").split(",")
    own = plan.query.layers[0]
    return [
        d for d in data if d.layer.visible or d.layer.id == own or d.layer.id in named
    ]


def _scene(
    styles: Mapping[str, Any],
    query: MapQuery,
    data: Sequence[LayerData],
    blocks: Sequence[Block] = (),
) -> Scene:
    frame = dossier_frame(query.page, blocks)
    taken = [scale_corner(frame, query.page.text_scale)]
    return build_scene(query, data, styles, frame, taken)


def _index(
    styles: Mapping[str, Any],
    plan: Plan,
    data: list[LayerData],
    told: tuple[Sequence[tuple[Dossier, int]], int],
) -> list[Sheet]:
    entries, total = told
    scene = _scene(styles, plan.query, _on_index(plan, data))
    return index_sheets(scene, entries, _place(plan, 1, total), _title(plan))


def _on_index(plan: Plan, data: Sequence[LayerData]) -> list[LayerData]:
    return [d for d in data if d.layer.id in (plan.query.layers[0], "district")]


def _place(plan: Plan, number: int, total: int) -> Place:
    stamp = plan.query.classification
    return Place(number, total, _title(plan), plan.record.mark, stamp)


def _title(plan: Plan) -> str:
    if plan.query.title:
        return plan.query.title
    layer = next(n for n in plan.layers if n.id == plan.query.layers[0])
    return plan.query.text(
        f"{layer.title_zh} · 一地一档", f"{layer.title_en}: dossiers"
    )
