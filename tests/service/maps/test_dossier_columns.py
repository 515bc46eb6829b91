"""What is known of a feature in columns: nothing lost, nothing below the page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.maps.dossier import Block
from service.maps.dossier_columns import Columns, Setting, setting_of
from service.maps.dossier_sheet import index_count
from service.maps.page import paper_page

WIDTH = 190.0
facts = st.lists(
    st.tuples(st.text("字a ", max_size=30), st.text("地块。b ", max_size=200)),
    min_size=1,
    max_size=12,
)
numbers = st.lists(
    st.tuples(
        st.text("名", min_size=1, max_size=40), st.just("1.00 ha"), st.just("1%")
    ),
    min_size=1,
    max_size=30,
)
blocks = st.lists(
    st.builds(
        lambda title, rows: Block(title, tuple(rows)),
        st.sampled_from(["概况", "叠加", "周边"]),
        facts | numbers,
    ),
    max_size=6,
)


def height(setting: Setting, column: list[Block]) -> float:
    return sum(setting._height(block) for block in column)


def lines(pages: list[Columns]) -> list[tuple[str, ...]]:
    return [r for page in pages for column in page for b in column for r in b.rows]


@given(blocks, st.floats(40, 200))
def test_every_line_stands_once_and_no_column_is_too_high(
    asked: list[Block], first: float
) -> None:
    setting = setting_of(asked, WIDTH, 1.0)
    pages = setting.pages(first, 200.0, "（续）")
    assert lines(pages) == [row for block in setting.blocks for row in block.rows]
    for n, page in enumerate(pages):
        room = 200.0 if n else first
        assert all(height(setting, list(column)) <= room + 2.3 for column in page)


def test_short_texts_take_one_page() -> None:
    setting = setting_of([Block("概况", (("编号", "1"),))], WIDTH, 1.0)
    assert len(setting.pages(60.0, 200.0, "（续）")) == 1


def test_a_block_that_goes_on_says_so() -> None:
    rows = tuple((f"{n}", "1.00 ha", "1%") for n in range(200))
    pages = setting_of([Block("叠加", rows)], WIDTH, 1.0).pages(60.0, 200.0, "（续）")
    titles = [b.title for page in pages for column in page for b in column]
    assert titles[0] == "叠加" and set(titles[1:]) == {"叠加（续）"}


def test_a_long_label_is_broken_and_not_cut() -> None:
    setting = setting_of(
        [Block("Facts", (("Verbs and where they stand", "x"),))], 190, 1
    )
    labels = [row[0] for row in setting.blocks[0].rows]
    assert " ".join(labels) == "Verbs and where they stand"


def test_an_index_of_many_goes_on_to_further_pages() -> None:
    page = paper_page("A4-portrait", None, raster=False)
    assert index_count(page, ["某村"] * 20) == 1
    assert index_count(page, ["某村"] * 300) > 2


@given(blocks, st.floats(40, 200))
def test_no_line_goes_on_alone_in_the_next_column(
    asked: list[Block], first: float
) -> None:
    setting = setting_of(asked, WIDTH, 1.0)
    pages = setting.pages(first, 200.0, "（续）")
    parts = [block for page in pages for column in page for block in column]
    going_on = [block for block in parts if block.title.endswith("（续）")]
    assert all(len(block.rows) > 1 for block in going_on)


def test_columns_grow_with_the_sheet_while_a_small_one_is_as_it_was() -> None:
    small, large = (paper_page(p, None, raster=False) for p in ("A4", "A3"))
    assert small.reading_scale == small.text_scale == 1
    assert large.text_scale < large.reading_scale < 1.42
