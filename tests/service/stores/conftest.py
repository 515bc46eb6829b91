"""Every store, fresh for each test: GeoPackage always, PostGIS when there is one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from layers.catalogue import Field, Layer
from service.stores import open_store
from service.stores.base import Store

FIELDS = (
    Field("name_zh", "string", "名称", "Name"),
    Field("height_m", "number", "高度", "Height"),
    Field("floors", "integer", "层数", "Floors"),
    Field("listed", "boolean", "保护", "Listed"),
    Field("valid_from", "date", "生效", "Valid from"),
    Field("valid_to", "date", "失效", "Valid to"),
    Field("code", "string", "代码", "Code"),
    Field("tags", "json", "标签", "Tags"),
)


def layer(id: str = "plots", fields: tuple[Field, ...] = FIELDS) -> Layer:
    return Layer(
        id=id,
        title_zh="地块",
        title_en="Plots",
        description_zh="",
        description_en="",
        group="landuse",
        geometry="polygon",
        fields=fields,
        class_field="code",
    )


@pytest.fixture(params=["gpkg", pytest.param("postgis", marks=pytest.mark.postgis)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty store can be made."""
    if request.param == "gpkg":
        return f"gpkg:{tmp_path / 'atlas.gpkg'}"
    server = os.environ.get("ATLAS_TEST_POSTGIS")
    if not server:
        pytest.skip("ATLAS_TEST_POSTGIS is not set: no PostGIS to test against")
    mark = "&" if "?" in server else "?"
    return f"{server}{mark}options=-csearch_path%3Dt{uuid4().hex[:12]},public"


@pytest.fixture
def open_again(store_url: str) -> Iterator[Callable[[], Store]]:
    """Opens the same store once more, as another process would."""
    opened: list[Store] = []

    def reopen() -> Store:
        store = open_store(store_url)
        store.prepare([layer()])
        opened.append(store)
        return store

    yield reopen
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Callable[[], Store]) -> Store:
    return open_again()
