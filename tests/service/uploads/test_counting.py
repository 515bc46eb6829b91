"""Too much is refused before it is parsed, and counted while it is read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.errors import BilingualError
from service.errors import TooLarge
from service.uploads import counting, ogr
from service.uploads.drivers import pyogrio
from service.uploads.limits import Limits
from tests.service.uploads.bench_folder import diagnosed, written
from tests.service.uploads.files import feature, geojson, square

PAIRS = ",".join(f"[{n},{n}]" for n in range(100))
TUPLES = " ".join(f"{n},{n},0" for n in range(100))
MANY = {
    "a.geojson": f'{{"type":"LineString","coordinates":[{PAIRS}]}}',
    "a.kml": f"<kml><coordinates>{TUPLES}</coordinates></kml>",
    "a.gml": f"<gml><posList>{TUPLES.replace(',', ' ')}</posList></gml>",
    "a.dxf": "0\nVERTEX\n 10\n113.2\n 20\n23.1\n" * 100,
    "a.csv": "lon,lat\n" + "113.2,23.1\n" * 100,
    "a.txt": "J1,1,2558680.910,38422583.954\n" * 100,
}


@pytest.mark.parametrize("name", MANY)
def test_a_text_is_counted_before_it_is_parsed(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, MANY[name])
    with pytest.raises(TooLarge):
        counting.check_text(path, Limits(vertices=60))


@pytest.mark.parametrize("name", MANY)
def test_a_text_within_the_limit_passes(tmp_path: Path, name: str) -> None:
    counting.check_text(written(tmp_path, name, MANY[name]), Limits(vertices=120))


def windowed(folder: Path, count: int) -> Path:
    points = shapely.points(np.arange(count), np.zeros(count))
    pyogrio.raw.write(
        folder / "a.gpkg",
        shapely.to_wkb(points).astype(object),
        [np.arange(count)],
        ["number"],
        geometry_type="Point",
        crs="EPSG:4326",
        driver="GPKG",
    )
    return folder / "a.gpkg"


def test_windows_of_a_file_are_put_together_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ogr, "WINDOW", 4)
    reading = ogr.read(windowed(tmp_path, 10), Limits())
    assert shapely.get_x(reading.geometry).tolist() == list(range(10))
    assert reading.columns["number"].tolist() == list(range(10))


def test_reading_stops_at_the_window_that_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ogr, "WINDOW", 4)
    with pytest.raises(TooLarge, match="8 features with 8 vertices"):
        ogr.read(windowed(tmp_path, 12), Limits(vertices=6))


def test_a_file_that_names_too_many_features_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="holds 10 features;"):
        ogr.read(windowed(tmp_path, 10), Limits(features=9))


def test_the_limits_of_the_settings_hold(tmp_path: Path) -> None:
    content = geojson(feature(square(113.2, 23.1)), feature(square(113.2, 23.1)))
    path = written(tmp_path, "a.geojson", content)
    with pytest.raises(BilingualError):
        diagnosed(tmp_path, [path], limits={"features": 1})
