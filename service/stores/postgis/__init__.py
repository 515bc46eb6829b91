"""The store for several machines: PostgreSQL with PostGIS."""

from __future__ import annotations

from layers.catalogue import Layer
from service.stores.base import Version
from service.stores.counts import Counts
from service.stores.orders import Orders
from service.stores.postgis.connection import PostgresDatabase
from service.stores.postgis.copying import PostgisCopying
from service.stores.postgis.publishing import PostgisPublishing
from service.stores.postgis.reading import PostgisReading
from service.stores.postgis.schema import create_base, create_layer
from service.stores.preparation import Preparation


class PostgisStore(PostgisReading, PostgisPublishing, PostgisCopying, Preparation):
    """``postgresql://…``. The tables go into the first schema of the URL's
    ``search_path``, or ``atlas``."""

    _db: PostgresDatabase

    def __init__(self, url: str) -> None:
        self._db = PostgresDatabase(url)
        self._counts = Counts()
        self._orders = Orders()
        self._versions: dict[tuple[str, int], Version] = {}
        self._layers: dict[str, Layer] = {}

    def ping(self) -> None:
        self._db.one("SELECT 1 FROM atlas_versions LIMIT 1")

    def close(self) -> None:
        self._db.close()

    def _create_base(self) -> None:
        create_base(self._db)

    def _create_layer(self, layer: Layer) -> None:
        create_layer(self._db, layer)
