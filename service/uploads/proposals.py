"""Which column could be which field, where its name does not say so: proposed with the
reason, taken only if a person agrees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.area import area_m2
from geo.frame import FloatArray, ObjectArray
from layers.catalogue import Field, Layer
from layers.classification import SCHEMES, scheme
from service.uploads.angles import number
from service.uploads.crs_evidence import percent
from service.uploads.inscriptions import TEXT, is_code, part_of
from service.uploads.mapping import labels_of
from service.uploads.problems import Problem
from service.uploads.table import SourceTable

_MOST, _ALL_DIFFERENT, _SAME_AREA = 0.8, 0.9, 0.01
#: Ten bytes, without the parts of a sign that no longer fitted.
_CUT_BYTES = (8, 10)
_SAMPLES, _ENOUGH = 2, 2_000
_WHOLE_EARTH = 180.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One field and the column that could be it."""

    field: Field
    column: str
    why: str
    why_zh: str

    def body(self) -> dict[str, str]:
        """As the diagnosis tells it."""
        told = {"field": self.field.name, "column": self.column}
        return {**told, "why": self.why, "why_zh": self.why_zh}

    def problem(self) -> Problem:
        """The finding that says so."""
        titles = {"title_zh": self.field.title_zh, "title_en": self.field.title_en}
        values = {**self.body(), **titles}
        return Problem("mapping_proposed", None, self.field.name, values=values)


def proposals(
    table: SourceTable,
    layer: Layer,
    sources: Mapping[str, str],
    declined: Mapping[str, str | None],
    geometry: ObjectArray,
) -> list[Proposal]:
    """For fields without a column; ``declined``: what a person has said already."""
    open_fields = [
        field
        for field in layer.fields
        if field.name not in sources and field.name not in declined
    ]
    taken = {*sources.values(), *table.hints}
    parted = any(name.startswith(TEXT) and name != TEXT for name in table.columns)
    taken |= {TEXT} if parted else set()
    free = [name for name in table.columns if name not in taken]
    table, geometry = _some(table, geometry)
    found: list[Proposal] = []
    for judge in (_by_layer_name, _by_prefix, _by_content):
        for one in judge(table, open_fields, free, geometry):
            if one.field in open_fields and one.column in free:
                found.append(one)
                open_fields.remove(one.field)
                free.remove(one.column)
    return found


def _some(table: SourceTable, geometry: ObjectArray) -> tuple[SourceTable, ObjectArray]:
    """Rows from all over the file, as many as a judgement needs."""
    step = len(table) // _ENOUGH + 1
    columns = {name: values[::step] for name, values in table.columns.items()}
    some = geometry[::step]
    return replace(table, geometry=some, columns=columns), some


def _by_layer_name(
    table: SourceTable, fields: list[Field], free: list[str], _: ObjectArray
) -> Iterator[Proposal]:
    """Texts on a CAD layer that is called like the field."""
    for column in list(free):
        part = part_of(column)
        for field in list(fields):
            if part is not None and _key(part) in map(_key, labels_of(field)):
                yield Proposal(
                    field,
                    column,
                    f"the texts stand on CAD layer “{part}”, for example"
                    f" {_samples(table, column)}",
                    f"文字在 CAD 图层“{part}”上，如 {_samples(table, column)}",
                )


def _by_prefix(
    table: SourceTable, fields: list[Field], free: list[str], _: ObjectArray
) -> Iterator[Proposal]:
    """Names that a shapefile cut to ten bytes, if one field only begins like that."""
    if table.format != "shapefile":
        return
    for column in list(free):
        begun = [
            (field, label)
            for field in fields
            if (label := _begun(column, field)) and _fits(field, table.columns[column])
        ]
        if len(begun) == 1:
            field, label = begun[0]
            yield Proposal(
                field,
                column,
                f"the name begins “{label}” (shapefiles keep ten bytes), for example"
                f" {_samples(table, column)}",
                f"列名是“{label}”的开头（shapefile 字段名最多 10 字节），如"
                f" {_samples(table, column)}",
            )


def _begun(column: str, field: Field) -> str | None:
    if not _CUT_BYTES[0] <= len(column.encode()) <= _CUT_BYTES[1]:
        return None
    start = re.sub(r"_?\d*$", "", _key(column.rstrip("\ufffd")))
    labels = (field.title_zh, *labels_of(field))
    return next((one for one in labels if _key(one).startswith(start)), None)


def _fits(field: Field, values: NDArray[Any]) -> bool:
    """Whether the values could be the field's at all."""
    known = _known(values)
    if field.type in ("number", "integer"):
        return bool(known) and _share(known, lambda v: number(v) is not None) == 1
    if field.name == "landuse_code":
        return bool(known) and _best_scheme(known)[1] > 0
    return field.type == "string"


def _by_content(
    table: SourceTable, fields: list[Field], free: list[str], geometry: ObjectArray
) -> Iterator[Proposal]:
    by_name = {field.name: field for field in fields}
    areas = _areas(geometry) if "area_declared_m2" in by_name else None
    for column in list(free):
        values = table.columns[column]
        known = _known(values)
        if not known:
            continue
        if (field := by_name.get("landuse_code")) and (said := _as_codes(known)):
            yield Proposal(field, column, *said)
        field = by_name.get("area_declared_m2")
        if field and areas is not None and (said := _as_areas(values, areas)):
            yield Proposal(field, column, *said)
        if column.startswith(TEXT) and (told := _as_texts(known, len(table))):
            name, why, why_zh = told
            if (field := by_name.get(name) or by_name.get("name_zh")) is not None:
                yield Proposal(field, column, why, why_zh)


def _as_codes(known: list[str]) -> tuple[str, str] | None:
    id, share = _best_scheme(known)
    if share < _MOST or all(number(v) is not None and len(v) < 3 for v in known):
        return None
    titles = SCHEMES[id]
    return (
        f"{percent(share)} of its values are codes of {titles['en']}",
        f"{percent(share)} 的值是“{titles['zh']}”的代码",
    )


def _best_scheme(known: list[str]) -> tuple[str, float]:
    shares = {id: _share(known, scheme(id).__contains__) for id in SCHEMES}
    best = max(shares, key=lambda id: shares[id])
    return best, shares[best]


def _as_areas(values: NDArray[Any], areas: FloatArray) -> tuple[str, str] | None:
    told = np.array([number(str(v)) or np.nan for v in values.tolist()])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = (told / areas)[np.isfinite(told) & (areas > 0)]
    if 2 * len(ratios) <= len(values) or abs(np.median(ratios) - 1) > _SAME_AREA:
        return None
    ratio = f"{np.median(ratios):.4f}"
    return (
        f"its values are the areas of the shapes (median ratio {ratio})",
        f"值与图形面积相符（比值中位数 {ratio}）",
    )


def _areas(geometry: ObjectArray) -> FloatArray | None:
    polygons = shapely.get_dimensions(geometry) == 2
    bounds = np.abs(shapely.bounds(geometry[polygons]))
    if not len(bounds) or not bounds.max() <= _WHOLE_EARTH:
        return None
    areas: FloatArray = np.zeros(len(geometry))
    areas[polygons] = area_m2(geometry[polygons])
    return areas


def _as_texts(known: list[str], count: int) -> tuple[str, str, str] | None:
    """What texts within parcels are: numbers, each its own, or names."""
    if 2 * len(known) < count:
        return None
    codes = _share(known, is_code)
    share = percent(len(known) / count)
    some = ", ".join(known[:_SAMPLES])
    if codes >= _MOST and len(set(known)) >= _ALL_DIFFERENT * len(known):
        why = f"{share} of the outlines hold a text of their own like a number: {some}"
        return (
            "parcel_code",
            why,
            f"{share} 的闭合线内有各不相同、形如编号的文字：{some}",
        )
    if codes < 1 - _MOST and all(number(value) is None for value in known):
        why = f"{share} of the outlines hold a text like a name: {some}"
        return "name_zh", why, f"{share} 的闭合线内有形如名称的文字：{some}"
    return None


def _known(values: NDArray[Any]) -> list[str]:
    texts = [str(v).strip() for v in values.tolist() if v is not None and v == v]
    return [text for text in texts if text]


def _share(known: list[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, known)) / len(known)


def _samples(table: SourceTable, column: str) -> str:
    known = dict.fromkeys(_known(table.columns[column][:200]))
    return "、".join(list(known)[:_SAMPLES])


def _key(name: str) -> str:
    return re.sub(r"[\s_\-()（）]", "", name).casefold()
