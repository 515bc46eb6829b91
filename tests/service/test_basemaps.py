"""Base maps that an administrator names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from geo.errors import BilingualError
from service.app import create_app
from service.basemaps import read_basemaps
from service.settings import BadSetting, Settings

STREETS = {
    "id": "streets",
    "title_zh": "街道图",
    "title_en": "Streets",
    "tiles": ["https://t{s}.example.org/{z}/{x}/{y}.png"],
    "subdomains": "01",
    "datum": "GCJ-02",
}


def test_a_named_base_map_is_told_to_the_page(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, basemaps=json.dumps([STREETS]))
    with TestClient(create_app(settings)) as client:
        (told,) = client.get("/api/basemaps").json()["basemaps"]
    assert told["tiles"] == STREETS["tiles"]
    assert told["datum"] == "GCJ-02"


def test_the_page_may_show_pictures_of_its_hosts_and_of_no_other(
    tmp_path: Path,
) -> None:
    settings = Settings(data_dir=tmp_path, basemaps=json.dumps([STREETS]))
    with TestClient(create_app(settings)) as client:
        policy = client.get("/").headers["content-security-policy"]
    hosts = "https://t0.example.org https://t1.example.org"
    assert f"img-src 'self' data: blob: {hosts};" in policy


def test_without_any_the_page_shows_pictures_of_its_own_host_only(
    client: TestClient,
) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "img-src 'self' data: blob:;" in policy


def test_tiles_of_this_host_need_no_origin() -> None:
    (base,) = read_basemaps(json.dumps([STREETS | {"tiles": "/tiles/{z}/{x}/{y}"}]))
    assert base.origins == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"id": "plain"}, "id"),
        ({"title_en": ""}, "title_en"),
        ({"tiles": []}, "tiles"),
        ({"tiles": "ftp://example.org/{z}/{x}/{y}"}, "tiles"),
        ({"tiles": "https://example.org/{z}/{x}"}, "{y}"),
        ({"tiles": "https://example.org; script-src *"}, "tiles"),
        ({"subdomains": ""}, "subdomains"),
        ({"subdomains": "a b"}, "subdomains"),
        ({"datum": "BD-09"}, "datum"),
        ({"min_zoom": 9, "max_zoom": 3}, "min_zoom"),
        ({"max_zoom": "18"}, "max_zoom"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_describes_no_base_map_is_refused_by_name(
    change: dict[str, object], named: str
) -> None:
    with pytest.raises(BilingualError) as refused:
        read_basemaps(json.dumps([STREETS | change]))
    assert named in refused.value.detail
    assert "streets" in refused.value.detail or change.get("id") == "plain"


def test_one_id_serves_one_base_map() -> None:
    with pytest.raises(BilingualError, match="one id"):
        read_basemaps(json.dumps([STREETS, STREETS]))


@pytest.mark.parametrize("text", ["{", "{}", '["streets"]'])
def test_a_setting_that_is_no_list_says_what_it_must_be(text: str) -> None:
    with pytest.raises(BadSetting, match="ATLAS_BASEMAPS must be a JSON list"):
        Settings(basemaps=text)


def test_a_setting_names_itself_with_the_fault() -> None:
    with pytest.raises(BadSetting, match=r"ATLAS_BASEMAPS: Base map 'grid'"):
        Settings(basemaps=json.dumps([STREETS | {"id": "grid"}]))
