"""Screen colours follow the rule of the design, value for value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.palette import tints, to_lch, to_rgb

DESIGNED = [
    ((255, 255, 45), "#F5ECBA", "#CBC18F", "#564E28", "#736A3F"),
    ((255, 211, 128), "#F3E5CC", "#C9BBA2", "#534937", "#706550"),
]
byte = st.integers(0, 255)


@pytest.mark.parametrize("rgb,light,light_edge,dark,dark_edge", DESIGNED)
def test_tints_are_those_of_the_design(
    rgb: tuple[int, int, int], light: str, light_edge: str, dark: str, dark_edge: str
) -> None:
    made = tints(rgb)
    assert (made.light_fill, made.light_edge) == (light, light_edge)
    assert (made.dark_fill, made.dark_edge) == (dark, dark_edge)


@given(st.tuples(byte, byte, byte))
def test_the_colour_space_goes_both_ways(rgb: tuple[int, int, int]) -> None:
    assert to_rgb(to_lch(rgb)) == rgb


@given(st.tuples(byte, byte, byte))
def test_light_fills_stay_light_and_dark_fills_dark(rgb: tuple[int, int, int]) -> None:
    made = tints(rgb)
    light, dark = bytes.fromhex(made.light_fill[1:]), bytes.fromhex(made.dark_fill[1:])
    assert max(light) > 180
    assert min(dark) < 110
