"""The sheet of paper (or the screen) a map is drawn on, in millimetres."""

from __future__ import annotations

import math
from dataclasses import dataclass

from service.errors import BadRequest

MM_PER_INCH = 25.4
SCREEN_DPI = 96.0
MAX_PIXELS_A_SIDE = 4096
#: What one picture may cost in memory (about 20 bytes a pixel): A3 at 300 dpi fits,
#: and A0 at 110 dpi. Larger sheets are better asked for as PDF.
MAX_PIXELS = 20_000_000
MAX_DPI = 600.0

PAPERS = {
    "A0": (1189.0, 841.0),
    "A1": (841.0, 594.0),
    "A2": (594.0, 420.0),
    "A3": (420.0, 297.0),
    "A4": (297.0, 210.0),
}
ORIENTATIONS = ("landscape", "portrait")


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in page millimetres, y down."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Page:
    """Width and height in millimetres; ``dpi`` matters to PNG only. ``paper`` is the
    name of the sheet, None for a picture asked in pixels."""

    width: float
    height: float
    dpi: float
    paper: str | None = None

    @property
    def pixels(self) -> tuple[int, int]:
        """Size of the PNG."""
        return self._pixels(self.width), self._pixels(self.height)

    @property
    def text_scale(self) -> float:
        """How much larger than on A4 text is set, so that an A0 reads from afar."""
        k = math.sqrt(self.width * self.height / (297.0 * 210.0))
        return min(max(k, 0.85), 1.0) if k < 1 else min(k**0.6, 2.4)

    @property
    def reading_scale(self) -> float:
        """As ``text_scale``, of columns that are read from end to end: a larger sheet
        lies farther from the eye."""
        k = math.sqrt(self.width * self.height / (297.0 * 210.0))
        return max(self.text_scale, min(k, 2.4))

    @property
    def px(self) -> float:
        """Millimetres of a CSS pixel of line width: pens grow with the sheet."""
        return MM_PER_INCH / SCREEN_DPI * max(1.0, self.text_scale)

    def _pixels(self, millimetres: float) -> int:
        return max(1, round(millimetres / MM_PER_INCH * self.dpi))


def screen_page(width: int, height: int, dpi: float | None) -> Page:
    """A page of exactly that many pixels."""
    for name, value in (("width", width), ("height", height)):
        if not 1 <= value <= MAX_PIXELS_A_SIDE:
            raise BadRequest(
                f"Parameter {name!r} must be 1 to {MAX_PIXELS_A_SIDE} pixels,"
                f" not {value}. For larger sheets ask for paper=A3 or larger.",
                f"参数“{name}”必须在 1 到 {MAX_PIXELS_A_SIDE} 像素之间，"
                f"而不是 {value}；更大的图请用 paper=A3 等纸张。",
                parameter=name,
            )
    dpi = dpi or SCREEN_DPI
    return Page(width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH, dpi)


def paper_page(text: str, dpi: float | None, *, raster: bool) -> Page:
    """A page from ``A4``, ``A3-portrait`` …"""
    name, _, orientation = text.partition("-")
    orientation = orientation or "landscape"
    if name.upper() not in PAPERS or orientation not in ORIENTATIONS:
        raise BadRequest(
            "Parameter 'paper' must be A4, A3, A2, A1 or A0, with -portrait or"
            f" -landscape if wanted, not {text[:40]!r}.",
            "参数“paper”必须是 A4、A3、A2、A1 或 A0，可加 -portrait（竖）或"
            f" -landscape（横），而不是“{text[:40]}”。",
            parameter="paper",
        )
    size = PAPERS[name.upper()]
    width, height = size if orientation == "landscape" else size[::-1]
    page = Page(width, height, dpi or _dpi_for(width, height), name.upper())
    if raster and math.prod(page.pixels) > MAX_PIXELS:
        raise _too_many_pixels(page)
    return page


def _dpi_for(width: float, height: float) -> float:
    """150 dots an inch, or as many as fit."""
    most = MM_PER_INCH * math.sqrt(MAX_PIXELS / (width * height))
    return min(150.0, float(math.floor(most)))


def _too_many_pixels(page: Page) -> BadRequest:
    across, down = page.pixels
    most = math.floor(page.dpi * math.sqrt(MAX_PIXELS / (across * down)))
    return BadRequest(
        f"{page.paper} at {page.dpi:g} dpi is a picture of {across} × {down} pixels,"
        f" more than {MAX_PIXELS:,}. Ask for dpi={most} or less, or for f=pdf.",
        f"{page.paper} 按 {page.dpi:g} dpi 为 {across} × {down} 像素，超过"
        f" {MAX_PIXELS:,} 像素。请用 dpi={most} 以下，或导出 f=pdf。",
        parameter="dpi",
    )
