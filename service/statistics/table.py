"""Answers as sheets: CSV that opens right in Excel (BOM), and XLSX with its notes.

Every row repeats basis, versions and evidence, so that a line copied out of the sheet
still says how far it can be trusted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
BOM = "\ufeff"
#: What a cell may not begin with, or a spreadsheet would run it.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_FORMATS = {"m2": "#,##0.00", "ha": "#,##0.0000", "mu": "#,##0.00", "m": "#,##0.00"}

#: Titles of columns, zh and en; a column without one is titled by its key.
TITLES: Mapping[str, tuple[str, str]] = {
    "row": ("行", "row"),
    "layer": ("图层", "layer"),
    "a": ("要素", "feature"),
    "a_name_zh": ("要素名称", "feature name"),
    "b": ("对方要素", "other feature"),
    "b_name_zh": ("对方名称", "other name"),
    "id": ("编号", "id"),
    "name_zh": ("名称", "name (zh)"),
    "name_en": ("英文名", "name (en)"),
    "key": ("分类", "key"),
    "key_zh": ("分类名称", "key (zh)"),
    "key_en": ("分类英文名", "key (en)"),
    "code": ("代码", "code"),
    "count": ("个数", "count"),
    "pairs": ("配对数", "pairs"),
    "area_m2": ("面积（㎡）", "area (m²)"),
    "area_ha": ("面积（公顷）", "area (ha)"),
    "area_mu": ("面积（亩）", "area (mu)"),
    "length_m": ("长度（m）", "length (m)"),
    "share": ("占比", "share"),
    "share_of_a": ("占要素比例", "share of feature"),
    "share_of_b": ("占对方比例", "share of other"),
    "share_of_geometry": ("占所绘图形比例", "share of shape"),
    "share_of_feature": ("占要素比例", "share of feature"),
    "mean_width_m": ("平均宽度（m）", "mean width (m)"),
    "sliver": ("狭长碎片", "sliver"),
    "m2_per_person": ("人均（㎡）", "m² per person"),
    "one_to_many_m2": ("一对多换算（㎡）", "one-to-many (m²)"),
    "nearest_id": ("最近要素", "nearest"),
    "nearest_name_zh": ("最近要素名称", "nearest name"),
    "nearest_distance_m": ("最近距离（m）", "nearest distance (m)"),
    "symmetric_difference_m2": ("对称差（㎡）", "symmetric difference (m²)"),
    "features": ("要素数", "features"),
    "covered_m2": ("已覆盖（㎡）", "covered (m²)"),
    "uncovered_m2": ("未覆盖（㎡）", "uncovered (m²)"),
    "double_covered_m2": ("重复覆盖（㎡）", "covered twice (m²)"),
    "residual_m2": ("残差（㎡）", "residual (m²)"),
    "closure_whole_m2": ("总面积（㎡）", "whole (m²)"),
    "closure_pairs_m2": ("配对合计（㎡）", "pairs together (m²)"),
    "closure_double_covered_m2": ("重复覆盖（㎡）", "covered twice (m²)"),
    "closure_uncovered_m2": ("未覆盖（㎡）", "uncovered (m²)"),
    "closure_residual_m2": ("残差（㎡）", "residual (m²)"),
    "slivers_count": ("碎片数", "slivers"),
    "touching_m2": ("仅相接面积（㎡）", "touching (m²)"),
    "slivers_area_m2": ("碎片面积（㎡）", "slivers (m²)"),
    "slivers_tolerance_m": ("碎片宽度上限（m）", "slivers below (m)"),
    "closes_to_1_cm2": ("合计闭合至 1 ㎠", "closes to 1 cm²"),
    "area_ellipsoidal_m2": ("椭球面积（㎡）", "ellipsoidal area (m²)"),
    "area_plane_m2": ("平面面积（㎡）", "plane area (m²)"),
    "type": ("图形类型", "type of shape"),
    "touching": ("仅相接", "touching"),
    "amount": ("数量（㎡、m 或个）", "amount (m², m or count)"),
    "lies_in": ("所在", "lies in"),
    "other_name_zh": ("对方名称", "other name"),
    "outcome_zh": ("结论", "outcome"),
    "why_zh": ("原因", "why"),
    "rule_clause_zh": ("条款", "clause"),
    "rings_0_share": ("第一环占比", "share of first ring"),
    "rings_1_share": ("第二环占比", "share of second ring"),
    "unit": ("单位", "unit"),
    "target": ("目标", "target"),
    "before_m2": ("原面积（㎡）", "before (m²)"),
    "change_m2": ("增减（㎡）", "change (m²)"),
    "basis": ("面积口径", "basis"),
    "evidence": ("依据", "evidence"),
    "accuracy_m": ("位置精度（m）", "accuracy (m)"),
    "versions": ("数据版本", "versions"),
    "left_out": ("未计入", "left out"),
}


def sheet_rows(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An answer's entries as flat rows: ``row`` says what each is."""
    rows = [
        _flat(kind, each)
        for part, kind in _PARTS
        for each in _entries(answer.get(part))
    ]
    rows += [
        {"row": kind, "layer": layer, **_flat(kind, each)}
        for layer, part in _entries_by_layer(answer)
        for kind, each in _of_layer(part)
    ]
    tail = {
        "basis": answer["basis"],
        "evidence": answer["evidence"],
        "accuracy_m": answer["accuracy_m"],
        "versions": " ".join(f"{k}={v}" for k, v in answer["versions"].items()),
        "left_out": _left_out(answer),
    }
    # A row that tells its own evidence keeps it; what tells none is as weak as all.
    return [{**row, **{k: tail[k] for k in tail if row.get(k) is None}} for row in rows]


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


def _left_out(answer: Row) -> str | None:
    told = (
        f"{o['layer']} {o['count']} ({o['reason_zh']} {o['reason']})"
        for o in answer["left_out"]
    )
    return "; ".join(told) or None


def _of_layer(part: Row) -> list[tuple[str, Row]]:
    """The features of a layer, and what holds for all of them."""
    whole = {k: v for k, v in part.items() if k not in ("features", "version", "total")}
    return [
        *(("feature", f) for f in part["features"]),
        ("layer", {**part["total"], **whole}),
    ]


def _flat(kind: str, entry: Row) -> dict[str, Any]:
    """Nested members become ``outer_inner``; lists become further text."""
    flat: dict[str, Any] = {"row": kind}
    for name, value in entry.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}_{inner}": v for inner, v in value.items()}
        elif isinstance(value, list):
            flat |= _flat_list(name, value)
        else:
            flat[name] = value
    return flat


def _flat_list(name: str, values: list[Any]) -> dict[str, Any]:
    """Rings and groups of a feature: one column each, named by what they are."""
    flat: dict[str, Any] = {}
    for value in values:
        if not isinstance(value, Mapping):
            continue
        label = value.get("key", f"{value.get('from_m', 0):g}-{value.get('to_m', 0):g}")
        flat[f"{name} {label} area_m2"] = value.get("area_m2")
        flat[f"{name} {label} share"] = value.get("share")
    return flat


def _columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def title(name: str, lang: str) -> str:
    zh, en = TITLES.get(name, (name, name))
    return zh if lang == "zh" else en


def csv_bytes(answer: Mapping[str, Any], lang: str) -> bytes:
    """UTF-8 with BOM; the keys stand in the header of ``lang=en``'s sheet."""
    rows = sheet_rows(answer)
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
    bold = book.add_format({"bold": True})
    _table_sheet(book, sheet_rows(answer), lang, bold)
    _notes_sheet(book, answer, lang, bold)
    book.close()
    return out.getvalue()


def _table_sheet(book: Any, rows: Sequence[Row], lang: str, bold: Any) -> None:
    sheet = book.add_worksheet("统计" if lang == "zh" else "statistics")
    formats = {u: book.add_format({"num_format": f}) for u, f in _FORMATS.items()}
    percent = book.add_format({"num_format": "0.00%"})
    columns = _columns(rows)
    for c, name in enumerate(columns):
        sheet.write_string(0, c, title(name, lang), bold)
        unit = formats.get(name.rpartition("_")[2])
        shown = percent if "share" in name else unit
        sheet.set_column(c, c, 16, shown)
        for r, row in enumerate(rows, 1):
            _writer(sheet, row.get(name))(r, c, row.get(name))
    sheet.freeze_panes(1, 0)


def _writer(sheet: Any, value: Any) -> Callable[..., Any]:
    if value is None:
        return lambda r, c, v: None
    if isinstance(value, bool):
        return lambda r, c, v: sheet.write_boolean(r, c, v)
    if isinstance(value, int | float):
        return lambda r, c, v: sheet.write_number(r, c, v)
    return lambda r, c, v: sheet.write_string(r, c, str(v))


def _notes_sheet(book: Any, answer: Mapping[str, Any], lang: str, bold: Any) -> None:
    sheet = book.add_worksheet("说明" if lang == "zh" else "notes")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
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
        ("最弱依据" if zh else "weakest evidence", str(answer["evidence"])),
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
