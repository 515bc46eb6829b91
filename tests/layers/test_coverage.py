"""Every entity that the five documents name can be reached in the atlas."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.frame import Frame
from layers.catalogue import Catalogue
from layers.documents import indicators

INVENTORY = (
    Path(__file__).resolve().parents[2] / ".." / "shared" / "inventory" / "entities.csv"
)


@pytest.fixture(scope="module")
def entities() -> list[dict[str, str]]:
    if not INVENTORY.is_file():
        pytest.skip("the inventory of the documents is not beside the checkout")
    with INVENTORY.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_named_entity_is_a_feature(
    entities: list[dict[str, str]], catalogue: Catalogue, frame: Callable[[str], Frame]
) -> None:
    ids = {id for layer in catalogue for id in frame(layer.id).ids}
    named = {
        each["entity_id"]
        for each in entities
        if each["row_kind"] != "count_or_target_only"
    }
    assert named <= ids


def test_every_mere_count_is_an_indicator_and_no_feature(
    entities: list[dict[str, str]], catalogue: Catalogue, frame: Callable[[str], Frame]
) -> None:
    ids = {id for layer in catalogue for id in frame(layer.id).ids}
    counts = {
        each["entity_id"]
        for each in entities
        if each["row_kind"] == "count_or_target_only"
    }
    assert counts == {each["count_of"] for each in indicators() if each["count_of"]}
    assert not counts & ids
