"""The finished sheet: map, title, legend, notes, as one drawing and lines of text."""

from __future__ import annotations

from dataclasses import dataclass

from service.maps.drawing import map_marks, swatch
from service.maps.font import text_width
from service.maps.furniture import (
    bar_metres,
    distance_text,
    graticule,
    north_arrow,
    scale_bar,
)
from service.maps.ink import Ink
from service.maps.layout import Layout
from service.maps.legend import LegendLine, folded
from service.maps.marks import Mark, Pen, Shape, box, rule
from service.maps.notes import (
    footer_text,
    notes_of,
    scale_text,
    subtitle_of,
    title_of,
)
from service.maps.page import Page, Rect
from service.maps.query import MapQuery
from service.maps.scene import Scene
from service.maps.symbols import INK, INK_SOFT, OCHRE, PAPER
from service.maps.text import Text, broken, fitted, halos, right_of

_LINE = 4.6  # height of a legend line, mm at k = 1
_FINEST = 0.78  # to which a name in the legend is set finer before it is cut
_WIDEST = 80.0  # legend column: further apart, names and numbers do not meet


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: what is drawn, and the texts that lie on it."""

    page: Page
    title: str
    marks: tuple[Mark, ...]
    texts: tuple[Text, ...]


def compose(scene: Scene, layout: Layout, mark: str) -> Sheet:
    """Set the sheet. ``mark`` identifies query and versions in the footer."""
    ink = Ink([blank(scene.query.page), map_marks(scene)])
    if scene.query.graticule:
        ink.add(graticule(scene.view, layout.k))
    ink.texts += _labels(scene)
    ink.marks += halos(ink.texts)
    ink.add(
        _bare(scene, layout) if layout.notes is None else _around(scene, layout, mark)
    )
    return Sheet(
        scene.query.page,
        title_of(scene),
        tuple(ink.marks),
        tuple(ink.texts),
    )


def blank(page: Page) -> Shape:
    """The paper."""
    return box(Rect(0, 0, page.width, page.height), fill=PAPER)


def _labels(scene: Scene) -> list[Text]:
    return [
        Text(n.text, n.x, n.y, n.size, n.colour, n.bold, halo=n.size * 0.13)
        for n in scene.labels
    ]


def _bare(scene: Scene, layout: Layout) -> Ink:
    """On a bare map only the scale, and the note that indicative shapes demand."""
    frame, k, ink = scene.view.frame, layout.k, Ink()
    if frame.width < 60 or frame.height < 40 or not scene.query.legend:
        return ink
    most, lang = min(frame.width * 0.25, 40.0), scene.query.lang
    metres, width = bar_metres(scene.view, most)
    size = 2.5 * k
    end = width + text_width(distance_text(metres, lang), size)
    veil = Rect(frame.x + 2 * k, frame.bottom - 9.2 * k, end + 3 * k, 7.2 * k)
    ink.marks.append(box(veil, fill=PAPER, opacity=0.85))
    at = veil.x + 1.5 * k, veil.y + 1.5 * k
    ink.add(scale_bar(scene.view, at, (most, k), lang))
    if scene.indicative_accuracy is not None:
        words = scene.query.text("虚线为示意界线", "Dashed: indicative")
        left = right_of(words, frame.right - 3.5 * k, size)
        room = Rect(left - 1.5 * k, frame.bottom - 6.2 * k, frame.right - left, 4.2 * k)
        ink.marks.append(box(room, fill=PAPER, opacity=0.85))
        ink.texts.append(Text(words, left, frame.bottom - 3.2 * k, size, OCHRE))
    return ink


def _around(scene: Scene, layout: Layout, mark: str) -> Ink:
    ink = _title(scene, layout)
    edge = Pen(INK, 0.35 * layout.k, sharp=True)
    ink.marks.append(box(layout.frame, pen=edge))
    if layout.legend is not None:
        ink.add(_legend(scene, layout, layout.legend))
    if layout.notes is not None:
        ink.add(_notes(scene, layout, layout.notes))
    size = 2.1 * layout.k
    foot = scene.query.page.height - layout.margin - 0.2 * layout.k
    text = fitted(footer_text(scene, mark), size, layout.frame.width)
    ink.texts.append(Text(text, layout.margin, foot, size, INK_SOFT))
    return ink


def _title(scene: Scene, layout: Layout) -> Ink:
    query, k, ink = scene.query, layout.k, Ink()
    left, baseline = layout.margin, layout.margin + 7.2 * k
    room = query.page.width - 2 * layout.margin
    stamp = query.classification
    if stamp:
        size = 3.4 * k
        at = right_of(stamp, query.page.width - layout.margin, size)
        ink.texts.append(Text(stamp, at, baseline, size, bold=True))
        room -= text_width(stamp, size) + 6 * k
    title = title_of(scene)
    size = min(6.6 * k, max(3.4 * k, room / max(text_width(title, 1.0), 1e-6)))
    title = fitted(title, size, room)
    ink.texts.append(Text(title, left, baseline, size, bold=True))
    start = left + text_width(title, size) + 4 * k
    subtitle = fitted(subtitle_of(scene), 3.2 * k, left + room - start)
    if len(subtitle) > 1:
        ink.texts.append(Text(subtitle, start, baseline, 3.2 * k, INK_SOFT))
    return ink


def _legend(scene: Scene, layout: Layout, rect: Rect) -> Ink:
    query, k, ink = scene.query, layout.k, Ink()
    head = query.text("图例", "Legend")
    ink.texts.append(Text(head, rect.x, rect.y + 3.6 * k, 3.8 * k, bold=True))
    gap, top = 6.0 * k, rect.y + 12.5 * k
    rows = max(1, int((rect.bottom - top) / (_LINE * k)))
    columns = layout.legend_columns if len(scene.legend) > rows else 1
    width = min((rect.width - gap * (columns - 1)) / columns, _WIDEST * k)
    lines = folded(scene.legend, rows * columns, query)
    for column in range(columns):
        chosen = lines[column * rows : (column + 1) * rows]
        left = rect.x + column * (width + gap)
        if chosen:
            ink.add(_legend_head(scene, Rect(left, top - 3.0 * k, width, 0), k))
        for n, line in enumerate(chosen):
            y = top + n * _LINE * k
            ink.add(_legend_line(line, Rect(left, y, width, _LINE * k), query))
    return ink


def _legend_head(scene: Scene, rect: Rect, k: float) -> Ink:
    size = 2.5 * k
    unit = {"ha": ("公顷", "ha"), "mu": ("亩", "mu")}[scene.query.unit]
    count, amount = scene.query.text("个数", "count"), scene.query.text(*unit)
    right, y = rect.right, rect.y + 1.2 * k
    return Ink(
        [rule((rect.x, y), (right, y), Pen(INK, 0.2))],
        [
            Text(amount, right_of(amount, right, size), rect.y, size, INK_SOFT),
            Text(count, right_of(count, right - 17 * k, size), rect.y, size, INK_SOFT),
        ],
    )  # fmt: skip


def _legend_line(line: LegendLine, rect: Rect, query: MapQuery) -> Ink:
    k, lang = query.page.text_scale, query.lang
    size, ink = 2.9 * k, Ink()
    baseline = rect.y + rect.height * 0.72
    left = rect.x
    if line.symbol is not None:
        sample = Rect(left, rect.y + 0.9 * k, 6.2 * k, 2.9 * k)
        px, patterns = query.page.px, query.patterns
        ink.marks += swatch(line.symbol, sample, px, patterns=patterns)
    if line.symbol is not None or line.indent:
        left += 8.2 * k
    tail = ""
    if line.indicative and not line.indent:
        tail = "（示意）" if lang == "zh" else " (indicative)"
    count = "" if line.count is None else f"{line.count:,}"
    amount_left = right_of(line.amount, rect.right, size)
    count_left = right_of(count, rect.right - 17 * k, size)
    title, fine = _titled(line.title, tail, size, count_left - left - 1.5 * k)
    heading = line.symbol is None and not line.indent
    colour = OCHRE if line.indicative else INK
    ink.texts += [
        Text(title, left, baseline, fine, colour, heading),
        Text(count, count_left, baseline, size, INK_SOFT),
        Text(line.amount, amount_left, baseline, size, INK, heading),
    ]  # fmt: skip
    return ink


def _titled(name: str, tail: str, size: float, width: float) -> tuple[str, float]:
    """A name in its room and its size: set finer before it is cut, and cut before what
    is said of it."""
    fine, needed = size, text_width(name + tail, size)
    if needed > width:  # and a hair finer: sums of widths are not exact
        fine *= max(_FINEST, 0.999 * width / needed)
    return fitted(name, fine, width - text_width(tail, fine)) + tail, fine


def _notes(scene: Scene, layout: Layout, rect: Rect) -> Ink:
    query, k, ink = scene.query, layout.k, Ink()
    top = rect.y + 4.5 * k
    if scene.view.crs.epsg != 3857:
        ink.texts.append(
            Text(scale_text(scene.view.scale), rect.x, top, 4.2 * k, bold=True)
        )
    bar_most = min(rect.width - 22 * k, 48.0 * k)
    ink.add(scale_bar(scene.view, (rect.x, top + 2.2 * k), (bar_most, k), query.lang))
    arrow = query.text("北", "N")
    ink.add(north_arrow(scene.view, rect.right - 6 * k, rect.y - 1 * k, 12 * k, arrow))
    y = top + 10.5 * k
    ink.marks.append(rule((rect.x, y), (rect.right, y), Pen(INK, 0.2 * k)))
    size, leading = 2.5 * k, 3.7 * k
    y += leading
    lines = [
        (line, colour)
        for text, colour in notes_of(scene)
        for line in broken(text, size, rect.width)
    ]
    room = max(1, int((rect.bottom + 0.5 * k - y) / leading) + 1)
    if len(lines) > room:  # what follows is told to be missing
        last, colour = lines[room - 1]
        lines[room - 1] = fitted(last + "……", size, rect.width), colour
    for n, (line, colour) in enumerate(lines[:room]):
        ink.texts.append(Text(line, rect.x, y + n * leading, size, colour))
    return ink
