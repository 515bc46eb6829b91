"""The words a sheet must carry: title, CRS, versions, basis, evidence, sources."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from service.maps.query import MapQuery
from service.maps.scene import Scene
from service.maps.symbols import INK, INK_SOFT, OCHRE

PRODUCT = ("荔湾规划一图", "Liwan Plan Map")


def title_of(scene: Scene) -> str:
    """The title asked for, else one made of the layers shown."""
    query = scene.query
    if query.title:
        return query.title
    if query.sketch is not None:
        return query.sketch.name(query.lang)
    if scene.focus is not None:
        return scene.focus.name(query.lang)
    if len(query.layers) == 1:
        layer = next(d.layer for d in scene.layers if d.layer.id == query.layers[0])
        return query.text(
            f"荔湾区{layer.title_zh}", f"{layer.title_en}, Liwan District"
        )
    return query.text(*PRODUCT)


def subtitle_of(scene: Scene) -> str:
    """The subtitle asked for; under a title of our own, the same in the other
    language."""
    query = scene.query
    if query.subtitle or query.title or query.lang == "en":
        return query.subtitle
    english = title_of(replace(scene, query=replace(query, lang="en")))
    return "" if english == title_of(scene) else english


def scale_text(scale: float) -> str:
    """``1 : 25,000``, with a sign where the scale is not a round one."""
    step = 100 if scale >= 1000 else 1
    if abs(scale / step - round(scale / step)) < 1e-9:
        return f"1 : {scale:,.0f}"
    digits = 2 - math.floor(math.log10(scale))
    return f"≈ 1 : {round(scale, digits):,.0f}"


def notes_of(scene: Scene) -> Iterator[tuple[str, str]]:
    """Notes with their colour, the ones that must not be lost first."""
    query = scene.query
    if (accuracy := scene.indicative_accuracy) is not None:
        yield _evidence(query, accuracy), OCHRE
    if query.approval:
        yield query.text(f"审图号 {query.approval}", f"Map no. {query.approval}"), INK
    yield _reference(scene)
    if query.sketch is not None:
        yield (
            query.text(
                "深蓝实线为使用者所绘范围，未经审查，不是任何图层的要素。",
                "Dark blue line: a shape drawn by a user, not reviewed, of no layer.",
            ),
            INK,
        )
    if query.rotation:
        yield _turned(query), INK_SOFT
    yield (
        query.text(
            "面积为图中要素的整块椭球面积（GRS80）",
            "Areas: whole features, on the GRS80 ellipsoid",
        ),
        INK_SOFT,
    )
    yield _versions(scene), INK_SOFT
    if query.filter:
        yield query.text(f"筛选 {query.filter}", f"Filter {query.filter}"), INK_SOFT
    for id_, text in query.layer_filters:
        layer = next(d.layer for d in scene.layers if d.layer.id == id_)
        name = query.text(f"{layer.title_zh}：", f"{layer.title_en}: ")
        yield query.text("筛选 ", "Filter ") + name + text, INK_SOFT
    if sources := _sources(scene):
        head = query.text("出处 ", "Sources ")
        yield head + query.text("、", "; ").join(sources), INK_SOFT


def _reference(scene: Scene) -> tuple[str, str]:
    """The coordinate system, and what may not be measured in it."""
    query, epsg = scene.query, scene.view.crs.epsg
    if query.format == "html":
        return query.text("坐标 CGCS2000 经纬度", "CGCS2000 degrees"), INK_SOFT
    if epsg == 3857:
        zh = "网络墨卡托屏幕预览，比例尺仅在图幅中心成立，不可量算。"
        en = "Web Mercator preview: the scale bar holds at the centre only; do not"
        return query.text(zh, f"{en} measure."), OCHRE
    zh, en = f"坐标系 CGCS2000 / EPSG:{epsg}", f"CRS CGCS2000 / EPSG:{epsg}"
    return query.text(zh, en), INK_SOFT


def _turned(query: MapQuery) -> str:
    by, right = f"{abs(query.rotation):g}°", query.rotation > 0
    way = ("顺时针", "clockwise") if right else ("逆时针", "anticlockwise")
    return query.text(f"图面{way[0]}旋转 {by}", f"Map turned {way[1]} by {by}")


def footer_text(scene: Scene, mark: str) -> str:
    """The line at the foot: whose map, which query."""
    query = scene.query
    name = query.text(*PRODUCT)
    word = query.text("校验码", "mark")
    dates = [data.published_at[:10] for data in scene.layers if data.published_at]
    data_of = query.text("数据截至", "data of")
    dated = f" · {data_of} {max(dates)}" if dates else ""
    return f"{name}{dated} · {word} {mark}"


def _evidence(query: MapQuery, accuracy: float) -> str:
    if math.isnan(accuracy):
        return query.text(
            "含示意界线（赭色虚线），不作审批依据。",
            "Contains indicative lines (dashed ochre). Not for approval.",
        )
    return query.text(
        f"含示意界线（赭色虚线），误差可达约 ±{accuracy:,.0f} 米，不作审批依据。",
        f"Contains indicative lines (dashed ochre), up to about ±{accuracy:,.0f} m."
        " Not for approval.",
    )


def _versions(scene: Scene) -> str:
    query = scene.query
    parts = [
        f"{query.text(d.layer.title_zh, d.layer.title_en)} {d.version}"
        for d in scene.layers
    ]
    return query.text("数据版本 ", "Versions: ") + query.text("、", ", ").join(parts)


def _sources(scene: Scene) -> list[str]:
    """Documents of what is shown, most used first."""
    counts: dict[str, int] = {}
    for drawn in scene.drawn:
        titles, which = drawn.data.sources
        used = np.bincount(which[drawn.rows], minlength=len(titles)).tolist()
        for title, count in zip(titles, used, strict=True):
            if title and count:
                counts[title] = counts.get(title, 0) + count
    return sorted(counts, key=lambda title: (-counts[title], title))[:4]
