"""Where layers, versions and records live; one contract, several stores."""

from __future__ import annotations

from importlib import import_module

from service.errors import StoreUnavailable
from service.stores.base import Store

#: scheme -> "module:class"; imported only when the URL asks for it.
STORES = {
    "gpkg": "service.stores.gpkg:GeoPackageStore",
    "postgresql": "service.stores.postgis:PostgisStore",
    "postgres": "service.stores.postgis:PostgisStore",
}


def open_store(url: str) -> Store:
    """The store behind a URL: ``gpkg:PATH`` or ``postgresql://…``."""
    scheme = url.partition(":")[0]
    if scheme not in STORES:
        raise StoreUnavailable(
            f"ATLAS_STORE begins with {scheme!r}; use gpkg:PATH or postgresql://…",
            f"ATLAS_STORE 以“{scheme}”开头；请用 gpkg:路径 或 postgresql://…",
        )
    module, _, name = STORES[scheme].partition(":")
    store: Store = getattr(import_module(module), name)(url)
    return store
