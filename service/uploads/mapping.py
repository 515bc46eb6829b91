"""Which column of the file is which field of the layer, and its values in our types."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.frame import ObjectArray
from layers.catalogue import Field, FieldType, Layer
from service.errors import BadRequest
from service.uploads.problems import Problem
from service.uploads.table import Columns, SourceTable, object_array
from service.uploads.vocabulary import word

ID = "id"
ID_ALIASES = ("id", "feature_id", "要素编号", "要素标识")
#: Computed at publishing; a file's own values are only ever declarations.
MEASURES = ("area_m2", "area_plane_m2", "length_m", "length_plane_m")
_DBF_NAME_BYTES = 10
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ].*)?")
#: A unit that our areas have anyway; another one is left in the name.
_SQUARE_METRES = re.compile(r"[(（](?:㎡|m2|m²|平方米|平米)[)）]", re.IGNORECASE)
_TRUE, _FALSE = (
    ("true", "1", "是", "t", "y", "yes"),
    ("false", "0", "否", "f", "n", "no"),
)


@dataclass(frozen=True, slots=True)
class Mapped:
    """Columns under our names. ``supplied`` are the layer's fields that the file has;
    ``sources`` tells field -> column of the file."""

    columns: Columns
    ids: ObjectArray | None
    supplied: frozenset[str]
    sources: Mapping[str, str]
    problems: list[Problem]


def map_columns(
    table: SourceTable, layer: Layer, requested: Mapping[str, str | None]
) -> Mapped:
    """Every field of the layer (missing where the file has none), then the rest."""
    sources = _sources(table, layer, requested)
    columns: Columns = {}
    problems: list[Problem] = []
    for spec in layer.fields:
        source = sources.get(spec.name)
        values = None if source is None else table.columns[source]
        columns[spec.name], found = _convert(values, spec, len(table))
        problems += found
    problems += _missing(layer, columns)
    extras, ignored = _extras(table, sources, columns)
    ids = _own_ids(table, sources)
    supplied = frozenset(sources) - {ID}
    return Mapped({**columns, **extras}, ids, supplied, sources, problems + ignored)


def _own_ids(table: SourceTable, sources: Mapping[str, str]) -> ObjectArray | None:
    """The file's own ids; a column without a single one is none."""
    values = table.columns[sources[ID]].tolist() if ID in sources else []
    given = any(value is not None and str(value).strip() for value in values)
    return object_array(values) if given else None


def _sources(
    table: SourceTable, layer: Layer, requested: Mapping[str, str | None]
) -> dict[str, str]:
    asked = _requested(table, layer, requested)
    taken = {column for column in asked.values() if column}
    free = [name for name in table.columns if name not in taken]
    found = {name: column for name, column in asked.items() if column}
    for name, labels in _labels(layer):
        if name in asked:
            continue
        if (column := _match(labels, free, table.format)) is not None:
            found[name] = column
            free.remove(column)
    return found


def _requested(
    table: SourceTable, layer: Layer, requested: Mapping[str, str | None]
) -> dict[str, str | None]:
    """``field: column``; pairs written the other way round are understood too."""
    fields = {field.name for field in layer.fields} | {ID}
    result: dict[str, str | None] = {}
    for key, value in requested.items():
        field, column = (key, value) if key in fields else (value or "", key)
        if field in fields and (column is None or column in table.columns):
            result[field] = column
        elif value is not None:
            raise _bad_mapping(key, value, table)
    return result


def _bad_mapping(key: str, value: str, table: SourceTable) -> BadRequest:
    names = ", ".join(table.columns)
    return BadRequest(
        f"mapping: {key!r} → {value!r} names no field of the layer or no column of "
        f"the file. The file has: {names}.",
        f"字段映射“{key} → {value}”不存在。文件的字段：{names}。",
        parameter="mapping",
    )


def _labels(layer: Layer) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield ID, ID_ALIASES
    for field in layer.fields:
        yield field.name, labels_of(field)


def labels_of(field: Field) -> tuple[str, ...]:
    """Everything that a column for this field may be called."""
    return field.name, *field.aliases, field.title_zh, field.title_en


def _match(labels: tuple[str, ...], columns: list[str], format: str) -> str | None:
    keys = {_key(column): column for column in reversed(columns)}
    for label in labels:
        if (column := keys.get(_key(label))) is not None:
            return column
        if format == "shapefile" and (cut := keys.get(_key(_cut(label)))) is not None:
            return cut
    return None


def _cut(label: str) -> str:
    """The label as a DBF keeps it: ten bytes (in GBK, as Chinese software writes)."""
    return label.encode("gb18030")[:_DBF_NAME_BYTES].decode("gb18030", "ignore")


def _key(name: str) -> str:
    name = _SQUARE_METRES.sub("", name)
    return re.sub(r"[\s_\-()（）]", "", name).casefold()


def _missing(layer: Layer, columns: Columns) -> list[Problem]:
    return [
        Problem("missing_field", int(row), field.name, values=_titles(field))
        for field in layer.fields
        if field.required
        for row in np.flatnonzero(is_null(columns[field.name]))
    ]


def _extras(
    table: SourceTable, sources: Mapping[str, str], columns: Columns
) -> tuple[Columns, list[Problem]]:
    used = set(sources.values())
    extras: Columns = {}
    ignored = []
    for name, values in table.columns.items():
        if name in MEASURES:
            ignored.append(
                Problem("computed_field_ignored", None, name, values={"name": name})
            )
        elif name not in used and name not in columns and name not in table.hints:
            extras[name] = _plain(values)
    return extras, ignored


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers too large for a float stay readable as text."""
    if values.dtype.kind != "i":
        return values
    if len(values) and np.abs(values).max() >= 2**53:
        return values.astype(str).astype(object)
    return values.astype(np.float64)


def is_null(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a column has no value: None, NaN or blank text."""
    told = [v is None or v != v or v == "" for v in values.tolist()]
    return np.array(told, dtype=bool)


# -- values ------------------------------------------------------------------------
def _convert(
    values: NDArray[Any] | None, field: Field, count: int
) -> tuple[NDArray[Any], list[Problem]]:
    numeric = field.type in ("number", "integer")
    if values is None:
        return _nothing(count, numeric), []
    if numeric and values.dtype.kind == "f":
        return values, []
    if field.type == "string" and (plain := _plain_texts(values.tolist())) is not None:
        return object_array(plain), []
    convert = _CONVERTERS[field.type]
    result: list[Any] = []
    problems = []
    for row, value in enumerate(values.tolist()):
        converted, fits = _attempt(convert, value)
        result.append(converted)
        if not fits:
            problems.append(_malformed(row, field, value))
    if numeric:
        numbers = [np.nan if v is None else v for v in result]
        return np.array(numbers, dtype=np.float64), problems
    return object_array(result), problems


def _plain_texts(values: list[Any]) -> list[str | None] | None:
    """What holds nothing but text is quickly converted."""
    if not set(map(type, values)) <= {str, type(None)}:
        return None
    return [None if value is None else value.strip() or None for value in values]


def _nothing(count: int, numeric: bool) -> NDArray[Any]:
    return np.full(count, np.nan) if numeric else np.full(count, None, dtype=object)


def _attempt(convert: Callable[[Any], Any], value: Any) -> tuple[Any, bool]:
    if (
        value is None
        or value != value
        or (isinstance(value, str) and not value.strip())
    ):
        return None, True
    try:
        return convert(value), True
    except (ValueError, TypeError, OverflowError):
        return None, False


def _string(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _number(value: Any) -> float:
    text = str(value).strip().replace(",", "").replace("，", "")
    number = float(text)
    if not np.isfinite(number):
        raise ValueError(text)
    return number


def _integer(value: Any) -> float:
    number = _number(value)
    if not number.is_integer():
        raise ValueError(value)
    return number


def _boolean(value: Any) -> bool:
    text = _string(value).casefold()
    if text not in _TRUE + _FALSE:
        raise ValueError(text)
    return text in _TRUE


def _date(value: Any) -> str:
    found = _DATE.fullmatch(_string(value))
    if not found:
        raise ValueError(value)
    year, month, day = (int(part) for part in found.groups())
    return date(year, month, day).isoformat()


def _as_is(value: Any) -> Any:
    return value


_CONVERTERS: Mapping[FieldType, Callable[[Any], Any]] = {
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "json": _as_is,
}


def _malformed(row: int, field: Field, value: Any) -> Problem:
    values = {
        "value": str(value)[:80],
        "type": field.type,
        "type_zh": word("types", field.type),
        **_titles(field),
    }
    return Problem("malformed_value", row, field.name, values=values)


def _titles(field: Field) -> dict[str, str]:
    return {"title_zh": field.title_zh, "title_en": field.title_en}
