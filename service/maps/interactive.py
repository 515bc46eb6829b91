"""A map as one HTML file that opens without a network: data, Leaflet and all."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import orjson
import shapely

from geo.frame import ObjectArray
from layers.catalogue import Field
from service.errors import BadRequest, StoreUnavailable
from service.maps.drawn import Drawn
from service.maps.edges import DISTRICT
from service.maps.fields import fields_in, told
from service.maps.legend import sketch_amount
from service.maps.notes import notes_of, subtitle_of, title_of
from service.maps.scene import Scene
from service.maps.symbols import LAND, OCHRE, Symbol

HERE = Path(__file__).resolve().parent
MAX_FEATURES, MAX_VERTICES = 20_000, 1_000_000
_DECIMALS = 6  # 0.1 m


def interactive_html(scene: Scene, token: str, static_dir: Path) -> bytes:
    """The page. The same scene gives the same bytes."""
    _check_size(scene)
    leaflet_js, leaflet_css = _leaflet(static_dir)
    script = (HERE / "interactive.js").read_text("utf-8")
    page = Template((HERE / "interactive.html").read_text("utf-8"))
    notes = "".join(_note(text, colour) for text, colour in notes_of(scene))
    return page.substitute(
        lang="zh-CN" if scene.query.lang == "zh" else "en",
        title=escape(title_of(scene)),
        subtitle=escape(subtitle_of(scene)),
        record=escape(token),
        policy=escape(policy(script, leaflet_js)),
        notes=notes,
        leaflet_css=leaflet_css,
        leaflet_js=leaflet_js,
        script=script,
        data=_data(scene),
    ).encode()


def policy(*scripts: str) -> str:
    """Only these scripts run, and nothing is fetched from anywhere."""
    hashes = " ".join(
        f"'sha256-{base64.b64encode(sha256(s.encode()).digest()).decode()}'"
        for s in scripts
    )
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline';"
        " img-src data:"
    )


def _note(text: str, colour: str) -> str:
    kind = ' class="warn"' if colour == OCHRE else ""
    return f"<p{kind}>{escape(text)}</p>"


def _leaflet(static_dir: Path) -> tuple[str, str]:
    folder = static_dir / "vendor" / "leaflet"
    try:
        script = (folder / "leaflet.js").read_text("utf-8")
        style = (folder / "leaflet.css").read_text("utf-8")
    except FileNotFoundError:
        raise StoreUnavailable(
            "The web assets are not installed here, so no interactive map can be made."
            " Run make once, or ask for f=svg or f=pdf.",
            "服务器尚未安装网页组件，不能生成交互地图。请先运行 make，"
            "或改用 f=svg、f=pdf。",
        ) from None
    # Its few pictures belong to controls that this page does not use.
    return script.replace("</script", "<\\/script"), style.replace(
        "url(images/", "url(#"
    )


def _check_size(scene: Scene) -> None:
    features = sum(len(d.rows) for d in scene.drawn)
    vertices = sum(
        int(shapely.get_num_coordinates(d.data.frame.geometry[d.rows]).sum())
        for d in scene.drawn
    )
    if features > MAX_FEATURES or vertices > MAX_VERTICES:
        raise BadRequest(
            f"An interactive map holds at most {MAX_FEATURES:,} features and"
            f" {MAX_VERTICES:,} vertices; this has {features:,} and {vertices:,}."
            " Narrow it with bbox or filter.",
            f"交互地图最多 {MAX_FEATURES:,} 个要素、{MAX_VERTICES:,} 个顶点，"
            f"现有 {features:,} 个、{vertices:,} 个。请用 bbox 或 filter 缩小范围。",
            parameter="bbox",
        )


def _data(scene: Scene) -> str:
    """The features as JSON that cannot end its own element."""
    base = [d for d in scene.drawn if d.data.layer.id == DISTRICT]
    others = [d for d in scene.drawn if d.data.layer.id != DISTRICT]
    shown = [d for d in [*base, *others] if len(d.rows)]
    content = {
        "bounds": _bounds(shown),
        "groups": [*(_group(scene, drawn) for drawn in shown), *_sketch(scene)],
    }
    return orjson.dumps(content).decode().replace("<", "\\u003c")


def _bounds(drawn: list[Drawn]) -> list[float]:
    shapes = [d.data.frame.geometry[d.rows] for d in drawn]
    if not shapes:
        return [113.17, 23.04, 113.27, 23.16]
    box: list[float] = shapely.total_bounds(np.concatenate(shapes)).tolist()
    return box


def _group(scene: Scene, drawn: Drawn) -> dict[str, Any]:
    query, layer = scene.query, drawn.data.layer
    base = layer.id == DISTRICT
    title = query.text(drawn.group.title_zh, drawn.group.title_en)
    whole = query.text(layer.title_zh, layer.title_en)
    if title != whole:
        title = f"{whole} · {title}"
    if drawn.group.indicative:
        title += query.text("（示意）", " (indicative)")
    fields = fields_in(layer, query.lang)
    return {
        "title": title,
        "base": base,
        "symbol": _symbol(drawn.group.symbol, base),
        "fields": [query.text(f.title_zh, f.title_en) for f in fields],
        "features": list(_features(scene, drawn, fields)),
    }


def _sketch(scene: Scene) -> list[dict[str, Any]]:
    """The drawn shape as a group of one, which says its measure."""
    query = scene.query
    if query.sketch is None:
        return []
    name = query.sketch.name(query.lang)
    shape = _rounded(np.array([query.sketch.degrees]))[0]
    feature = {
        "type": "Feature",
        "geometry": orjson.Fragment(shapely.to_geojson(shape)),
        "properties": [name, *sketch_amount(query)],
    }
    measure = query.text("面积或长度", "area or length")
    return [
        {
            "title": " ".join([name, *sketch_amount(query)]),
            "base": False,
            "symbol": _symbol(query.sketch.symbol, False),
            "fields": [measure][: len(sketch_amount(query))],
            "features": [feature],
        }
    ]


def _symbol(symbol: Symbol, base: bool) -> dict[str, Any]:
    return {
        "kind": symbol.kind,
        "fill": LAND if base else symbol.fill,
        "stroke": symbol.stroke,
        "width": symbol.width,
        "dash": symbol.dash,
        "radius": symbol.radius,
        "hatch": symbol.hatch.colour if symbol.hatch else None,
    }


def _features(
    scene: Scene, drawn: Drawn, fields: list[Field]
) -> Iterator[dict[str, Any]]:
    frame, lang = drawn.data.frame, scene.query.lang
    shapes = _rounded(frame.geometry[drawn.rows])
    texts = shapely.to_geojson(shapes)
    names = ("name_zh", "name_en") if lang == "zh" else ("name_en", "name_zh")
    titles = [frame.columns[n] for n in names if n in frame.columns]
    columns = [(f, frame.columns.get(f.name)) for f in fields]
    for row, text in zip(drawn.rows.tolist(), texts, strict=True):
        found = (column[row] for column in titles)
        name = next((str(v) for v in found if v), str(frame.ids[row]))
        values = [None if c is None else told(f, c[row], lang) for f, c in columns]
        yield {
            "type": "Feature",
            "geometry": orjson.Fragment(text),
            "properties": [name, *values],
        }


def _rounded(shapes: ObjectArray) -> ObjectArray:
    rounded: ObjectArray = shapely.transform(shapes, lambda xy: np.round(xy, _DECIMALS))
    return rounded
