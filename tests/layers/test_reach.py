"""Whatever lies in or touches Liwan can be reached on the map, in tables or figures."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.frame import Frame
from layers.catalogue import Catalogue
from layers.documents import conflicts, indicators

INVENTORY = (
    Path(__file__).resolve().parents[2] / ".." / "shared" / "inventory" / "entities.csv"
)
Frames = Callable[[str], Frame]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    if not INVENTORY.is_file():
        pytest.skip("the inventory of the documents is not beside the checkout")
    with INVENTORY.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_row_in_liwan_has_a_feature_of_the_district_or_an_indicator(
    rows: list[dict[str, str]], catalogue: Catalogue, frame: Frames
) -> None:
    scope_of = {
        id: scope
        for layer in catalogue
        for id, scope in zip(
            frame(layer.id).ids, frame(layer.id).columns.get("scope", ()), strict=False
        )
    }
    counted = {each["count_of"] for each in indicators()}
    liwan = [row["entity_id"] for row in rows if row["scope"] == "liwan"]
    assert len(liwan) > 400
    missing = [id for id in liwan if id not in scope_of and id not in counted]
    elsewhere = [id for id in liwan if scope_of.get(id, "district") != "district"]
    assert missing == [] and elsewhere == []


def test_a_feature_that_is_not_drawn_says_why_in_both_languages(
    catalogue: Catalogue, frame: Frames
) -> None:
    for layer in catalogue:
        features = frame(layer.id)
        notes = [
            features.columns.get(n, ()) for n in ("location_note", "location_note_en")
        ]
        for id, shape, zh, en in zip(
            features.ids, features.geometry, *notes, strict=False
        ):
            assert shape is not None or (zh and en), id


def test_names_and_facts_are_given_in_both_languages(
    catalogue: Catalogue, frame: Frames
) -> None:
    for layer in catalogue:
        columns = frame(layer.id).columns
        for zh, en in (
            ("name_zh", "name_en"),
            ("facts", "facts_en"),
            ("verbs", "verbs_en"),
        ):
            for a, b in zip(columns.get(zh, ()), columns.get(en, ()), strict=False):
                assert bool(a) == bool(b), a or b


def test_a_disagreement_is_explained_on_each_feature_that_bears_it(
    catalogue: Catalogue, frame: Frames
) -> None:
    for layer in catalogue:
        columns = frame(layer.id).columns
        for named, note in zip(
            columns.get("conflicts", ()), columns.get("conflict_note", ()), strict=False
        ):
            for id in filter(None, (named or "").split(",")):
                assert conflicts()[id].zh in note
