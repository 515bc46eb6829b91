"""Finding a text in many texts, against looking through all of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.searchtext import Term, TextIndex

LETTERS = st.text(alphabet="ab村😀 ", max_size=8)
TERMS = st.text(alphabet="ab村😀", min_size=1, max_size=7)


def places(texts: list[str], term: str) -> list[int]:
    """Texts that begin with the term, then with a word that does, then those that end
    with it, then the rest."""
    begins = [n for n, text in enumerate(texts) if text.startswith(term)]
    words = [n for n, text in enumerate(texts) if f" {term}" in text]
    ends = [n for n, text in enumerate(texts) if text.endswith(term)]
    middles = [n for n, text in enumerate(texts) if term in text]
    return list(dict.fromkeys(begins + words + ends + middles))


@given(st.lists(LETTERS, min_size=1), TERMS)
def test_it_finds_what_looking_through_all_finds(texts: list[str], term: str) -> None:
    index = TextIndex(texts, np.ones(len(texts), dtype=bool))
    found = index.find(Term(term), 1000, middles=True)
    assert list(dict.fromkeys(found)) == places(texts, term)


def test_some_texts_are_found_by_their_words_only() -> None:
    index = TextIndex(["da tan sha", "datansha"], np.array([False, False]))
    assert index.find(Term("tan"), 10, middles=True) == [0]


def test_of_many_the_first_are_taken() -> None:
    index = TextIndex(["村"] * 50, np.ones(50, dtype=bool))
    assert index.find(Term("村"), 3, middles=True) == [0, 1, 2]


def test_a_term_that_many_share_is_known_to_be_common() -> None:
    index = TextIndex(["荔湾第1号", "荔湾第2号"], np.ones(2, dtype=bool))
    counts = [index.count(Term(t), middles=True) for t in ("荔湾", "1号", "东沙")]
    assert counts == [2, 1, 0]


def test_no_texts_hold_nothing() -> None:
    index = TextIndex([], np.zeros(0, dtype=bool))
    assert index.find(Term("a"), 5, middles=True) == []
