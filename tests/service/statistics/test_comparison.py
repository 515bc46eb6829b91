"""Two balance tables side by side: what each class had, and what has changed."""

import csv
import io

import pytest

from geo.area import to_mu
from service.statistics.balance import balance_table
from service.statistics.comparison import compared
from service.statistics.table import csv_bytes
from tests.geo.shapes import square
from tests.service.statistics.readings import reading, text

CM2 = 1e-4


def _table(*codes, scheme="mnr2023", report="mnr2023"):
    parcels = reading(
        "parcels",
        *[square(100, 100 * n, 0) for n in range(len(codes))],
        landuse_code=text(*codes),
        landuse_scheme=text(*[scheme] * len(codes)),
    )
    return balance_table(parcels, basis="plane", scheme=report)


def test_classes_of_either_table_stand_in_the_order_of_the_standard() -> None:
    table = compared(_table("0701", "0901"), _table("0701", "1001", "0601"))
    changes = [(row["code"], row["change"]) for row in table["rows"]]
    assert changes == [
        ("06", "decrease"),
        ("07", "unchanged"),
        ("09", "increase"),
        ("10", "decrease"),
    ]


def test_areas_and_shares_change_by_what_the_tables_differ() -> None:
    table = compared(_table("0701", "0901"), _table("0701", "0701", "0701", "1001"))
    housing = table["rows"][0]
    assert housing["before_m2"] == pytest.approx(30_000, abs=CM2)
    assert housing["change_mu"] == pytest.approx(to_mu(-20_000), abs=CM2)
    assert housing["change_share"] == pytest.approx(0.5 - 0.75)
    assert (housing["count"], housing["before_count"]) == (1, 3)


def test_changes_of_the_rows_sum_to_that_of_the_total() -> None:
    table = compared(_table("0701", None), _table("0901", "1001", "0701"))
    parts = [*table["rows"], table["unclassified"]]
    change = sum(part["change_m2"] for part in parts)
    assert change == pytest.approx(table["total"]["change_m2"], abs=CM2)
    assert table["total"]["change"] == "decrease"


def test_a_table_of_another_scheme_is_compared_in_this_one() -> None:
    now, before = _table("0701"), _table("R2", scheme="gb50137")
    assert [row["code"] for row in compared(now, before)["rows"]] == ["07"]


def test_the_sheet_says_in_words_what_has_grown() -> None:
    table = compared(_table("0701", "0901"), _table("0701", "1001"))
    sheet = io.StringIO(csv_bytes(table, "zh").decode("utf-8-sig"))
    rows = {row["代码"]: row for row in csv.DictReader(sheet)}
    assert [rows[code]["变化"] for code in ("07", "09", "10")] == [
        "不变",
        "增加",
        "减少",
    ]
    assert float(rows["10"]["对比面积（㎡）"]) == pytest.approx(10_000, abs=CM2)
