"""Dossiers brought into a Word file: what is drawn, and the words around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.maps.dossier import Dossier
from service.maps.dossier_sheet import map_ink, scale_corner
from service.maps.drawn import LayerData
from service.maps.notes import PRODUCT, notes_of, scale_text
from service.maps.page import Rect
from service.maps.plan import Plan, Progress
from service.maps.png import sheet_png
from service.maps.query import MapQuery
from service.maps.scene import Scene, build_scene
from service.maps.sheet import Sheet
from service.maps.word import Book, Picture, Words, picture_page
from service.maps.wordfile import About

#: Lines of the legend that a picture's description names.
_MOST_TOLD = 12
#: A scene of a query, in a frame, clear of what stands there.
Drawer = Callable[[MapQuery, Rect, Sequence[Rect]], Scene]


@dataclass(frozen=True, slots=True)
class Contents:
    """What the book tells; ``made`` is when its newest layer was published."""

    title: str
    entries: Sequence[Dossier]
    made: str


def word_book(
    plan: Plan,
    contents: Contents,
    draw: tuple[Drawer, Drawer],
    progress: Progress | None = None,
) -> bytes:
    """The file. ``draw`` the index and the features."""
    query, one, entries = plan.query, plan.query.fit, contents.entries
    words = _words(query, contents.title, plan.record.mark)
    book = Book(query.page, words, _about(plan, contents))
    total = len(entries) + (one is None)
    if one is None:
        book.index(_picture(query, draw[0]), entries)
    for n, entry in enumerate(entries, start=1):
        of_one = replace(query, fit=(query.layers[0], entry.id))
        number = n if one is None else 0
        book.chapter(number, entry, _picture(of_one, draw[1]))
        if progress is not None:
            progress(n + total - len(entries), total)
    book.record(_made_from(plan))
    return book.content()


def _picture(query: MapQuery, scene_of: Drawer) -> Picture:
    page = picture_page(query.page)
    frame = Rect(0.0, 0.0, page.width, page.height)
    taken = [scale_corner(frame, page.text_scale)]
    scene = scene_of(replace(query, page=page), frame, taken)
    ink = map_ink(scene)
    sheet = Sheet(page, "", tuple(ink.marks), tuple(ink.texts))
    notes = " · ".join(text for text, _ in notes_of(scene))
    caption = _caption(scene)
    return Picture(sheet_png(sheet), *page.pixels, caption, notes, _alt(scene))


def _alt(scene: Scene) -> str:
    """What the map shows, to be read out."""
    lines = [line for line in scene.legend if line.symbol is not None]
    shown = [f"{line.title} {line.count or 0:,}" for line in lines][:_MOST_TOLD]
    told = scene.query.text("地图：", "Map: ") + _caption(scene)
    return (
        told
        + scene.query.text("。图中：", ". Shown: ")
        + scene.query.text("、", ", ").join(shown)
    )


def _caption(scene: Scene) -> str:
    query, scale = scene.query, scale_text(scene.view.scale)
    name = (
        scene.focus.name(query.lang) if scene.focus else query.text("索引图", "Index")
    )
    return f"{name}  {scale}"


def _words(query: MapQuery, title: str, mark: str) -> Words:
    say = query.text
    return Words(
        title=title,
        stamp=query.classification,
        contents=say("目录", "Contents"),
        amounts=(say("名称", "Name"), say("面积", "Area"), say("占比", "Share")),
        distances=(say("名称", "Name"), say("距离", "Distance")),
        record=say("出图记录", "How this was made"),
        footer=f"{say(*PRODUCT)} · {say('校验码', 'mark')} {mark}",
    )


def _about(plan: Plan, contents: Contents) -> About:
    versions = "; ".join(f"{k} v{n}" for k, n in sorted(plan.record.versions.items()))
    return About(
        contents.title,
        plan.query.lang,
        contents.made,
        versions,
        _asked(plan),
        plan.record.token,
    )


def _asked(plan: Plan) -> str:
    return "&".join(f"{k}={v}" for k, v in sorted(plan.record.query.items()))


def _made_from(plan: Plan) -> list[tuple[str, str]]:
    say, record = plan.query.text, plan.record
    rows: list[tuple[str, str]] = [
        (say("请求", "Query"), _asked(plan)),
        (say("软件版本", "Release"), record.release),
        (say("校验码", "Mark"), record.mark),
    ]
    named: dict[str, Any] = {layer.id: layer for layer in plan.layers}
    for id_, number in sorted(record.versions.items()):
        layer = named[id_]
        told = say(layer.title_zh, layer.title_en)
        rows.append((told, say(f"第 {number} 版", f"version {number}")))
    return rows


def shown_by(styles: Mapping[str, Any], data: Sequence[LayerData]) -> Drawer:
    """Draws these layers."""

    def draw(query: MapQuery, frame: Rect, taken: Sequence[Rect]) -> Scene:
        return build_scene(query, data, styles, frame, taken)

    return draw
