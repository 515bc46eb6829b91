"""Workbooks: nothing hidden by narrow columns, and printed as wide as they are."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from starlette.testclient import TestClient

ADDRESSES = (
    "/api/collections/old-villages/items?f=xlsx",
    "/api/statistics/overlap?layer=old-villages&with=functional-groups&f=xlsx",
)


@pytest.mark.parametrize("path", ADDRESSES)
def test_columns_are_as_wide_as_what_they_hold(client: TestClient, path: str) -> None:
    book = openpyxl.load_workbook(BytesIO(client.get(path).content))
    sheet = book.worksheets[0]
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    for head in ("name_zh", "要素名称"):
        if head in letters:
            width = sheet.column_dimensions[letters[head]].width
            assert width >= 2 * len("五眼桥村")


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_sheet_goes_across_the_paper_with_its_head_on_every_page(
    client: TestClient, path: str
) -> None:
    sheet = openpyxl.load_workbook(BytesIO(client.get(path).content)).worksheets[0]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"


def test_notes_are_printed_on_one_page_s_width(client: TestClient) -> None:
    sheet = openpyxl.load_workbook(BytesIO(client.get(ADDRESSES[1]).content))["说明"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes
