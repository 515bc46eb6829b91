"""Which land-use class each feature has, and in which scheme: never by code alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from layers.catalogue import Layer
from layers.classification import (
    SCHEMES,
    Counterpart,
    Scheme,
    crosswalk,
    detect_scheme,
    scheme,
    turned_round,
)
from service.errors import Unprocessable
from service.parameters import bad
from service.statistics.amounts import plain
from service.statistics.reading import Reading

CODE, SCHEME = "landuse_code", "landuse_scheme"
_SAMPLE = 12
#: The scheme that every other one is translated to.
COMMON = "mnr2023"


class Untranslated(Unprocessable):
    """Codes of a scheme of which the report's knows nothing."""


#: How codes came to the report's scheme: they are in it, by the published table, or by
#: that table read backwards.
Translation = Literal["none", "published", "inverse"]


@dataclass(frozen=True, slots=True)
class Classes:
    """``codes`` of the report's scheme and level by row, None where unclassified;
    ``assumed`` where the crosswalk offered several and the best was taken."""

    source: Scheme
    target: Scheme
    decided_by: str
    codes: list[str | None]
    assumed: list[bool]
    #: Codes that are in no scheme, that the report's scheme has nothing for, and that
    #: are too coarse for the level.
    unknown: list[str]
    lost: list[str] = field(default_factory=list)
    coarse: list[str] = field(default_factory=list)

    def notes(self) -> tuple[dict[str, str], ...]:
        """Of which codes the unclassified are."""
        told = (
            ("unknown_code", self.unknown, "are in no scheme", "不属于任何分类体系"),
            (
                "no_counterpart",
                self.lost,
                f"have no counterpart in {self.target.id}",
                f"在 {self.target.id} 中没有对应地类",
            ),
            (
                "too_coarse",
                self.coarse,
                "are coarser than the level asked for",
                "比所要的级别粗",
            ),
        )
        notes = tuple(_note(*each) for each in told if each[1])
        return (self._inverse(), *notes) if self.translation == "inverse" else notes

    @property
    def translation(self) -> Translation:
        """How the data's codes became the report's."""
        if self.source.id == self.target.id:
            return "none"
        forth = crosswalk(self.source.id, self.target.id)
        return "published" if forth else "inverse"

    def _inverse(self) -> dict[str, str]:
        source, target = self.source.id, self.target.id
        return {
            "code": "inverse_crosswalk",
            "en": f"Codes were translated from {source} to {target} by reading the"
            f" table {target} to {source} backwards. Classes that became one stand for"
            " it as the surest of them; one_to_many_m2 is the area of which that is a"
            " choice",
            "zh": f"代码由 {source} 换算为 {target}，"
            f"系将 {target} 至 {source} 的对应表反向使用；"
            "多类并为一类的，以其中最可靠者代之，"
            "one_to_many_m2 为由此任选的面积",
        }

    def as_json(self) -> dict[str, Any]:
        return {
            "scheme": self.target.id,
            "scheme_zh": self.target.title_zh,
            "scheme_en": self.target.title_en,
            "data_scheme": self.source.id,
            "scheme_decided_by": self.decided_by,
            "translation": self.translation,
        }


def check_classified(layer: Layer, parameter: str) -> None:
    """Refuse a layer without land-use classes."""
    if layer.class_field != CODE:
        raise bad(
            parameter,
            f"names {layer.id!r}, which has no land-use class; try 'parcels'",
            f"所指图层“{layer.id}”没有用地分类字段；可用 parcels",
        )


def classes_of(
    reading: Reading, *, report: str | None, level: int, whole: Reading | None = None
) -> Classes:
    """Raises ``Unprocessable`` when the codes belong to no single scheme, or to one
    that nobody has translated to the scheme of the report. Where a part of a layer
    does not tell its scheme, the ``whole`` may."""
    codes = _codes(reading)
    source, decided_by = _source(reading, whole or reading, codes, report)
    distinct = sorted({code for code in codes if code})
    strange = [code for code in distinct if code not in source]
    if others := detect_scheme(strange).candidates:
        raise _mixed([source.id, *others], reading, codes)
    target = source if report is None else scheme(report)
    _check_translated(source, target)
    found: dict[str | None, _Found] = {None: _Found(None)}
    found |= {code: _translated(code, source, target, level) for code in distinct}
    known = [code for code in distinct if code not in strange and not found[code].code]
    return Classes(
        source,
        target,
        decided_by,
        [found[code].code for code in codes],
        [found[code].assumed for code in codes],
        strange,
        [code for code in known if not found[code].coarse],
        [code for code in known if found[code].coarse],
    )


def _codes(reading: Reading) -> list[str | None]:
    values = reading.column(CODE).tolist()
    text = {value: _text(value) for value in set(values)}
    return [text[value] for value in values]


def _source(
    reading: Reading, whole: Reading, codes: list[str | None], report: str | None
) -> tuple[Scheme, str]:
    declared = _declared(reading)
    if len(declared) == 1:
        return scheme(declared.pop()), "declared"
    if len(declared) > 1:
        raise _mixed(sorted(declared), reading, codes)
    detection = detect_scheme(set(codes))
    if detection.mixed:
        raise _mixed(list(detection.candidates), reading, codes)
    if detection.scheme is not None:
        return scheme(detection.scheme), "codes"
    if (told := _told_by(whole)) in (detection.candidates or SCHEMES):
        return scheme(str(told)), "the whole layer"
    return _chosen(detection.candidates, codes, report)


def _declared(reading: Reading) -> set[str]:
    texts = map(_text, set(reading.column(SCHEME).tolist()))
    return {text for text in texts if text is not None}


def _told_by(whole: Reading) -> str | None:
    """The one scheme that a whole layer declares or that its codes are of."""
    declared = _declared(whole)
    if declared:
        return declared.pop() if len(declared) == 1 else None
    return detect_scheme(set(_codes(whole))).scheme


def _chosen(
    candidates: tuple[str, ...], codes: list[str | None], report: str | None
) -> tuple[Scheme, str]:
    """Several schemes fit: the one asked for, or one in which the codes mean the same
    as in all the others."""
    if report in candidates or not candidates:
        return scheme(report or COMMON), "asked" if report else "default"
    fitting = [scheme(id) for id in candidates]
    for code in set(codes):
        names = {s.classes[code].name_zh for s in fitting if code and code in s}
        if len(names) > 1:
            raise _ambiguous(candidates, str(code), sorted(names))
    return fitting[0], "codes, which mean the same in " + ", ".join(candidates)


@dataclass(frozen=True, slots=True)
class _Found:
    """A class of the report, if there is one; ``coarse``: none for being above the
    level."""

    code: str | None
    assumed: bool = False
    coarse: bool = False


def _translated(code: str, source: Scheme, target: Scheme, level: int) -> _Found:
    if source.id == target.id:
        return _at_level(target, code, level)
    counterparts = _counterparts(source, target).get(code, ())
    if not counterparts:
        return _Found(None)
    reached = [_at_level(target, each.code, level) for each in counterparts]
    assumed = len({found.code for found in reached}) > 1
    return replace(reached[0], assumed=assumed)


def _at_level(target: Scheme, code: str, level: int) -> _Found:
    found = target.at_level(code, level)
    return _Found(found.code) if found else _Found(None, coarse=code in target)


def _counterparts(
    source: Scheme, target: Scheme
) -> Mapping[str, tuple[Counterpart, ...]]:
    """By the published table; where it goes the other way only, by its inverse."""
    forth = crosswalk(source.id, target.id)
    return forth or turned_round(source.id, target.id)


def _check_translated(source: Scheme, target: Scheme) -> None:
    if source.id == target.id or _counterparts(source, target):
        return
    known = [
        id for id in SCHEMES if id == source.id or _counterparts(source, scheme(id))
    ]
    raise Untranslated(
        f"The data are classified by {source.id}, of which no correspondence with"
        f" {target.id} is known. Ask with scheme={' or '.join(known)}.",
        f"数据采用 {source.id} 分类，与 {target.id} 之间没有已知的对应关系。"
        f"请用 scheme={' 或 '.join(known)}。",
        code="no_crosswalk",
        parameter="scheme",
        schemes=known,
    )


def _text(value: Any) -> str | None:
    value = plain(value)
    if value is None:
        return None
    text = str(value).strip()
    return text or None


def _note(code: str, codes: list[str], en: str, zh: str) -> dict[str, str]:
    listed = ", ".join(codes[:_SAMPLE]) + (" …" if len(codes) > _SAMPLE else "")
    return {
        "code": code,
        "en": f"{len(codes)} codes {en} and stand under unclassified: {listed}",
        "zh": f"{len(codes)} 个代码{zh}，计入未分类：{listed}",
    }


def _mixed(
    schemes: list[str], reading: Reading, codes: list[str | None]
) -> Unprocessable:
    sample = sorted({code for code in codes if code})[:_SAMPLE]
    layer, version = reading.layer.id, reading.version
    return Unprocessable(
        f"The land-use codes of {layer} version {version} come from more than one"
        f" scheme ({', '.join(schemes)}); one table of them would add unlike things."
        f" Codes begin: {', '.join(sample)}. Give each parcel its landuse_scheme and"
        " filter by it, or translate the codes first.",
        f"图层“{layer}”第 {version} 版的用地代码混用了多个分类体系"
        f"（{'、'.join(schemes)}），不能汇成一张平衡表。"
        f"代码举例：{'、'.join(sample)}。"
        "请为地块填写 landuse_scheme 并按其过滤，或先统一换算。",
        code="mixed_schemes",
        schemes=schemes,
        codes=sample,
    )


def _ambiguous(
    candidates: tuple[str, ...], code: str, names: list[str]
) -> Unprocessable:
    return Unprocessable(
        f"The codes fit {', '.join(candidates)} equally, and {code!r} means different "
        f"things there ({', '.join(names)}). Say which with scheme=.",
        f"代码同时符合 {'、'.join(candidates)}，而“{code}”在其中含义不同"
        f"（{'、'.join(names)}）。请用 scheme= 指明。",
        code="ambiguous_scheme",
        schemes=list(candidates),
        parameter="scheme",
    )


def order_of(target: Scheme) -> dict[str | None, int]:
    """Place of each code in the standard's own order."""
    return {each.code: n for n, each in enumerate(target)}


def indices(codes: list[str | None], keys: list[str]) -> Any:
    """Each row's place among ``keys``; the place after the last for the rest."""
    place = dict.fromkeys(codes, len(keys)) | {key: n for n, key in enumerate(keys)}
    return np.array([place[code] for code in codes], dtype=np.intp)
