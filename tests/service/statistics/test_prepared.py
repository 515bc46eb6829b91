"""What was prepared and kept answers to the bit as the tables do."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely

from geo.frame import Frame
from layers.catalogue import Catalogue
from service import frames as kept_frames
from service.frames import Frames
from service.snapshots import Snapshots
from service.statistics.area import area_statistics
from service.statistics.balance import balance_table
from service.statistics.overlap import Question, overlap_statistics
from service.statistics.plates import Plates
from service.statistics.proximity import proximity_statistics
from service.statistics.reading import Reading
from tests.geo.shapes import square
from tests.service.statistics.readings import reading, text

CATALOGUE = Catalogue.load()


def _frames() -> dict[str, Frame]:
    """Parcels of which some overlap and some have no place, zones, and stations."""
    tiles = [square(20, 20 * x, 20 * y) for x in range(4) for y in range(3)]
    odd = [square(25, 75, 5), shapely.Polygon([(0, 90), (9, 99), (9, 90), (0, 99)])]
    parcels = reading("parcels", *tiles, *odd, None)
    codes = text(*["0701", "1207", None] * 5)
    columns = {**parcels.snapshot.frame.columns, "landuse_code": codes}
    frame = parcels.snapshot.frame
    zones = reading("functional-groups", square(50), square(50, 50), square(50, 0, 50))
    stations = reading("metro-stations", shapely.Point(10, 10), shapely.Point(70, 10))
    return {
        "parcels": Frame(frame.ids, frame.geometry, columns),
        "functional-groups": zones.snapshot.frame,
        "metro-stations": stations.snapshot.frame,
    }


class OneStore:
    frames = _frames()

    def current_version(self, layer: str) -> int:
        return 1

    def version(self, layer: str, number: int) -> SimpleNamespace:
        count = len(self.frames[layer])
        return SimpleNamespace(published_at="2026-11-22T00:00Z", feature_count=count)

    def frame(self, layer: str, number: int) -> Frame:
        return self.frames[layer]


def _all(snapshots: Snapshots, layer: str) -> Reading:
    snapshot = snapshots.get(layer, 1)
    return Reading(CATALOGUE.get(layer), snapshot, np.arange(len(snapshot.frame)))


def _answers(snapshots: Snapshots, basis: Any) -> list[Any]:
    parcels, zones, stations = (
        _all(snapshots, layer)
        for layer in ("parcels", "functional-groups", "metro-stations")
    )
    some = parcels.narrowed(np.arange(3, 9))
    question = Question(basis, by="landuse_code")
    near: dict[str, Any] = {"distances": [30.0, 60.0], "basis": basis, "by": "name_zh"}
    return [
        area_statistics(parcels, basis=basis, by="landuse_code"),
        balance_table(parcels, basis=basis, scheme="mnr2023"),
        balance_table(some, basis=basis, scheme="mnr2023"),
        balance_table(parcels, within=zones.narrowed([1]), scheme="mnr2023"),
        overlap_statistics(zones, parcels, question),
        overlap_statistics(parcels, stations, Question(basis)),
        overlap_statistics(parcels, parcels, Question(basis)),
        overlap_statistics(some, zones, Question(basis)),
        proximity_statistics(parcels, stations, **near),
        proximity_statistics(some, stations, **near),
    ]


@pytest.mark.parametrize("basis", ["ellipsoidal", "plane"])
def test_every_statistic_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, basis: Any
) -> None:
    monkeypatch.setattr(kept_frames, "WORTH_KEEPING", 1)
    store: Any = OneStore()
    plain = _answers(Snapshots(store), basis)
    frames = Frames(store, CATALOGUE, tmp_path / "frames")
    for _ in range(2):  # what the first makes, the second finds
        snapshots = Snapshots(store, frames)
        plates = Plates(store, snapshots, CATALOGUE, tmp_path / "plates")
        plates.warm(dict.fromkeys(store.frames, 1))
        plates.settle()
        assert list((tmp_path / "frames").glob("parcels-*-ground.ellipsoidal*"))
        assert repr(_answers(snapshots, basis)) == repr(plain)
        plates.close()


def test_a_plate_of_other_features_is_not_believed(tmp_path: Path) -> None:
    store: Any = OneStore()
    snapshots = Snapshots(store)
    plates = Plates(store, snapshots, CATALOGUE, tmp_path)
    plates.begin("parcels", 1)
    plates.settle()
    plates.close()
    plate = plates.found("parcels", 1, "ellipsoidal")
    assert plate is not None
    assert snapshots.get("parcels", 1).laid_on(plate.surface) is plate
    frame = store.frames["parcels"]
    other = Frame(frame.ids[::-1], frame.geometry[::-1], frame.columns)
    store.frames = {**store.frames, "parcels": other}
    turned = Snapshots(store)
    turned.laid_before = plates.found
    assert turned.get("parcels", 1).laid_on(plate.surface) is None
