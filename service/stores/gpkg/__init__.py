"""The embedded store: one GeoPackage file, which QGIS opens as well."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from layers.catalogue import Layer
from service.errors import StoreUnavailable
from service.stores.base import Version
from service.stores.counts import Counts
from service.stores.gpkg import laying, reserve
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.copying import GeoPackageCopying
from service.stores.gpkg.packs import Packs
from service.stores.gpkg.reading import GeoPackageReading
from service.stores.gpkg.schema import create_file, create_layer
from service.stores.orders import Orders
from service.stores.preparation import Preparation


class GeoPackageStore(GeoPackageReading, GeoPackageCopying, Preparation):
    """``gpkg:PATH``. Several threads and processes may use one file."""

    _db: SqliteDatabase

    def __init__(self, url: str) -> None:
        path = Path(url.partition(":")[2])
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"The folder {path.parent} cannot be made: {error.strerror}."
                " Set ATLAS_DATA_DIR or ATLAS_STORE to a place that can be written.",
                f"无法建立目录 {path.parent}，请将 ATLAS_DATA_DIR 设为可写位置。",
            ) from error
        self.path = path
        self._db = SqliteDatabase(path)
        self._counts = Counts()
        self._orders = Orders()
        self._packs = Packs(self._db)
        self._versions: dict[tuple[str, int], Version] = {}
        self._layers: dict[str, Layer] = {}

    def prepare(self, layers: Sequence[Layer]) -> None:
        super().prepare(layers)
        for layer in layers:
            laying.sweep(self._db, layer.id)
        reserve.keep(self._db)

    def ping(self) -> None:
        self._db.one("SELECT 1 FROM atlas_versions LIMIT 1")

    def close(self) -> None:
        self._packs.close()
        self._db.close()

    def _create_base(self) -> None:
        create_file(self._db)

    def _create_layer(self, layer: Layer) -> None:
        create_layer(self._db, layer)

    def _prepared(self) -> None:
        # Other programs look into the file itself before they ask SQLite.
        self._db.take_over_log()
