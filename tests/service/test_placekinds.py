"""What sort of place a name says it is."""

import pytest

from service.placekinds import bare, bare_words


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("白鹅潭商务区", "白鹅潭"),
        ("沙面特色功能区", "沙面"),
        ("西塱村", "西塱"),
        ("白鹅潭大道", None),
        ("西村", None),
    ],
)
def test_a_name_is_said_without_the_sort_of_place(name: str, said: str | None) -> None:
    assert bare(name) == said


def test_a_query_keeps_what_says_which_place() -> None:
    assert bare_words(["shamian", "island"]) == ["shamian"]
    assert bare_words(["沙面岛"]) == ["沙面"]
    assert bare_words(["island"]) == []
    assert bare_words(["shamian"]) == []
