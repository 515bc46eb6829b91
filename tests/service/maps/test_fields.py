"""Fields in the reader's language."""

from __future__ import annotations

import math

from layers.catalogue import Catalogue
from service.maps.fields import fields_in, told

VILLAGES = Catalogue.load().get("old-villages")


def test_of_a_pair_the_one_in_the_language_is_told() -> None:
    zh = {field.name for field in fields_in(VILLAGES, "zh")}
    en = {field.name for field in fields_in(VILLAGES, "en")}
    assert "construction" in zh and "construction_en" not in zh
    assert "construction_en" in en and "construction" not in en


def test_codes_are_told_by_their_title() -> None:
    field = VILLAGES.field("evidence")
    assert field is not None
    assert told(field, "indicative", "zh") == "示意"
    assert told(field, "indicative", "en") == "Indicative"


def test_numbers_have_their_unit_and_gaps_are_none() -> None:
    field = VILLAGES.field("accuracy_m")
    assert field is not None
    assert told(field, 600.0, "zh") == "600 m"
    assert told(field, math.nan, "zh") is None
