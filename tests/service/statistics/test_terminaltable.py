"""Tables in a terminal."""

from typing import Any

from rich.console import Console

from service.statistics.terminaltable import laid_in


def shown(rows: list[dict[str, Any]], width: int) -> tuple[str, str]:
    """The table as printed, and what stands below it."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    table, below = laid_in(rows, names, "en", width)
    console = Console(width=width, highlight=False)
    with console.capture() as printed:
        console.print(table)
    return printed.get(), "\n".join(below)


PAIRS = [
    {
        "a": f"parcel-{n}",
        "a_name_zh": f"地块{n}",
        "area_m2": 1234.5 + n,
        "area_mu": 1.85,
    }
    for n in range(3)
]
TOTAL = {"residual_m2": 0.25}


def test_a_wide_terminal_shows_every_column() -> None:
    table, below = shown([*PAIRS, TOTAL], 200)
    assert "parcel-2" in table and "0.2500" in table and not below


def test_a_narrow_one_shows_names_and_leaves_ids_to_the_files() -> None:
    table, below = shown([*PAIRS, TOTAL], 40)
    assert "地块2" in table and "parcel-2" not in table
    assert "residual (m²): 0.2500" in below and "in the files: feature" in below


def test_what_has_no_name_keeps_its_id() -> None:
    rows = [{**row, "a_name_zh": None} for row in PAIRS]
    assert "parcel-2" in shown([*rows, TOTAL], 40)[0]
