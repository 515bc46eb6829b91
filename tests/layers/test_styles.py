"""Styles: complete for every layer, class and scheme."""

import re

from layers.catalogue import Catalogue
from layers.classification import SCHEMES
from layers.styles import styles

STYLES = styles(Catalogue.load())
HEX = re.compile(r"#[0-9A-F]{6}")


def test_every_layer_has_a_style_for_both_themes() -> None:
    for layer in Catalogue.load():
        style = STYLES["layers"][layer.id]
        assert HEX.fullmatch(style["stroke"]) and HEX.fullmatch(style["dark"]["stroke"])


def test_every_class_that_a_layer_lists_is_a_code_of_its_field() -> None:
    for layer in Catalogue.load():
        classes = STYLES["layers"][layer.id].get("classes")
        if classes and classes["values"]:
            field = layer.field(classes["field"])
            assert field and {v["value"] for v in classes["values"]} == set(field.codes)


def test_every_scheme_is_drawn() -> None:
    assert set(STYLES["schemes"]) == set(SCHEMES)


def test_reserved_land_is_white_by_the_standard_and_drawn_by_its_pattern() -> None:
    reserved = next(c for c in STYLES["schemes"]["mnr2023"] if c["code"] == "16")
    assert reserved["standard"] == "#FFFFFF"
    assert reserved["light_fill"] is None and reserved["pattern"] == "dots"


def test_indicative_shapes_are_dashed_and_hatched() -> None:
    look = STYLES["evidence"]["indicative"]
    assert look["dash"] == [7, 4] and look["hatch"]["angle"] == 45
