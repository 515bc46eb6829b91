"""What a person can say about an upload, parsed once."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import orjson

from layers.catalogue import EVIDENCE
from service.errors import BadRequest
from service.uploads.encoding import require_codec
from service.uploads.readings import parse_reading
from service.uploads.repairs import REPAIRABLE, SHAPES
from service.uploads.units import UNITS

Mode = Literal["upsert", "append", "replace"]
MODES = ("upsert", "append", "replace")
_LAST_ROW = 10_000_000
_YES, _NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off", "")


@dataclass(frozen=True, slots=True)
class Options:
    """``mapping`` is {field of the layer: column of the file, or null for none}."""

    layer: str = ""
    crs: str | None = None
    #: The unit that coordinates are converted from, where it is not their system's own.
    convert: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str | None] = field(default_factory=dict)
    mode: Mode = "upsert"
    #: Types of problem to repair.
    repair: tuple[str, ...] = ()
    source_layer: str | None = None
    #: The row of a spreadsheet that holds the names of its columns; 0: none does.
    heading_row: int | None = None
    evidence: str | None = None
    accuracy_m: float | None = None
    source_title: str | None = None
    source_ref: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


OPTION_NAMES = tuple(Options.__dataclass_fields__)


def parse_options(given: Mapping[str, Any], base: Options | None = None) -> Options:
    """Options from form fields or JSON members; blank means not said. ``base`` holds
    for what is not given at all."""
    for name in given:
        if name not in OPTION_NAMES:
            known = ", ".join(OPTION_NAMES)
            raise _bad(name, f"is not known. Known: {known}", f"未知，可用：{known}")
    said = {name: _PARSERS[name](name, value) for name, value in given.items()}
    options = Options(**{**((base or Options()).as_dict()), **said})
    if not options.layer:
        raise _bad("layer", "is missing", "缺少，须指定目标图层")
    return options


def _plain(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise _bad(name, "must be text", "必须是文字")
    text = (value or "").strip()
    if len(text) > 500:
        raise _bad(name, "is longer than 500 characters", "超过 500 个字符")
    return text or None


def _layer(name: str, value: Any) -> str:
    return _plain(name, value) or ""


def _encoding(name: str, value: Any) -> str | None:
    text = _plain(name, value)
    return text and require_codec(text)


def _crs(name: str, value: Any) -> str | None:
    text = _plain(name, value)
    if text is not None:
        parse_reading(text)
    return text


def _mapping(name: str, value: Any) -> Mapping[str, str | None]:
    if isinstance(value, str):
        try:
            value = orjson.loads(value) if value.strip() else {}
        except orjson.JSONDecodeError:
            value = None
    pairs = value.items() if isinstance(value, dict) else [(None, None)]
    if not all(isinstance(k, str) and isinstance(v, str | None) for k, v in pairs):
        raise _bad(
            name,
            'must be a JSON object {"field": "column"}',
            '必须是 JSON 对象 {"字段": "列"}',
        )
    return dict(pairs)


def unit_of(name: str, value: Any) -> str | None:
    """One of the units that coordinates are converted from; None if none is said."""
    return _one_of(name, value, UNITS)


def _mode(name: str, value: Any) -> str:
    return _one_of(name, value, MODES) or "upsert"


def _one_of(name: str, value: Any, known: Collection[str]) -> str | None:
    text = _plain(name, value)
    if text is not None and text not in known:
        words = ", ".join(known)
        raise _bad(name, f"must be one of {words}", f"必须是 {words} 之一")
    return text


def _repair(name: str, value: Any) -> tuple[str, ...]:
    """``true`` means shapes; else types, as a list or with commas between them."""
    listed = value if isinstance(value, list) else str(value).lower().split(",")
    words = [str(word).strip() for word in listed]
    if len(words) == 1 and words[0] in _YES + _NO:
        return (SHAPES,) if words[0] in _YES else ()
    for word in words:
        if word not in REPAIRABLE:
            known = ", ".join(("true", "false", *REPAIRABLE))
            raise _bad(name, f"must be of {known}", f"只能是 {known}")
    return tuple(dict.fromkeys(words))


def _evidence(name: str, value: Any) -> str | None:
    return _one_of(name, value, EVIDENCE)


def _row(name: str, value: Any) -> int | None:
    text = str(value).strip() if value is not None else ""
    if not text:
        return None
    if isinstance(value, bool) or not text.isascii() or not text.isdigit():
        raise _bad(name, "must be a row's number, or 0", "必须是行号，或 0")
    return min(int(text[:9]), _LAST_ROW)


def _metres(name: str, value: Any) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0 <= number < math.inf:
        raise _bad(name, "must be a number of metres", "必须是以米计的非负数")
    return number


_PARSERS: Mapping[str, Callable[[str, Any], Any]] = {
    "layer": _layer,
    "crs": _crs,
    "convert": unit_of,
    "encoding": _encoding,
    "mapping": _mapping,
    "mode": _mode,
    "repair": _repair,
    "source_layer": _plain,
    "heading_row": _row,
    "evidence": _evidence,
    "accuracy_m": _metres,
    "source_title": _plain,
    "source_ref": _plain,
}


def _bad(name: str, why: str, why_zh: str) -> BadRequest:
    return BadRequest(f"{name!r} {why}.", f"“{name}”{why_zh}。", parameter=name)
