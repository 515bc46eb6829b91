"""A table in a terminal. One too narrow for it shows what is read first: figures that
only one row has stand below it, and the rest is in the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len
from rich.table import Table

from service.statistics.titles import title

#: What a narrow terminal does without, the first to go first; ids only beside names.
_LESS = (
    *("accuracy_m", "scheme", "symmetric_difference_m2", "mean_width_m", "sliver"),
    *("a", "b", "id", "nearest_id", "area_m2", "area_ha", "share_of_b"),
)
#: What goes only where each row has the other.
_NAMED = {
    "a": "a_name_zh",
    "b": "b_name_zh",
    "id": "name_zh",
    "nearest_id": "nearest_name_zh",
}
#: A heading may be folded to this.
_HEADING = 8
_BORDER = 3


def laid_in(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str], lang: str, width: int
) -> tuple[Table, list[str]]:
    """The table, and the lines that stand below it."""
    cells = {name: [_cell(row.get(name)) for row in rows] for name in names}
    other = "name_en" if lang == "zh" else "name_zh"
    kept, lone = list(names), []
    if _width(kept, cells, lang) > width and len(rows) > 2:
        lone = [n for n in kept if sum(map(bool, cells[n])) == 1]
        kept = [n for n in kept if n not in lone]
    both = {"name_zh", "name_en"} <= set(kept)
    less = [n for n in ((other, *_LESS) if both else _LESS) if _can_go(n, rows)]
    dropped = list(_dropped(kept, less, cells, lang, width))
    kept = [n for n in kept if n not in dropped]
    below = [f"{title(n, lang)}: {''.join(cells[n])}" for n in lone]
    if dropped:
        left = ", ".join(title(n, lang) for n in dropped)
        below.append(
            {"zh": f"未列，文件里有: {left}"}.get(lang, f"in the files: {left}")
        )
    return _table({name: cells[name] for name in kept}, lang), below


def _can_go(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    called = _NAMED.get(name)
    return called is None or all(row.get(called) for row in rows if row.get(name))


def _dropped(
    kept: list[str],
    less: Sequence[str],
    cells: Mapping[str, list[str]],
    lang: str,
    width: int,
) -> Iterator[str]:
    left = list(kept)
    for name in less:
        if _width(left, cells, lang) > width and name in left:
            left.remove(name)
            yield name


def _width(names: Sequence[str], cells: Mapping[str, list[str]], lang: str) -> int:
    needed = 1
    for name in names:
        heading = min(_HEADING, cell_len(title(name, lang)))
        needed += max(heading, *map(cell_len, cells[name])) + _BORDER
    return needed


def _table(cells: Mapping[str, list[str]], lang: str) -> Table:
    table = Table()
    for name in cells:  # what is still too narrow folds: no digit is cut off
        table.add_column(title(name, lang), overflow="fold")
    for row in zip(*cells.values(), strict=True):
        table.add_row(*row)
    return table


def _cell(value: Any) -> str:
    """Rounded for reading: 4 decimals of a share, 2 of the rest."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4f}" if abs(value) < 1 else f"{value:,.2f}"
    return str(value)
