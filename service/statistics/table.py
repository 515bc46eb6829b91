"""Answers as sheets: CSV that opens right in Excel (BOM), and XLSX with its notes.

Every row repeats basis, versions and evidence, so that a line copied out of the sheet
still says how far it can be trusted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.exports.workbook import fitted_columns, on_one_page_s_width
from service.statistics.checkrows import check_rows, unchecked_rows
from service.statistics.findingsheet import every_column, findings_sheet
from service.statistics.titles import evidence_name, left_out_text, title, told

Row = Mapping[str, Any]
BOM = "\ufeff"
#: What a cell may not begin with, or a spreadsheet would run it.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_FORMATS = {"m2": "#,##0.00", "ha": "#,##0.0000", "mu": "#,##0.00", "m": "#,##0.00"}


def sheet_rows(answer: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """An answer's entries as flat rows: ``row`` says what each is."""
    rows = [
        _flat(kind, each, lang)
        for part, kind in _PARTS
        for each in _entries(answer.get(part))
    ]
    rows += [
        {"row": kind, "layer": layer, **_flat(kind, each, lang)}
        for layer, part in _entries_by_layer(answer)
        for kind, each in _of_layer(part)
    ]
    tail = {
        "basis": answer["basis"],
        "evidence": answer["evidence"],
        "accuracy_m": answer["accuracy_m"],
        "versions": " ".join(f"{k}={v}" for k, v in answer["versions"].items()),
        "left_out": left_out_text(answer["left_out"], lang),
    }
    if "translation" in answer:
        tail = {"scheme": answer["scheme"], **_translated(answer), **tail}
    # A row that tells its own evidence keeps it; what tells none is as weak as all.
    rows = [{**row, **{k: tail[k] for k in tail if row.get(k) is None}} for row in rows]
    rows += check_rows(answer.get("checks", ()), lang)
    if "checks" in answer and not answer["checks"]:
        rows += unchecked_rows(answer, lang)
    empty = {name for name in _columns(rows) if _is_part(name)}
    empty -= {n for row in rows for n in empty & row.keys() if row[n]}
    told_rows = ({k: v for k, v in row.items() if k not in empty} for row in rows)
    return [{k: told(k, v, lang) for k, v in row.items()} for row in told_rows]


def _translated(answer: Mapping[str, Any]) -> dict[str, str]:
    """From which scheme, and whether backwards, if at all."""
    how = answer["translation"]
    return {} if how == "none" else {"translated": f"{answer['data_scheme']} ({how})"}


def _is_part(name: str) -> bool:
    """A length or count of a ring or group, which mostly has an area only."""
    return name.startswith(("rings ", "by ")) and name.endswith((" length_m", " count"))


_PARTS = (
    ("groups", "group"),
    ("rows", "class"),
    ("pairs", "pair"),
    ("features", "feature"),
    ("unclassified", "unclassified"),
    ("overlapping", "overlapping"),
    ("uncovered", "uncovered"),
    ("geometry", "shape"),
    ("total", "total"),
)


def _entries(part: Any) -> list[Row]:
    if isinstance(part, Mapping):
        return [part]
    return (
        list(part) if isinstance(part, Sequence) and not isinstance(part, str) else []
    )


def _entries_by_layer(answer: Mapping[str, Any]) -> list[tuple[str, Any]]:
    layers = answer.get("layers")
    return list(layers.items()) if isinstance(layers, Mapping) else []


def _of_layer(part: Row) -> list[tuple[str, Row]]:
    """The features of a layer, and what holds for all of them."""
    whole = {k: v for k, v in part.items() if k not in ("features", "version", "total")}
    return [
        *(("feature", f) for f in part["features"]),
        ("layer", {**part["total"], **whole}),
    ]


def _flat(kind: str, entry: Row, lang: str) -> dict[str, Any]:
    """Nested members become ``outer_inner``; lists become further text."""
    flat: dict[str, Any] = {"row": kind}
    for name, value in entry.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}_{inner}": v for inner, v in value.items()}
        elif isinstance(value, list):
            flat |= _flat_list(name, value, lang)
        else:
            flat[name] = value
    return flat


def _flat_list(name: str, values: list[Any], lang: str) -> dict[str, Any]:
    """Rings and groups of a feature: columns named by what they are."""
    flat: dict[str, Any] = {}
    for value in values:
        if not isinstance(value, Mapping):
            continue
        ring = f"{value.get('from_m', 0):g}-{value.get('to_m', 0):g}"
        label = value.get(f"key_{lang}") or value.get("key", ring)
        for measure in ("area_m2", "length_m", "count", "share"):
            flat[f"{name} {label} {measure}"] = value.get(measure)
    return flat


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def csv_bytes(answer: Mapping[str, Any], lang: str) -> bytes:
    """UTF-8 with BOM; the keys stand in the header of ``lang=en``'s sheet."""
    rows = sheet_rows(answer, lang)
    columns = _columns(rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([title(name, lang) for name in columns])
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return (BOM + out.getvalue()).encode("utf-8")


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_ACTIVE):
        return f"'{value}"
    return value


def xlsx_bytes(answer: Mapping[str, Any], lang: str) -> bytes:
    """The table, and a sheet of notes that says how the figures were made."""
    import xlsxwriter  # few answers are asked for as workbooks

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    if "checks" in answer:
        findings_sheet(book, answer, lang, bold)
        every_column(book, sheet_rows(answer, lang), lang, bold)
    else:
        _table_sheet(book, sheet_rows(answer, lang), lang, bold)
    _notes_sheet(book, answer, lang, bold)
    book.close()
    return out.getvalue()


def _table_sheet(book: Any, rows: Sequence[Row], lang: str, bold: Any) -> None:
    sheet = book.add_worksheet("统计" if lang == "zh" else "statistics")
    formats = {u: book.add_format({"num_format": f}) for u, f in _FORMATS.items()}
    percent = book.add_format({"num_format": "0.00%"})
    columns = _columns(rows)
    told = []
    for name in columns:
        unit = formats.get(name.rpartition("_")[2])
        look = percent if "share" in name else unit
        told.append((title(name, lang), [row.get(name) for row in rows], look))
    fitted_columns(sheet, told)
    for c, (head, values, _) in enumerate(told):
        sheet.write_string(0, c, head, bold)
        for r, value in enumerate(values, 1):
            _writer(sheet, value)(r, c, value)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)


def _writer(sheet: Any, value: Any) -> Callable[..., Any]:
    if value is None:
        return lambda r, c, v: None
    if isinstance(value, int | float):
        return lambda r, c, v: sheet.write_number(r, c, v)
    return lambda r, c, v: sheet.write_string(r, c, str(v))


def _notes_sheet(book: Any, answer: Mapping[str, Any], lang: str, bold: Any) -> None:
    sheet = book.add_worksheet("说明" if lang == "zh" else "notes")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    on_one_page_s_width(sheet)
    for r, (name, text) in enumerate(note_lines(answer, lang)):
        sheet.write_string(r, 0, name, bold)
        sheet.write_string(r, 1, text)


def note_lines(answer: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """How the figures were made, line by line."""
    zh = lang == "zh"
    lines = [
        ("面积口径" if zh else "basis", str(answer[f"basis_{lang}"])),
        (
            "数据版本" if zh else "versions",
            ", ".join(f"{k} v{v}" for k, v in answer["versions"].items()),
        ),
        (
            "最弱依据" if zh else "weakest evidence",
            evidence_name(answer["evidence"], lang),
        ),
    ]
    if answer["indicative"]:
        lines.append(("注意", _INDICATIVE[0]) if zh else ("note", _INDICATIVE[1]))
    for each in answer["left_out"]:
        reason = each["reason_zh"] if zh else each["reason"]
        title = "未计入" if zh else "left out"
        lines.append((title, f"{each['layer']}: {each['count']} ({reason})"))
    lines += [("说明" if zh else "note", n[lang]) for n in answer["notes"]]
    lines.append(("单位" if zh else "units", _UNITS[0] if zh else _UNITS[1]))
    return lines


_INDICATIVE = (
    "部分几何为示意性，面积不能作为依据",
    "some geometry is indicative: its areas prove nothing",
)
_UNITS = (
    "1 亩 = 2000/3 ㎡，1 公顷 = 15 亩；数值未取整，仅显示时取整",
    "1 mu = 2000/3 m², 1 ha = 15 mu; values are unrounded, rounded for display only",
)
