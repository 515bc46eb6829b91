"""Versions kept on disk are the same to the bit, and made anew where they are not."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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
from service.keptframe import KeptFrame, laid_down
from service.snapshots import Snapshots

CATALOGUE = Catalogue.load()
LAYER = "parcels"
TEXTS = ["甲", "甲", None, "b", "甲", "b", None, "甲"]
RING = shapely.Polygon([(0, 0), (4, 0), (4, 4)], [[(2, 1), (3, 1), (3, 2)]])


def objects(values: list[Any]) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def frame() -> Frame:
    shapes = [
        RING,
        None,
        shapely.Point(0.1 + 0.2, 1e-300),
        shapely.MultiPolygon([RING]),
    ]
    shapes += [shapely.LineString([(0, 0), (1 / 3, 1)]), None, RING, RING]
    columns: dict[str, Any] = {
        "name_zh": objects([f"荔湾{n}" for n in range(8)]),
        "status": objects(TEXTS),
        "area_m2": np.array([0.1, np.nan, -0.0, 1e308, 5e-324, 1 / 3, 7, 8]),
        "tags": objects([None, [1, {"a": 0.1}], {}, "x", True, 2**53 + 1, -0.0, ""]),
        "listed": objects([True, False, None, True, True, True, True, None]),
    }
    return Frame(objects([f"p{n}" for n in range(8)]), objects(shapes), columns)


class OneStore:
    """Has two versions; counts readings."""

    def __init__(self, newest: int = 2) -> None:
        self.newest, self.read, self.moment = newest, 0, "2026-11-22T00:00"

    def current_version(self, layer: str) -> int:
        return self.newest

    def version(self, layer: str, number: int) -> SimpleNamespace:
        at = f"{self.moment}:0{number}Z"
        return SimpleNamespace(published_at=at, feature_count=8)

    def frame(self, layer: str, number: int) -> Frame:
        self.read += 1
        return frame()


@pytest.fixture(autouse=True)
def few_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_frames, "WORTH_KEEPING", 5)


@pytest.fixture
def store() -> OneStore:
    return OneStore()


@pytest.fixture
def frames(store: Any, tmp_path: Path) -> Frames:
    return Frames(store, CATALOGUE, tmp_path)


def assert_same(one: Frame, other: Frame) -> None:
    assert one.ids.tolist() == other.ids.tolist()
    assert len(one) == len(other)
    wkb = [shapely.to_wkb(each.geometry).tolist() for each in (one, other)]
    assert wkb[0] == wkb[1]
    assert one.missing.tolist() == other.missing.tolist()
    assert one.bounds.tobytes() == other.bounds.tobytes()
    assert list(one.columns) == list(other.columns)
    for name, values in one.columns.items():
        assert other.columns[name].dtype == values.dtype
        if values.dtype == np.float64:
            assert other.columns[name].tobytes() == values.tobytes()
        else:
            assert repr(other.columns[name].tolist()) == repr(values.tolist())


def test_a_kept_frame_is_the_frame_to_the_bit() -> None:
    assert_same(frame(), KeptFrame(*laid_down(frame())))
    assert_same(frame().take(np.arange(0)), KeptFrame(*laid_down(frame().take([]))))


def test_a_second_process_reads_no_table(
    store: OneStore, frames: Frames, tmp_path: Path
) -> None:
    frames.read(LAYER, 2)
    assert_same(frame(), Frames(store, CATALOGUE, tmp_path).read(LAYER, 2))  # type: ignore[arg-type]
    assert store.read == 1


def test_geometries_are_made_when_they_are_wanted(frames: Frames) -> None:
    frames.read(LAYER, 2)
    kept = frames.read(LAYER, 2)
    assert kept.columns["area_m2"][3] == 1e308
    few = kept.shapes(np.array([3, 1]))
    assert [shape and shape.geom_type for shape in few] == ["MultiPolygon", None]
    assert "geometry" not in vars(kept)
    assert kept.shapes(np.arange(8))[0] is kept.geometry[0]


@pytest.mark.parametrize("at", [3, 40, 700, -900, -60])
def test_a_damaged_file_is_made_anew(
    store: OneStore, frames: Frames, tmp_path: Path, at: int
) -> None:
    frames.read(LAYER, 2)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    broken = bytearray(whole)
    broken[at] ^= 1
    path.write_bytes(broken)
    assert_same(frame(), frames.read(LAYER, 2))
    assert store.read == 2
    assert path.read_bytes() == whole
    path.write_bytes(whole[:-64])
    assert_same(frame(), frames.read(LAYER, 2))
    assert path.read_bytes() == whole


def test_another_store_and_another_catalogue_have_files_of_their_own(
    store: OneStore, frames: Frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frames.read(LAYER, 2)
    store.moment = "2026-11-23T00:00"
    frames.read(LAYER, 2)
    monkeypatch.setattr(kept_frames, "FORM", 99)
    frames.read(LAYER, 2)
    assert store.read == 3
    assert len(list(tmp_path.iterdir())) == 1


def test_files_of_replaced_versions_go_and_none_are_made_of_them(
    store: OneStore, frames: Frames, tmp_path: Path
) -> None:
    frames.read(LAYER, 1)
    frames.figures(LAYER, 1, "ground.plane", lambda: {"m2": 1.0})
    frames.read(LAYER, 2)
    assert len(list(tmp_path.iterdir())) == 3
    store.newest = 3
    frames.read(LAYER, 3)
    frames.read(LAYER, 1)
    numbers = sorted(path.name.split("-")[1] for path in tmp_path.iterdir())
    assert numbers == ["2", "3"]


def test_small_versions_are_read_from_the_tables(
    frames: Frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_frames, "WORTH_KEEPING", 9)
    frames.read(LAYER, 2)
    assert frames.figures(LAYER, 2, "ground.plane", lambda: {"m2": 1.0}) == {"m2": 1.0}
    assert list(tmp_path.iterdir()) == []


def test_what_json_would_change_is_not_kept(
    store: OneStore, frames: Frames, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for odd in (float("nan"), 2**70, "\ud800", (1, 2)):
        given = Frame(frame().ids, frame().geometry, {"tags": objects([odd] * 8)})
        monkeypatch.setattr(store, "frame", lambda *_, given=given: given)
        assert frames.read(LAYER, 2) is given
    assert list(tmp_path.iterdir()) == []


def test_many_may_keep_one_version_at_once(
    store: OneStore, frames: Frames, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: frames.read(LAYER, 2), range(16)):
            assert_same(frame(), found)
    assert [path.suffix for path in tmp_path.iterdir()] == [".kept"]


def test_figures_are_found_once_and_not_believed_when_damaged(
    frames: Frames, tmp_path: Path
) -> None:
    asked = []

    def make() -> dict[str, float]:
        asked.append(1)
        return {"ground_m2": 1 / 3, "again_m2": 0.0}

    for _ in range(2):
        assert frames.figures(LAYER, 2, "ground.plane", make) == make()
    assert len(asked) == 3
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes().replace(b"0.3", b"0.4"))
    assert frames.figures(LAYER, 2, "ground.plane", make)["ground_m2"] == 1 / 3


def test_snapshots_read_what_is_kept(store: Any, frames: Frames) -> None:
    Snapshots(store, frames).get(LAYER, 2)
    again = Snapshots(store, frames).get(LAYER, 2)
    assert store.read == 1
    assert again.rows(["p3"]).tolist() == [3]
    assert again.located.tolist() == [0, 2, 3, 4, 6, 7]
