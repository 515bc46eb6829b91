"""How a sheet is divided: title above, map, legend and notes beside or below it."""

from __future__ import annotations

from dataclasses import dataclass

from service.maps.page import Page, Rect

#: Smaller pictures than this (mm) have no room for a legend.
_LEAST_WIDTH, _LEAST_HEIGHT = 150.0, 100.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Rectangles in page millimetres. ``k`` scales text and gaps. A bare map has
    neither legend nor notes."""

    k: float
    margin: float
    frame: Rect
    legend: Rect | None
    notes: Rect | None
    legend_columns: int = 1


def bare_layout(page: Page) -> Layout:
    """The map to the edges."""
    k = min(page.text_scale, page.width / 100, page.height / 70)
    return Layout(k, 0.0, Rect(0.0, 0.0, page.width, page.height), None, None)


def sheet_layout(page: Page, *, legend: bool) -> Layout:
    """A titled sheet; falls back to a bare map where there is no room."""
    if page.width < _LEAST_WIDTH or page.height < _LEAST_HEIGHT:
        return bare_layout(page)
    return (_portrait if page.height > page.width else _landscape)(page, legend)


def _landscape(page: Page, legend: bool) -> Layout:
    k = page.text_scale
    margin, top, foot, gap = 7.0 * k, 13.0 * k, 5.0 * k, 5.0 * k
    side = min(max(page.width * 0.225, 58.0 * k), 74.0 * k)
    height = page.height - 2 * margin - top - foot
    left = page.width - margin - side
    frame = Rect(margin, margin + top, left - gap - margin, height)
    notes_height = min(58.0 * k, height * 0.42)
    bottom = frame.bottom - notes_height
    return Layout(
        k,
        margin,
        frame,
        Rect(left, frame.y, side, height - notes_height - gap) if legend else None,
        Rect(left, bottom, side, notes_height),
    )


def _portrait(page: Page, legend: bool) -> Layout:
    k = page.text_scale
    margin, top, foot, gap = 7.0 * k, 13.0 * k, 5.0 * k, 4.0 * k
    width = page.width - 2 * margin
    below = max(page.height * 0.21, 56.0 * k)
    height = page.height - 2 * margin - top - foot - below - gap
    frame = Rect(margin, margin + top, width, height)
    notes_width = width * 0.34
    notes_left = page.width - margin - notes_width
    legend_rect = Rect(margin, frame.bottom + gap, width - notes_width - gap, below)
    return Layout(
        k,
        margin,
        frame,
        legend_rect if legend else None,
        Rect(notes_left, frame.bottom + gap, notes_width, below),
        legend_columns=2,
    )
