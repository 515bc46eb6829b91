"""Which land-use class each feature has, and in which scheme: never by code alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.classification import Scheme, crosswalk, detect_scheme, scheme
from service.errors import Unprocessable
from service.parameters import bad
from service.statistics.amounts import plain
from service.statistics.reading import Reading

CODE, SCHEME = "landuse_code", "landuse_scheme"
_SAMPLE = 12


@dataclass(frozen=True, slots=True)
class Classes:
    """``codes`` of the report's scheme and level by row, None where unclassified;
    ``assumed`` where the crosswalk offered several and the best was taken."""

    source: Scheme
    target: Scheme
    decided_by: str
    codes: list[str | None]
    assumed: list[bool]
    #: Codes that are in no scheme.
    unknown: list[str]

    def notes(self) -> tuple[dict[str, str], ...]:
        """That some codes are no codes, if there are any."""
        if not self.unknown:
            return ()
        listed = ", ".join(self.unknown[:_SAMPLE])
        note = {
            "code": "unknown_code",
            "en": f"{len(self.unknown)} codes are in no scheme and stand under"
            f" unclassified: {listed}",
            "zh": f"{len(self.unknown)} 个代码不属于任何分类体系，计入未分类：{listed}",
        }
        return (note,)

    def as_json(self) -> dict[str, Any]:
        return {
            "scheme": self.target.id,
            "scheme_zh": self.target.title_zh,
            "scheme_en": self.target.title_en,
            "data_scheme": self.source.id,
            "scheme_decided_by": self.decided_by,
        }


def classes_of(reading: Reading, *, report: str | None, level: int) -> Classes:
    """Raises ``Unprocessable`` when the codes belong to no single scheme."""
    field = reading.layer.class_field
    if field != CODE:
        raise bad(
            "layer",
            f"names {reading.layer.id!r}, which has no land-use class; try 'parcels'",
            f"“{reading.layer.id}”没有用地分类字段；可用 parcels",
        )
    codes = [_text(value) for value in reading.column(field)]
    source, decided_by = _source(reading, codes, report)
    strange = sorted({code for code in codes if code and code not in source})
    if others := detect_scheme(strange).candidates:
        raise _mixed([source.id, *others], codes)
    target = source if report is None else scheme(report)
    found = {code: _translated(code, source, target, level) for code in set(codes)}
    return Classes(
        source,
        target,
        decided_by,
        [found[code][0] for code in codes],
        [found[code][1] for code in codes],
        strange,
    )


def _source(
    reading: Reading, codes: list[str | None], report: str | None
) -> tuple[Scheme, str]:
    declared = {_text(value) for value in reading.column(SCHEME)} - {None}
    if len(declared) == 1:
        return scheme(str(declared.pop())), "declared"
    if len(declared) > 1:
        raise _mixed(sorted(map(str, declared)), codes)
    detection = detect_scheme(codes)
    if detection.mixed:
        raise _mixed(list(detection.candidates), codes)
    if detection.scheme is not None:
        return scheme(detection.scheme), "codes"
    return _chosen(detection.candidates, codes, report)


def _chosen(
    candidates: tuple[str, ...], codes: list[str | None], report: str | None
) -> tuple[Scheme, str]:
    """Several schemes fit: the one asked for, or one in which the codes mean the same
    as in all the others."""
    if report in candidates or not candidates:
        return scheme(report or "mnr2023"), "asked" if report else "default"
    fitting = [scheme(id) for id in candidates]
    for code in set(codes):
        names = {s.classes[code].name_zh for s in fitting if code and code in s}
        if len(names) > 1:
            raise _ambiguous(candidates, str(code), sorted(names))
    return fitting[0], "codes, which mean the same in " + ", ".join(candidates)


def _translated(
    code: str | None, source: Scheme, target: Scheme, level: int
) -> tuple[str | None, bool]:
    if code is None:
        return None, False
    assumed = False
    if source.id != target.id:
        counterparts = crosswalk(source.id, target.id).get(code, ())
        if not counterparts:
            return None, False
        code, assumed = counterparts[0].code, len(counterparts) > 1
    found = target.at_level(code, level)
    return (found.code if found else None), assumed


def _text(value: Any) -> str | None:
    value = plain(value)
    if value is None:
        return None
    text = str(value).strip()
    return text or None


def _mixed(schemes: list[str], codes: list[str | None]) -> Unprocessable:
    sample = sorted({code for code in codes if code})[:_SAMPLE]
    return Unprocessable(
        "The land-use codes come from more than one scheme "
        f"({', '.join(schemes)}); one table of them would add unlike things. Codes "
        f"begin: {', '.join(sample)}. Give each parcel its landuse_scheme and filter "
        "by it, or translate the codes first.",
        f"用地代码混用了多个分类体系（{'、'.join(schemes)}），不能汇成一张平衡表。"
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
    place = {key: n for n, key in enumerate(keys)}
    return np.array([place.get(code or "", len(keys)) for code in codes], dtype=np.intp)
