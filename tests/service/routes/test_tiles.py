"""Tiles over HTTP."""

from __future__ import annotations

import gzip

import mapbox_vector_tile
import pytest
from starlette.testclient import TestClient

TILES = "/api/collections/{}/tiles/WebMercatorQuad"
LIWAN = "12/1777/3335"  # zoom, row, column


@pytest.mark.parametrize("layer", ["district", "metro-lines", "metro-stations"])
def test_a_tile_holds_one_layer_under_its_id(client: TestClient, layer: str) -> None:
    answer = client.get(f"{TILES.format(layer)}/{LIWAN}")
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert list(mapbox_vector_tile.decode(answer.content)) == [layer]


def test_tile_features_carry_the_layer_s_fields(client: TestClient) -> None:
    answer = client.get(f"{TILES.format('district')}/{LIWAN}")
    (feature,) = mapbox_vector_tile.decode(answer.content)["district"]["features"]
    assert feature["properties"]["name_zh"] == "荔湾区"
    assert "evidence" in feature["properties"]


def test_tiles_are_compressed_only_for_those_who_can_read_that(
    client: TestClient,
) -> None:
    url = f"{TILES.format('district')}/{LIWAN}"
    plain = client.get(url, headers={"accept-encoding": "identity"})
    with client.stream("GET", url, headers={"accept-encoding": "gzip"}) as small:
        packed = b"".join(small.iter_raw())
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain.content


@pytest.mark.parametrize("others", ["zstd", "br", "gzip;q=0, zstd", "zstd;q=1, *;q=0"])
def test_who_does_not_read_gzip_gets_it_plain(client: TestClient, others: str) -> None:
    url = f"{TILES.format('district')}/{LIWAN}"
    answer = client.get(url, headers={"accept-encoding": others})
    assert "content-encoding" not in answer.headers
    assert answer.content.startswith(b"\x1a")


def test_an_etag_saves_the_second_download(client: TestClient) -> None:
    url = f"{TILES.format('district')}/{LIWAN}"
    etag = client.get(url).headers["etag"]
    again = client.get(url, headers={"if-none-match": etag})
    assert again.status_code == 304
    assert again.content == b""


def test_a_pinned_version_may_be_kept_for_ever(client: TestClient) -> None:
    url = f"{TILES.format('district')}/{LIWAN}"
    assert "immutable" in client.get(f"{url}?version=1").headers["cache-control"]
    assert client.get(url).headers["cache-control"] == "no-cache"


def test_an_empty_tile_is_a_204(client: TestClient) -> None:
    answer = client.get(f"{TILES.format('district')}/12/0/0")
    assert answer.status_code == 204
    assert answer.content == b""


@pytest.mark.parametrize(
    ("address", "status", "parameter"),
    [
        ("23/0/0", 404, "tileMatrix"),
        ("3/8/0", 404, "tileRow"),
        ("3/0/8", 404, "tileCol"),
        ("x/0/0", 400, "tileMatrix"),
        ("3/-1/0", 400, "tileRow"),
        ("3/0/1.5", 400, "tileCol"),
        ("3/0/٣", 400, "tileCol"),
        ("3/0/0?version=99", 404, "version"),
        ("3/0/0?colour=red", 400, "colour"),
    ],
)
def test_what_is_out_of_range_is_refused_by_name(
    client: TestClient, address: str, status: int, parameter: str
) -> None:
    answer = client.get(f"{TILES.format('district')}/{address}")
    assert answer.status_code == status
    assert answer.json()["parameter"] == parameter


def test_another_grid_is_refused(client: TestClient) -> None:
    answer = client.get("/api/collections/district/tiles/WorldCRS84Quad/0/0/0")
    assert answer.status_code == 404
    assert answer.json()["parameter"] == "tileMatrixSetId"


def test_an_unknown_layer_has_no_tiles(client: TestClient) -> None:
    assert client.get(f"{TILES.format('nowhere')}/0/0/0").status_code == 404


def test_the_tileset_tells_how_to_address_a_tile(client: TestClient) -> None:
    (tileset,) = client.get("/api/collections/district/tiles").json()["tilesets"]
    (item,) = [link for link in tileset["links"] if link["rel"] == "item"]
    path = item["href"].format(tileMatrix=12, tileRow=1777, tileCol=3335)
    assert client.get(path).status_code == 200


def test_tilejson_names_a_template_that_works(client: TestClient) -> None:
    body = client.get(f"{TILES.format('metro-lines')}?f=tilejson").json()
    (template,) = body["tiles"]
    assert client.get(template.format(z=12, y=1777, x=3335)).status_code == 200
    assert body["vector_layers"][0]["id"] == "metro-lines"
