"""Plates are made once, in the background, and found by every process."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from geo.frame import Frame
from layers.catalogue import Catalogue
from service.snapshots import Snapshots
from service.statistics.plates import Plates

CATALOGUE = Catalogue.load()
LAYER = CATALOGUE.get("metro-stations")


class OneStore:
    """Stations at these positions, in every version; counts readings."""

    def __init__(self, *spots: tuple[float, float]) -> None:
        self.read = 0
        self.shapes = np.array([shapely.Point(*spot) for spot in spots], dtype=object)

    def version(self, layer: str, number: int) -> SimpleNamespace:
        return SimpleNamespace(published_at=f"2026-11-22T00:00:0{number}Z")

    def frame(self, layer: str, version: int) -> Frame:
        self.read += 1
        ids = np.array([f"p{n}" for n in range(len(self.shapes))], dtype=object)
        return Frame(ids, self.shapes)


@pytest.fixture
def make(tmp_path: Path):
    made = []

    def plates(store=None) -> Plates:
        store = store or OneStore((113.2, 23.1), (113.3, 23.1))
        one = Plates(store, Snapshots(store), CATALOGUE, tmp_path / "plates")
        made.append(one)
        return one

    yield plates
    for each in made:
        each.close()


def test_the_first_question_begins_it_and_a_later_one_finds_it(make) -> None:
    plates = make()
    assert plates.get(LAYER, 1, "plane") is None
    plates.settle()
    plate = plates.get(LAYER, 1, "plane")
    assert plate is not None
    assert len(plate.features) == 2
    assert plates.get(LAYER, 1, "plane") is plate


def test_another_process_opens_what_is_there(make) -> None:
    first, store = make(), OneStore()
    first.begin(LAYER.id, 1, "plane")
    first.settle()
    assert make(store).get(LAYER, 1, "plane") is not None
    assert store.read == 0


def test_versions_without_a_common_surface_have_none(make) -> None:
    plates = make(OneStore((113.2, 23.1), (-67.0, -23.0), (113.2, 23.2)))
    plates.get(LAYER, 1, "ellipsoidal")
    plates.settle()
    assert plates.get(LAYER, 1, "ellipsoidal") is None


def test_a_broken_one_is_made_anew(make, tmp_path: Path) -> None:
    first = make()
    first.begin(LAYER.id, 1)
    first.settle()
    (path,) = (tmp_path / "plates").iterdir()
    path.write_bytes(path.read_bytes()[:100])
    second = make()
    assert second.get(LAYER, 1, "ellipsoidal") is None
    second.settle()
    assert second.get(LAYER, 1, "ellipsoidal") is not None


def test_plates_of_old_versions_go(make, tmp_path: Path) -> None:
    plates = make()
    for version in (1, 2, 3):
        plates.begin(LAYER.id, version)
        plates.settle()
    names = sorted(p.name for p in (tmp_path / "plates").iterdir())
    assert [name.split("-")[2] for name in names] == ["2", "3"]


def test_warming_makes_what_is_missing_only(make) -> None:
    store = OneStore((113.2, 23.1))
    plates = make(store)
    for _ in range(2):
        plates.warm({LAYER.id: 1, "metro-lines": 1})
        plates.settle()
    assert store.read == 4  # of two layers, on two bases


def test_what_another_process_is_making_is_left_to_it(make, tmp_path: Path) -> None:
    plates = make()
    (tmp_path / "plates").mkdir()
    path = plates._path((LAYER.id, 1, "ellipsoidal")).with_suffix(".lock")
    path.touch()
    plates.begin(LAYER.id, 1)
    plates.settle()
    assert plates.get(LAYER, 1, "ellipsoidal") is None
    assert path.exists()


def test_after_closing_nothing_is_begun(make) -> None:
    store = OneStore((113.2, 23.1))
    plates = make(store)
    plates.close()
    plates.begin(LAYER.id, 1)
    assert store.read == 0


def _coming() -> Frame:
    shapes = np.array([shapely.Point(113.2, 23.1)], dtype=object)
    return Frame(np.array(["new"], dtype=object), shapes)


def test_a_version_about_to_be_published_has_its_plate_at_once(make, tmp_path) -> None:
    store = OneStore((113.2, 23.1), (113.3, 23.1))
    plates, other = make(store), make(store)
    with plates.ahead(LAYER.id, 2, _coming()) as published:
        assert not list((tmp_path / "plates").glob("*.plate"))
        published()
        plate = other.get(LAYER, 2, "ellipsoidal")
    assert plate is not None
    assert plate.texts("id", np.array([0])) == ["new"]
    assert store.read == 0


def test_a_version_that_was_not_published_leaves_no_plate(make, tmp_path) -> None:
    plates = make()
    with pytest.raises(RuntimeError), plates.ahead(LAYER.id, 2, _coming()):
        raise RuntimeError
    assert not list((tmp_path / "plates").iterdir())
