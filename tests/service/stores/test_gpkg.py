"""What only the GeoPackage does: other programs open it, packs go beside it."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from service.errors import Conflict, StoreUnavailable, Unprocessable
from service.stores import open_store
from service.stores.base import ItemQuery
from service.stores.gpkg import GeoPackageStore
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.pack import PackDraft
from service.stores.gpkg.textblocks import unblocked

from .conftest import layer
from .samples import (
    EVERYTHING,
    LAYER,
    features,
    frame,
    grid,
    objects,
    publish,
    square,
)

Open = Callable[[Path], GeoPackageStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "atlas.gpkg"


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens stores, and closes them in the end."""
    with ExitStack() as stack:

        def opened(path: Path) -> GeoPackageStore:
            store = stack.enter_context(closing(GeoPackageStore(f"gpkg:{path}")))
            store.prepare([layer()])
            return store

        yield opened


@pytest.fixture
def file_store(path: Path, opened: Open) -> GeoPackageStore:
    return opened(path)


def wait_for_packs(store: GeoPackageStore) -> None:
    for opener in store._packs._openers:
        opener.join()


def test_gdal_lists_each_layer_by_its_id(
    file_store: GeoPackageStore, path: Path
) -> None:
    names = [name for name, _ in pyogrio.list_layers(path)]
    assert names == [LAYER, "atlas_versions"]


def test_gdal_reads_the_current_version_with_readable_columns(
    file_store: GeoPackageStore, path: Path
) -> None:
    publish(file_store, frame(["a", "b"], name_zh=["old", "gone"]))
    publish(file_store, frame(["a"], name_zh=["荔湾"], listed=[True]), ["b"])
    table = pyogrio.read_dataframe(path, layer=LAYER)
    assert table["id"].tolist() == ["a"]
    assert table["name_zh"].tolist() == ["荔湾"]
    assert table["area_m2"][0] > 1000
    assert shapely.equals_exact(table.geometry[0], square(0), 0)


def test_gdal_reads_within_a_bbox(file_store: GeoPackageStore, path: Path) -> None:
    publish(file_store, grid(10))
    bbox = (113.2, 23.1, 113.2015, 23.1005)
    assert len(pyogrio.read_dataframe(path, layer=LAYER, bbox=bbox)) == 2


def test_the_file_says_that_it_is_a_geopackage(
    file_store: GeoPackageStore, path: Path
) -> None:
    assert path.read_bytes()[68:72] == b"GPKG"


def test_a_pack_answers_as_the_tables_do(
    file_store: GeoPackageStore, opened: Open
) -> None:
    publish(file_store, grid(40))
    shapes = [shapely.Point(113.2 + i * 1e-5, 23.1) for i in range(900)]
    publish(file_store, frame([f"q{i:03d}" for i in range(900)], shapes), ["p000000"])
    bare = opened(file_store.path)
    bare._packs.get = lambda version: None  # type: ignore[method-assign]
    rng = np.random.default_rng(7)
    for version in (1, 2):
        for west, south, width in rng.random((40, 3)) * (0.04, 0.04, 0.01):
            bbox = (113.2 + west, 23.1 + south, 113.2 + west + width, 23.2)
            query = ItemQuery(bbox=bbox, limit=30, offset=3)
            asked = LAYER, version, query
            assert file_store.items(*asked) == bare.items(*asked)
        equal = {"op": "=", "args": [{"property": "code"}, "03"]}
        query = ItemQuery(filter=equal, sortby=[("height_m", True)], limit=90)
        asked = LAYER, version, query
        assert file_store.items(*asked) == bare.items(*asked)
        assert features(file_store.items(*asked))[0]["properties"]["code"] == "03"
        one = LAYER, version, "p001002"
        assert file_store.item(*one) == bare.item(*one) is not None
    for id in ("p001002", "q000", "q899"):
        newest = bare.newest(LAYER, id)
        assert file_store.newest(LAYER, id) == newest == (2, bare.item(LAYER, 2, id))


def test_a_broken_pack_is_made_anew_while_the_tables_answer(
    file_store: GeoPackageStore, opened: Open
) -> None:
    version = publish(file_store, grid(20))
    (pack,) = file_store.path.parent.glob("*-packs/*.pack")
    pack.write_bytes(b"not a pack")
    again = opened(file_store.path)
    assert again.items(LAYER, version.number, EVERYTHING).returned == 400
    wait_for_packs(again)
    assert pack.stat().st_size > 100_000
    assert again.items(LAYER, version.number, EVERYTHING).returned == 400


def test_only_the_newest_packs_stay(file_store: GeoPackageStore) -> None:
    for _ in range(4):
        publish(file_store, grid(20))
    packs = file_store.path.parent.glob("*-packs/*.pack")
    assert sorted(pack.name.split("-")[1] for pack in packs) == ["3", "4"]


def test_a_refused_publication_leaves_nothing_beside_the_file(
    file_store: GeoPackageStore,
) -> None:
    with pytest.raises(Conflict):
        publish(file_store, grid(20), base_version=7)
    with pytest.raises(Unprocessable):
        bad = grid(20)
        publish(file_store, replace(bad, columns={"floors": objects(["x"] * 400)}))
    assert list(file_store.path.parent.glob("*-packs/*")) == []


def test_a_pack_has_its_name_only_once_it_is_on_the_disk(
    file_store: GeoPackageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[list[Path]] = []

    def synced(_: int) -> None:
        named.append(list(file_store.path.parent.glob("*-packs/*.pack")))

    monkeypatch.setattr("os.fsync", synced)
    publish(file_store, grid(20))
    assert named == [[]]


def test_a_full_disk_for_the_pack_does_not_stop_the_version(
    file_store: GeoPackageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(PackDraft, "add", full)
    version = publish(file_store, grid(20))
    assert list(file_store.path.parent.glob("*-packs/*")) == []
    assert file_store.items(LAYER, version.number, EVERYTHING).returned == 400


def as_before(path: Path) -> None:
    """Turn a store into one of the release before: a row for each text."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(f"CREATE TABLE {LAYER}__text (rid INTEGER PRIMARY KEY, json TEXT)")
        for rid, block in file.execute(f"SELECT rid, data FROM {LAYER}__texts"):
            texts = enumerate(unblocked(block).listed(without=1), rid)
            rows = ((n, text.decode()) for n, text in texts)
            file.executemany(f"INSERT INTO {LAYER}__text VALUES (?, ?)", rows)
        file.execute(f"DROP TABLE {LAYER}__texts")
        file.execute(f"CREATE INDEX {LAYER}__live ON {LAYER}__features (v_to)")
        file.execute("""UPDATE atlas_records SET data = '{"digest":""}'
 WHERE kind = 'schema'""")
    file.close()


def test_a_store_of_the_release_before_is_taken_over_whole(
    file_store: GeoPackageStore, path: Path, opened: Open
) -> None:
    publish(file_store, grid(40))
    publish(file_store, frame(["p000000", "荔"], [square(99), None]), ["p001001"])
    asked = [(n, EVERYTHING) for n in (1, 2)]
    before = [file_store.items(LAYER, *each) for each in asked]
    life = file_store.history(LAYER, "p000000")
    file_store.close()
    as_before(path)
    for pack in path.parent.glob("*-packs/*.pack"):
        pack.write_bytes(b"liwanpk1" + pack.read_bytes()[8:])
    again = opened(path)
    assert [again.items(LAYER, *each) for each in asked] == before
    assert again.history(LAYER, "p000000") == life
    wait_for_packs(again)
    assert [again.items(LAYER, *each) for each in asked] == before
    assert not again._db.has_table(f"{LAYER}__text")
    again.close()


def test_the_index_is_sound_after_many_changes(
    file_store: GeoPackageStore, path: Path
) -> None:
    publish(file_store, grid(40))
    publish(file_store, frame(["p000000", "new"], [square(99), square(98)]))
    publish(file_store, grid(50), ["new"])
    with closing(sqlite3.connect(path)) as file:
        check = file.execute(f"SELECT rtreecheck('{LAYER}__index')").fetchone()
    assert check == ("ok",)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="ATLAS_DATA_DIR"):
        open_store(f"gpkg:{tmp_path / 'file' / 'atlas.gpkg'}")


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.write_bytes(b"x" * 4096)
    store = open_store(f"gpkg:{path}")
    with pytest.raises(StoreUnavailable) as refused:
        store.prepare([layer()])
    assert "sqlite" not in str(refused.value).lower()


def test_a_connection_that_nobody_closes_ends_with_its_store(path: Path) -> None:
    database = SqliteDatabase(path)
    late = database.connection
    del database
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        late.execute("SELECT 1")


def test_an_unknown_kind_of_store_is_refused() -> None:
    with pytest.raises(StoreUnavailable, match="oracle"):
        open_store("oracle://somewhere")
