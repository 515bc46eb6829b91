"""The font draws every name there is, and takes the room it says."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from layers.catalogue import Catalogue
from layers.initial import data_path
from service.maps.font import missing, outline, subset_font, text_width


def test_every_character_of_the_first_layers_can_be_drawn() -> None:
    paths = [data_path(layer.id) for layer in Catalogue.load()]
    text = "".join(path.read_text("utf-8") for path in paths if path)
    assert missing(text) == set()


def test_rare_characters_of_liwan_can_be_drawn() -> None:
    assert missing("滘漖塱㙟漵㎡㎢²亩〔〕—·±≈") == set()


def test_a_character_outside_the_font_is_reported() -> None:
    assert missing("荔\U0001f3ef") == {"\U0001f3ef"}


def test_chinese_characters_are_one_em_wide() -> None:
    assert text_width("荔湾区", 10.0) == 30.0


@given(st.text("荔湾 Aa1,.", max_size=12), st.text("荔湾 Aa1,.", max_size=12))
def test_width_adds_up(a: str, b: str) -> None:
    assert abs(text_width(a + b, 3.0) - text_width(a, 3.0) - text_width(b, 3.0)) < 1e-9


def test_an_outline_is_path_data_and_a_space_has_none() -> None:
    assert outline("滘").startswith("M")
    assert outline(" ") == ""


def test_a_subset_has_the_same_bytes_every_time() -> None:
    first = subset_font.__wrapped__(frozenset("荔湾滘"))
    assert subset_font.__wrapped__(frozenset("滘湾荔")) == first
    assert len(first) < 20_000
