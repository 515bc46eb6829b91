"""What rules found, as a sheet to print: what a person reads first, on A4 across.

The sheet after it has every column, for whoever reckons on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.exports.workbook import (
    height_of,
    on_large_paper,
    on_one_page_s_width,
)
from service.statistics.titles import OUTCOMES, evidence_name, title

Told = Mapping[str, Any]
#: Titles and widths in digits: together they are read on A4.
_COLUMNS = (
    (("规则与要素", "rule and feature"), 46),
    (("结论", "verdict"), 12),
    (("数量", "amount"), 18),
    (("宽度（m）", "width (m)"), 10),
    (("原因", "why"), 32),
    (("人工判断", "judged"), 28),
    (("依据", "evidence"), 17),
)
_NARROW, _WIDE = 10.0, 18.0
_LONG = (
    "clause_zh",
    "clause_en",
    "source",
    "why",
    "judged_reason",
    "versions",
    "basis",
    "evidence",
    "area_m2",
)
_SHADE, _LINE = "#EEF2EF", "#B8C2BC"


def findings_sheet(book: Any, answer: Told, lang: str, bold: Any) -> None:
    """The first sheet of a workbook of checks."""
    zh = lang == "zh"
    sheet = book.add_worksheet("结论" if zh else "findings")
    top = {"text_wrap": True, "valign": "top", "bottom": 7, "bottom_color": _LINE}
    plain = book.add_format(top)
    number = book.add_format({**top, "num_format": "#,##0.00", "align": "left"})
    head = book.add_format({**top, "bold": True, "bg_color": _SHADE})
    for c, (titles, width) in enumerate(_COLUMNS):
        sheet.set_column(c, c, width)
        sheet.write_string(0, c, titles[0 if zh else 1], bold)
    rows = 0
    for rows, (is_rule, cells) in enumerate(_rows(answer, lang), 1):
        sheet.set_row(rows, height_of(cells, [width for _, width in _COLUMNS]))
        for c, value in enumerate(cells):
            look = head if is_rule else plain
            if isinstance(value, float):
                sheet.write_number(rows, c, value, number)
            else:
                sheet.write_string(rows, c, value, look)
    sheet.freeze_panes(1, 0)
    sheet.print_area(0, 0, rows, len(_COLUMNS) - 1)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{answer[f'basis_{lang}']}&R&P / &N")
    on_one_page_s_width(sheet)


def every_column(book: Any, rows: Sequence[Told], lang: str, bold: Any) -> None:
    """The sheet after it: all that a file of rows holds, as numbers, with its proof."""
    sheet = book.add_worksheet("统计" if lang == "zh" else "statistics")
    look = book.add_format({"text_wrap": True, "valign": "top"})
    number, fine = (
        book.add_format({"num_format": digits, "valign": "top"})
        for digits in ("#,##0.00", "#,##0.0000")
    )
    names = list(dict.fromkeys(name for row in rows for name in row))
    widths = [_WIDE if name in _LONG else _NARROW for name in names]
    on_large_paper(sheet, widths)
    lines: list[list[Any]] = [[title(name, lang) for name in names]]
    lines += [[row.get(name) for name in names] for row in rows]
    for r, values in enumerate(lines):
        sheet.set_row(r, height_of(values, widths))
        for c, value in enumerate(values):
            if isinstance(value, int | float):
                shown = fine if names[c] == "area_ha" else number
                sheet.write_number(r, c, value, shown if value % 1 else look)
            elif value is not None:
                sheet.write_string(r, c, str(value), look if r else bold)
    sheet.freeze_panes(1, 0)
    sheet.print_area(0, 0, len(rows), max(len(names) - 1, 0))


def _rows(answer: Told, lang: str) -> Iterator[tuple[bool, list[str | float]]]:
    for check in answer["checks"]:
        rule = check["rule"]
        counted = (
            f"检查 {check['checked']}，发现 {check['findings_total']}"
            if lang == "zh"
            else f"{check['checked']} checked, {check['findings_total']} found"
        )
        what = f"{rule[f'clause_{lang}']}\n{rule['source'] or ''}".rstrip()
        yield True, _cells(check, what, counted, lang)
        for found in check["findings"]:
            yield False, _cells(found, _named(found, lang), _amount(found, lang), lang)
    if not answer["checks"]:
        for note in answer["notes"]:
            yield False, [note[lang], *[""] * (len(_COLUMNS) - 1)]


def _cells(told: Told, what: str, amount: str, lang: str) -> list[str | float]:
    width = told.get("width_m")
    return [
        what,
        told[f"outcome_{lang}"],
        amount,
        "" if width is None else float(width),
        _why(told, lang),
        _judged(told["judgement"], lang),
        _evidence(told, lang),
    ]


def _named(found: Told, lang: str) -> str:
    """The feature, its id, and whom it is in conflict with."""
    name = found.get(f"name_{lang}") or found["name_zh"]
    told = f"{name} ({found['feature']})" if name else found["feature"]
    if found["other"] is None:
        return str(told)
    return f"{told} — {found['other_name_zh'] or found['other']}"


def _amount(found: Told, lang: str) -> str:
    zh = lang == "zh"
    if "area_m2" in found:
        m2, mu = f"{found['area_m2']:,.2f}", f"{found['area_mu']:,.2f}"
        return f"{m2} ㎡\n{mu} 亩" if zh else f"{m2} m²\n{mu} mu"
    if "length_m" in found:
        return f"{found['length_m']:,.2f} m"
    if "distance_m" in found:
        return f"{'超出' if zh else 'too far by'} {found['distance_m']:,.2f} m"
    if "count" in found:
        return f"{found['count']:,.0f} {'个' if zh else ''}".rstrip()
    return ""


def _why(told: Told, lang: str) -> str:
    places = [place["name_zh"] or place["id"] for place in told.get("lies_in", ())]
    lies_in = (
        f"{'位于' if lang == 'zh' else 'in'} {'、'.join(places)}" if places else ""
    )
    return "\n".join(filter(None, (told[f"why_{lang}"], lies_in)))


def _judged(judged: Told | None, lang: str) -> str:
    """By whom, when, what and why; and whether it still decides anything."""
    if judged is None:
        return ""
    zh = lang == "zh"
    outcome = OUTCOMES[judged["outcome"]][0 if zh else 1]
    told = f"{judged['by']} · {judged['at'][:10]} · {outcome}\n{judged['reason']}"
    if judged["stands"]:
        return told
    return f"{told}\n{'冲突已变化，不再有效' if zh else 'the conflict has changed'}"


def _evidence(told: Told, lang: str) -> str:
    if told["evidence"] is None:
        return ""
    accuracy = told["accuracy_m"]
    within = "" if accuracy is None else f"\n±{accuracy:g} m"
    return f"{evidence_name(told['evidence'], lang)}{within}"
