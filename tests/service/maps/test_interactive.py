"""The offline page: self-contained, inert where it quotes, the same twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.frame import Frame
from service.errors import StoreUnavailable
from service.maps.interactive import interactive_html
from service.maps.provenance import Record, read_record
from service.maps.scene import Scene

SceneMaker = Callable[..., Scene]
FrameMaker = Callable[..., Frame]
RECORD = Record("0.1.0", ("old-villages",), {"f": "html"}, {"old-villages": 1})
HOSTILE = '</script><img src=x onerror="alert(1)">'


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "vendor" / "leaflet"
    folder.mkdir(parents=True)
    (folder / "leaflet.js").write_text("var L = {}; // </script> in a comment")
    (folder / "leaflet.css").write_text(".a{background:url(images/a.png)}")
    return tmp_path


@pytest.fixture
def page(
    scene_of: SceneMaker, frame_of: FrameMaker, square: Any, static_dir: Path
) -> str:
    frame = frame_of([square], name_zh=[HOSTILE], evidence=["indicative"])
    scene = scene_of({"old-villages": frame}, title=HOSTILE, f="html")
    return interactive_html(scene, RECORD.token, static_dir).decode()


def test_names_and_titles_are_never_markup(page: str) -> None:
    assert "<img" not in page
    assert page.count("</script>") == 3


def test_nothing_is_fetched_from_anywhere(page: str) -> None:
    assert not re.findall(r"""(?:src|href)=["'](?!data:)""", page)
    assert "url(images/" not in page
    assert "default-src 'none'" in page or "default-src &#x27;none&#x27;" in page


def test_the_page_carries_its_record(page: str) -> None:
    assert read_record(page.encode()) == RECORD


def test_the_page_says_what_is_indicative(page: str) -> None:
    assert "不作审批依据" in page


def test_the_same_scene_gives_the_same_page(
    scene_of: SceneMaker, static_dir: Path
) -> None:
    a, b = (
        interactive_html(scene_of({"old-villages": None}), RECORD.token, static_dir)
        for _ in range(2)
    )
    assert a == b


def test_coordinates_are_those_of_the_layer(
    scene_of: SceneMaker, static_dir: Path
) -> None:
    page = interactive_html(scene_of(), RECORD.token, static_dir).decode()
    found = re.search(r'"geometry":(\{.*?\}),"properties"', page)
    assert found is not None
    drawn = shapely.from_geojson(found[1])
    layer = scene_of().layers[0].frame.geometry[0]
    assert shapely.hausdorff_distance(drawn, layer) < 1e-6


def test_without_the_web_assets_the_remedy_is_told(
    scene_of: SceneMaker, tmp_path: Path
) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        interactive_html(scene_of(), RECORD.token, tmp_path)
    assert "f=svg" in refused.value.detail
