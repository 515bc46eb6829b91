"""What is asked of a map: parameters parsed once into one typed value."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from geo.bbox import Bbox, parse_bbox
from geo.crs import CRS84, Crs, from_crs84, parse_crs
from service.errors import BadRequest
from service.maps.narrowing import layer_filters
from service.maps.number import sheet_number
from service.maps.page import MAX_DPI, Page, paper_page, screen_page
from service.maps.sketch import Sketch, sketched
from service.maps.turn import Turn
from service.parameters import bad, one_of

Format = Literal["png", "svg", "pdf", "html", "docx"]
MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
#: Books of dossiers; and whatever can be made here.
BOOK_TYPES: Mapping[str, str] = {
    "pdf": MEDIA_TYPES["pdf"],
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
ALL_TYPES: Mapping[str, str] = {**MEDIA_TYPES, **BOOK_TYPES}
#: Every parameter a map understands; the route refuses others.
PARAMETERS = frozenset(
    {
        "collections", "bbox", "bbox-crs", "crs", "width", "height", "dpi", "paper",
        "scale", "fit", "title", "subtitle", "legend", "graticule", "labels",
        "base", "layout", "colours", "unit", "lang", "classification", "approval",
        "filter", "filter-lang", "layer-filter", "version", "as-of", "f", "series",
        "overlap-mm", "rotation", "center",
        "order", "shape", "shape-name", "patterns", "sheet",
    }
)  # fmt: skip
MIN_SCALE, MAX_SCALE = 100, 1_000_000
MAX_LAYERS = 32
MAX_ROTATION = 360
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,17})?,-?[0-9]{1,2}(\.[0-9]{1,17})?")
DEFAULT_OVERLAP, MAX_OVERLAP = 10, 50  # of the sheets of a series, mm
TEXT_LIMITS = {
    "title": 120, "subtitle": 200, "classification": 20, "approval": 60,
    "shape-name": 40,
}  # fmt: skip
PAPER_CRS, SCREEN_CRS = "EPSG:4547", "EPSG:3857"


@dataclass(frozen=True, slots=True)
class MapQuery:
    """A map as it was asked for. ``bbox`` is in CRS84 degrees."""

    layers: tuple[str, ...]
    format: Format
    page: Page
    crs: Crs
    bbox: Bbox | None
    fit: tuple[str, str] | None
    scale: int | None
    title: str
    subtitle: str
    classification: str
    approval: str
    legend: bool
    graticule: bool
    labels: bool
    base: bool
    layout: Literal["sheet", "map"]
    standard_colours: bool
    unit: Literal["ha", "mu"]
    lang: Literal["zh", "en"]
    filter: str | None
    filter_lang: str
    #: Whether layers lie as listed, the first lowest; else by what they are.
    as_listed: bool
    #: The parameters as given, for the ETag and the file's own record.
    given: tuple[tuple[str, str], ...]
    #: The content is turned clockwise about the frame's middle, degrees.
    rotation: float = 0.0
    #: Several sheets that overlap by so many millimetres; None for one sheet.
    overlap: int | None = None
    number: int | None = None  # the one of them that is asked for
    #: The middle of the frame, metres of ``crs``; None where the extent decides.
    at: tuple[float, float] | None = None
    #: A shape that was drawn, laid on the map; the extent unless another is asked for.
    sketch: Sketch | None = None
    #: Layer and CQL2 text, besides ``filter``.
    layer_filters: tuple[tuple[str, str], ...] = ()
    #: Whether filled classes carry the patterns that tell them apart in grey.
    patterns: bool = False

    @property
    def turn(self) -> Turn:
        """How the ground is turned on the page."""
        return Turn(self.rotation)

    def text(self, zh: str, en: str) -> str:
        """The wording in the map's language."""
        return zh if self.lang == "zh" else en


def parse_map(given: Mapping[str, str], layers: Sequence[str] = ()) -> MapQuery:
    """A query from its parameters; ``layers`` when the address names them."""
    asked = _Asked(given)
    format_ = asked.choice("f", tuple(MEDIA_TYPES), "png")
    crs = _crs(asked)
    texts = {name: asked.text(name) for name in TEXT_LIMITS}
    return MapQuery(
        layers=tuple(layers) or _layers(asked),
        format=format_,  # type: ignore[arg-type]
        page=_page(asked, raster=format_ == "png"),
        crs=crs,
        bbox=_bbox(asked),
        fit=_fit(asked),
        scale=_scale(asked, crs),
        title=texts["title"],
        subtitle=texts["subtitle"],
        classification=texts["classification"],
        approval=texts["approval"],
        legend=asked.flag("legend", True),
        graticule=asked.flag("graticule", "paper" in given and crs.epsg == 4547),
        labels=asked.flag("labels", True),
        base=asked.flag("base", True),
        layout=asked.choice("layout", ("sheet", "map"), "sheet"),  # type: ignore[arg-type]
        standard_colours=asked.choice("colours", ("screen", "standard"), "screen")
        == "standard",
        unit=asked.choice("unit", ("ha", "mu"), "ha"),  # type: ignore[arg-type]
        lang=asked.choice("lang", ("zh", "en"), "zh"),  # type: ignore[arg-type]
        filter=given.get("filter"),
        filter_lang=asked.choice(
            "filter-lang", ("cql2-text", "cql2-json"), "cql2-text"
        ),
        as_listed=asked.choice("order", ("kind", "listed"), "kind") == "listed",
        given=tuple(sorted(given.items())),
        rotation=_rotation(asked, format_),
        at=_center(asked, crs),
        overlap=_overlap(asked, format_),
        number=sheet_number(given),
        sketch=_sketch(asked, crs),
        layer_filters=layer_filters(given.get("layer-filter")),
        patterns=_patterns(asked, format_),
    )


class _Asked:
    """Strict readers of single parameters."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given

    def choice(self, name: str, options: Sequence[str], default: str) -> str:
        return one_of(name, self.given.get(name, default), options)

    def flag(self, name: str, default: bool) -> bool:
        words = {"true": True, "1": True, "false": False, "0": False}
        value = self.given.get(name)
        if value is None:
            return default
        if value.lower() not in words:
            raise bad(name, "must be true or false", "必须是 true 或 false")
        return words[value.lower()]

    def whole(self, name: str) -> int | None:
        value = self.given.get(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise bad(
                name,
                f"must be a whole number, not {value[:40]!r}",
                f"必须是整数，而不是“{value[:40]}”",
            )
        return int(value)

    def text(self, name: str) -> str:
        """A line of text: bounded, on one line, without control characters."""
        value = self.given.get(name, "")
        if len(value) > TEXT_LIMITS[name]:
            raise bad(
                name,
                f"has {len(value)} characters; at most {TEXT_LIMITS[name]} fit",
                f"有 {len(value)} 个字符，图上最多容纳 {TEXT_LIMITS[name]} 个",
            )
        if not value.isprintable():
            raise bad(
                name,
                "holds line breaks or control characters",
                "含有换行或控制字符",
            )
        return value.strip()


def _layers(asked: _Asked) -> tuple[str, ...]:
    text = asked.given.get("collections", "")
    parts = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if not all(parts):
        raise bad(
            "collections",
            "must name one or more layers, separated by commas",
            "须给出一个或多个图层，用逗号分隔",
        )
    if len(parts) > MAX_LAYERS:
        raise bad(
            "collections",
            f"names {len(parts)} layers; at most {MAX_LAYERS} can be drawn at once",
            f"含 {len(parts)} 个图层，一次最多绘制 {MAX_LAYERS} 个",
        )
    return parts


def _page(asked: _Asked, *, raster: bool) -> Page:
    dpi = _dpi(asked)
    if (paper := asked.given.get("paper")) is not None:
        for name in ("width", "height"):
            if name in asked.given:
                raise bad(name, "excludes paper", "不能与 paper 同时使用")
        return paper_page(paper, dpi, raster=raster)
    width, height = asked.whole("width"), asked.whole("height")
    return screen_page(
        1200 if width is None else width, 800 if height is None else height, dpi
    )


def _dpi(asked: _Asked) -> float | None:
    dpi = asked.whole("dpi")
    if dpi is not None and not 36 <= dpi <= MAX_DPI:
        raise bad(
            "dpi",
            f"must be 36 to {MAX_DPI:g}, not {dpi}",
            f"必须在 36 到 {MAX_DPI:g} 之间，而不是 {dpi}",
        )
    return dpi


def _crs(asked: _Asked) -> Crs:
    crs = parse_crs(asked.given.get("crs", PAPER_CRS))
    if not crs.projected:
        raise bad(
            "crs",
            f"must be projected: {PAPER_CRS}, or {SCREEN_CRS} for a preview",
            f"须为投影坐标系，如 {PAPER_CRS}；屏幕预览可用 {SCREEN_CRS}",
        )
    return crs


def _bbox(asked: _Asked) -> Bbox | None:
    text = asked.given.get("bbox")
    if text is None:
        if "bbox-crs" in asked.given:
            raise bad("bbox-crs", "needs a bbox", "须与 bbox 同用")
        return None
    box = parse_bbox(text, parse_crs(asked.given.get("bbox-crs", CRS84)))
    if box.west >= box.east or box.south >= box.north:
        raise bad(
            "bbox",
            "must have some width and height, west before east",
            "须有宽度和高度，且西在东前",
        )
    return box


def _fit(asked: _Asked) -> tuple[str, str] | None:
    text = asked.given.get("fit")
    if text is None:
        return None
    layer, slash, feature = text.partition("/")
    if not (layer and slash and feature):
        raise bad("fit", "must be layer/feature-id", "须写作 图层/要素编号（layer/id）")
    if "bbox" in asked.given:
        raise bad("fit", "excludes bbox", "不能与 bbox 同时使用")
    return layer, feature


def _center(asked: _Asked, crs: Crs) -> tuple[float, float] | None:
    """The middle of the frame; with it only a scale says how much is shown."""
    text = asked.given.get("center")
    if text is None:
        return None
    if not _DEGREES.fullmatch(text):
        raise bad(
            "center",
            f"must be longitude,latitude in degrees, not {text[:40]!r}",
            f"须写作 经度,纬度（度），而不是“{text[:40]}”",
        )
    if "scale" not in asked.given or "bbox" in asked.given:
        raise bad(
            "center",
            "needs scale, and excludes bbox",
            "须与 scale 同用，且不能与 bbox 同用",
        )
    if asked.flag("series", False):
        raise bad("center", "excludes series", "不能与 series 同时使用")
    lon, lat = map(float, text.split(","))
    place = np.array([shapely.Point(lon, lat)], dtype=object)
    x, y = shapely.get_coordinates(from_crs84(place, crs, axis="xy"))[0].tolist()
    return x, y


def _sketch(asked: _Asked, crs: Crs) -> Sketch | None:
    name = asked.text("shape-name")
    if (text := asked.given.get("shape")) is not None:
        return sketched(text, name, crs)
    if name:
        raise bad("shape-name", "needs a shape", "须与 shape 同用")
    return None


def _rotation(asked: _Asked, format_: str) -> float:
    """Degrees clockwise, -180 (excluded) to 180."""
    text = asked.given.get("rotation", "0")
    if not re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{1,3})?", text):
        text = "NaN"
    degrees = float(text)
    if not -MAX_ROTATION <= degrees <= MAX_ROTATION:
        raise bad(
            "rotation",
            f"must be degrees clockwise, -{MAX_ROTATION} to {MAX_ROTATION} with at most"
            f" three decimals, not {asked.given['rotation'][:40]!r}",
            f"须为顺时针角度，-{MAX_ROTATION} 到 {MAX_ROTATION} 度，最多三位小数，"
            f"而不是“{asked.given['rotation'][:40]}”",
        )
    degrees = -math.remainder(-degrees, 360.0) + 0.0
    if degrees and format_ == "html":
        raise bad(
            "rotation",
            "is not to be had with f=html: interactive maps have north up",
            "不能与 f=html 同时使用：交互地图始终北方朝上",
        )
    return degrees


def _patterns(asked: _Asked, format_: str) -> bool:
    wanted = asked.flag("patterns", False)
    if wanted and format_ == "html":
        raise bad(
            "patterns",
            "is for paper, not for f=html",
            "用于纸面，不能与 f=html 同时使用",
        )
    return wanted


def _overlap(asked: _Asked, format_: str) -> int | None:
    """What sheets of a series share; a series is asked for with paper and scale."""
    width = asked.whole("overlap-mm")
    if width is not None and not 0 <= width <= MAX_OVERLAP:
        raise bad(
            "overlap-mm",
            f"must be 0 to {MAX_OVERLAP} millimetres, not {width}",
            f"须在 0 到 {MAX_OVERLAP} 毫米之间，而不是 {width}",
        )
    if not asked.flag("series", False):
        return None
    sheet = asked.given.get("layout", "sheet") == "sheet" and format_ != "html"
    if not sheet or "paper" not in asked.given or "scale" not in asked.given:
        raise bad(
            "series",
            "needs paper and scale, and neither f=html nor layout=map",
            "须同时给出 paper 与 scale，且不能用 f=html 或 layout=map",
        )
    return DEFAULT_OVERLAP if width is None else width


def _scale(asked: _Asked, crs: Crs) -> int | None:
    text = asked.given.get("scale")
    if text is None:
        return None
    number = text.removeprefix("1:").replace(",", "")
    value = float(number) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", number) else 0.0
    if not MIN_SCALE <= value <= MAX_SCALE or not math.isfinite(value):
        raise BadRequest(
            f"Parameter 'scale' must be 1:{MIN_SCALE} to 1:{MAX_SCALE:,}, written as"
            f" scale=10000, not {text[:40]!r}.",
            f"参数“scale”须在 1:{MIN_SCALE} 到 1:{MAX_SCALE:,} 之间，写作 scale=10000，"
            f"而不是“{text[:40]}”。",
            parameter="scale",
        )
    if crs.epsg == 3857:
        raise bad(
            "scale",
            f"is not true in {SCREEN_CRS}; leave out crs or use {PAPER_CRS}",
            f"在 {SCREEN_CRS} 下不真实，请去掉 crs 或用 {PAPER_CRS}",
        )
    return round(value)
