"""Tiles of a big layer: while it is being prepared, afterwards, and from afar."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest

from bench.plots import plots
from geo.crs import unproject_xy
from geo.frame import Frame
from geo.paths import to_square
from layers.catalogue import Catalogue, Layer
from service.generalised import JOINED, is_settled, joined, level_of
from service.shelf import Shelf
from service.snapshots import Snapshots
from service.stores import open_store
from service.stores.base import Changes, Publication, Store
from service.tiles import GZIP, Address, Tiles

SIDE = 12
CODES = ("0701", "0901", "1401")


@pytest.fixture(scope="module")
def layer() -> Layer:
    return Catalogue.load().get("parcels")


@pytest.fixture(scope="module")
def store(layer: Layer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"gpkg:{tmp_path_factory.mktemp('tiles') / 'atlas.gpkg'}")
    store.prepare((layer,))
    nothing = np.array([], dtype=object)
    store.publish(Changes(parcels(), nothing), Publication("parcels", 0, "test"))
    yield store
    store.close()


@pytest.fixture
def tiles(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tiles:
    """Tiles to which a hundred features are many."""
    monkeypatch.setattr("service.tiles.QUICK", 10)
    monkeypatch.setattr("service.generalised.BIG", 10)
    return Tiles(store, Snapshots(store), Shelf(tmp_path))


def parcels() -> Frame:
    shapes = unproject_xy(plots(SIDE, SIDE))
    ids = np.array([f"p{n:03}" for n in range(len(shapes))], dtype=object)
    codes = np.array([CODES[n % 3] for n in range(len(shapes))], dtype=object)
    status = np.full(len(shapes), "existing", dtype=object)
    return Frame(ids, shapes, {"landuse_code": codes, "status": status})


def address(z: int) -> Address:
    x, y = (to_square(np.array([[113.22, 23.09]]))[:, 0] * 2**z).astype(int).tolist()
    return Address("parcels", 1, z, x, y)


def features(tile: bytes) -> list[dict[str, Any]]:
    layers = mapbox_vector_tile.decode(zlib.decompress(tile, GZIP))
    found: list[dict[str, Any]] = layers["parcels"]["features"]
    return found


def wait_until_ready(tiles: Tiles) -> None:
    for _ in range(200):
        if tiles.is_ready("parcels", 1):
            return
        time.sleep(0.05)
    raise AssertionError("never ready")


def test_a_tile_has_the_same_bytes_before_and_after_preparing(
    tiles: Tiles, layer: Layer, store: Store, tmp_path: Path
) -> None:
    early = tiles.tile(layer, address(14), packed=True)
    wait_until_ready(tiles)
    later = Tiles(store, Snapshots(store), Shelf(tmp_path))
    later.tile(layer, address(15), packed=True)
    wait_until_ready(later)
    assert later.tile(layer, address(14), packed=True) == early


def test_a_plain_tile_is_the_packed_one_unpacked(tiles: Tiles, layer: Layer) -> None:
    packed = tiles.tile(layer, address(14), packed=True)
    assert tiles.tile(layer, address(14), packed=False) == zlib.decompress(packed, GZIP)


def test_a_tile_that_was_made_is_at_hand(tiles: Tiles, layer: Layer) -> None:
    assert tiles.kept(address(14), packed=True) is None
    made = tiles.tile(layer, address(14), packed=True)
    assert tiles.kept(address(14), packed=True) == made


@pytest.mark.parametrize("z", [8, 10, 12])
def test_from_afar_every_parcel_is_counted(tiles: Tiles, layer: Layer, z: int) -> None:
    counts: dict[str, float] = {}
    # All of them are in the tile and its neighbours.
    z, x, y = address(z)[2:]
    for dx in range(-4, 5):
        for dy in range(-4, 5):
            tile = tiles.tile(
                layer, Address("parcels", 1, z, x + dx, y + dy), packed=True
            )
            for feature in features(tile) if tile else []:
                properties = feature["properties"]
                counts[properties["landuse_code"]] = properties["feature_count"]
    assert counts == dict.fromkeys(CODES, SIDE * SIDE / 3)


def test_far_views_are_found_on_the_shelf_again(
    tiles: Tiles, layer: Layer, store: Store, tmp_path: Path
) -> None:
    first = tiles.tile(layer, address(12), packed=True)
    wait_until_ready(tiles)
    shelf = Shelf(tmp_path)
    version = store.version("parcels", 1)
    assert all(shelf.get(version, zoom) is not None for zoom in JOINED)
    assert (
        Tiles(store, Snapshots(store), Shelf(tmp_path)).tile(
            layer, address(12), packed=True
        )
        == first
    )


def test_joining_makes_one_feature_per_class_and_says_of_how_many(layer: Layer) -> None:
    made = joined(parcels(), layer)
    assert sorted(made.columns["landuse_code"]) == sorted(CODES)
    assert made.columns["feature_count"].sum() == SIDE * SIDE
    assert set(made.ids) == {None}


@pytest.mark.parametrize(
    ("features", "zoom", "level"),
    [(9_000, 13, None), (9_000, 12, 12), (9_000, 3, 8), (4_000, 3, None)],
)
def test_only_big_layers_seen_from_afar_are_joined(
    layer: Layer, features: int, zoom: int, level: int | None
) -> None:
    assert level_of(layer, features, zoom) == level


def test_shelved_levels_spare_the_next_process_the_joining(
    tiles: Tiles,
    layer: Layer,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[int, int]] = []
    tiles.shelve(layer, store.version("parcels", 1), lambda *step: told.append(step))
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)
    monkeypatch.setattr("service.tiles.joined", None)
    later = Tiles(store, Snapshots(store), Shelf(tmp_path))
    here = [address(z) for z in (8, 12)]
    assert all(features(later.tile(layer, one, packed=True)) for one in here)


def test_tiles_from_afar_are_cut_beforehand_and_found_by_the_next_process(
    tiles: Tiles,
    layer: Layer,
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tiles.shelve(layer, store.version("parcels", 1), lambda *step: None)
    first = [tiles.tile(layer, address(z), packed=True) for z in JOINED]
    monkeypatch.setattr("service.tiles.encode_tile", None)
    later = Tiles(store, Snapshots(store), Shelf(tmp_path))
    assert [later.tile(layer, address(z), packed=True) for z in JOINED] == first
    assert not later.is_ready("parcels", 1)


def test_a_shelf_that_cannot_be_written_costs_no_answer(
    store: Store, layer: Layer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.generalised.BIG", 10)
    (tmp_path / "file").touch()
    version = store.version("parcels", 1)
    Shelf(tmp_path / "file").put_tile(version, (12, 0, 0), b"tile")
    assert Shelf(tmp_path).tile(version, (12, 0, 0)) is None


def test_a_step_outwards_that_takes_nothing_settles_the_rest() -> None:
    frame, fewer = parcels(), parcels().take(np.arange(5))
    assert is_settled(frame, frame)
    assert not is_settled(frame, fewer)
