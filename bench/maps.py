"""A 1200 x 800 map of 5,000 classified plots: drawn afresh, asked again, and others.

    python -m bench.maps [--plots 5000] [--repeat 5]

One run, one machine: compare the ratios, not the milliseconds. MapServer draws the same
plots with the same twelve classes, without legend, title, scale bar or names; its time
holds the start of its process, which is listed too. What is not installed is skipped,
visibly.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from bench.plots import classes, plots
from geo.crs import parse_crs, unproject_xy
from geo.frame import Frame
from geo.measures import measures
from layers.catalogue import Catalogue
from layers.styles import styles as styles_of
from service.maps.kept import Kept
from service.maps.query import parse_map
from service.maps.rendering import layout_of
from service.maps.scene import build_scene, layer_data
from service.maps.sheet import Sheet, compose
from service.maps.svg import sheet_svg
from service.maps.symbols import groups_of
from service.maps.typesetting import typeset

SIZE = {"width": "1200", "height": "800"}
_fresh = count()  # another title every time, so that nothing is remembered


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=int, default=5000)
    parser.add_argument("--repeat", type=int, default=5)
    options = parser.parse_args()
    side = int((options.plots * 13 / 10) ** 0.5)
    flat = plots(-(-options.plots // side), side)[: options.plots]
    frame = _frame(flat)
    bench = Bench(frame)
    print(f"{len(flat)} plots, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    rows = {name: _best(way, options.repeat) for name, way in bench.ways().items()}
    rows |= _threaded(bench, options.repeat)
    rows |= _mapserver(flat, frame, options.repeat)
    base = rows["PNG afresh"]
    print(f"| {'what':44} | ms | afresh / this |\n|---|---:|---:|")
    for name, ms in rows.items():
        print(f"| {name:44} | {ms:.3g} | {base / ms:.3g} |")


class Bench:
    """The same map in every format."""

    def __init__(self, frame: Frame) -> None:
        catalogue = Catalogue.load()
        self.styles = styles_of(catalogue)
        layer = catalogue.get("parcels")
        groups = groups_of(layer, frame, self.styles)
        plane = parse_crs("EPSG:4547")
        self.data = layer_data(layer, (1, ""), frame, plane, groups)
        self.kept: Kept[bytes] = Kept(64_000_000)
        self.kept.keep(("map",), self.png(), 1)

    def sheet(self, **given: str) -> Sheet:
        query = parse_map({"collections": "parcels", **given})
        layout = layout_of(query)
        scene = build_scene(query, [self.data], self.styles, layout.frame)
        return compose(scene, layout, str(next(_fresh)))

    def png(self) -> bytes:
        sheet = self.sheet(**SIZE, title=f"map {next(_fresh)}")
        # A drawing seen before would not be rendered again.
        drawing = sheet.drawing + f"<!--{next(_fresh)}-->"
        return typeset([replace(sheet, drawing=drawing)], "png", "", "zh")

    def again(self) -> bytes:
        made = self.kept.get(("map",))
        assert made is not None
        return made

    def ways(self) -> dict[str, Callable[[], bytes]]:
        return {
            "PNG afresh": self.png,
            "PNG asked again, without HTTP": self.again,
            "SVG afresh, font inside": lambda: sheet_svg(self.sheet(**SIZE), ""),
            "A4 sheet as PDF": lambda: typeset(
                [self.sheet(paper="A4", f="pdf")], "pdf", str(next(_fresh)), "zh"
            ),
        }


def _frame(flat: np.ndarray) -> Frame:
    degrees = unproject_xy(flat)
    words = lambda text: np.array([text] * len(flat), dtype=object)  # noqa: E731
    codes = np.array(["0701", "0703", "0803", "0804", "0806", "09", "1001", "1101",
                      "1207", "13", "1401", "1402"], dtype=object)  # fmt: skip
    picked = np.unique(classes(len(flat)), return_inverse=True)[1] % len(codes)
    columns = {
        "landuse_code": codes[picked],
        "landuse_scheme": words("mnr2023"),
        "evidence": words("surveyed"),
        **measures(degrees),
    }
    ids = np.array([f"p{n}" for n in range(len(flat))], dtype=object)
    return Frame(ids, degrees, columns)


def _best(way: Callable[[], object], repeat: int) -> float:
    """Milliseconds of the best of some runs, after one that does not count."""
    way()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        way()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def _threaded(bench: Bench, repeat: int) -> dict[str, float]:
    with ThreadPoolExecutor(4) as pool:
        many = lambda: list(pool.map(lambda _: bench.png(), range(8)))  # noqa: E731
        return {"PNG afresh, 8 at once in 4 threads, each": _best(many, repeat) / 8}


def _mapserver(flat: np.ndarray, frame: Frame, repeat: int) -> dict[str, float]:
    program = shutil.which("mapserv")
    if program is None:
        print("mapserv (cgi-mapserver) is not installed: skipped")
        return {}
    with tempfile.TemporaryDirectory() as folder:
        mapfile = _mapfile(Path(folder), flat, frame)
        west, south, east, north = _extent(bench_bounds=flat)
        box = f"{west},{south},{east},{north}"
        ask = (
            "mode=map&layers=plots&map_imagetype=png&mapsize=1200+800"
            f"&mapext={box.replace(',', '+')}"
        )
        ways = {
            "MapServer, bare map, PNG": ask,
            "MapServer, its process alone": "mode=nothing",
        }
        return {
            name: _best(lambda q=query: _cgi(program, mapfile, q), repeat)
            for name, query in ways.items()
        }


def _extent(bench_bounds: np.ndarray) -> tuple[float, float, float, float]:
    import shapely

    west, south, east, north = shapely.total_bounds(bench_bounds).tolist()
    half = max((east - west) / 3, (north - south) / 2)
    x, y = (west + east) / 2, (south + north) / 2
    return x - half * 1.5, y - half, x + half * 1.5, y + half


def _cgi(program: str, mapfile: Path, query: str) -> bytes:
    env = {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": f"map=plots&{query}",
        "MAPSERVER_CONFIG_FILE": str(mapfile.with_name("mapserver.conf")),
    }
    return subprocess.run([program], env=env, capture_output=True).stdout


def _mapfile(folder: Path, flat: np.ndarray, frame: Frame) -> Path:
    import geopandas

    path = folder / "plots.fgb"
    table = {"code": frame.columns["landuse_code"], "geometry": flat}
    geopandas.GeoDataFrame(table, crs="EPSG:4547").to_file(path)
    listed = sorted(set(frame.columns["landuse_code"].tolist()))
    drawn = "".join(
        f"CLASS EXPRESSION '{code}' STYLE COLOR {200 + n} {230 - 5 * n} {190 + 4 * n}"
        " OUTLINECOLOR 150 150 140 WIDTH 0.7 END END\n"
        for n, code in enumerate(listed)
    )
    west, south, east, north = _extent(flat)
    mapfile = folder / "plots.map"
    mapfile.write_text(
        f"MAP EXTENT {west} {south} {east} {north} SIZE 1200 800 MAXSIZE 4096\n"
        "OUTPUTFORMAT NAME 'png' DRIVER AGG/PNG IMAGEMODE RGB EXTENSION 'png' END\n"
        "LAYER NAME 'plots' TYPE POLYGON STATUS ON CONNECTIONTYPE OGR\n"
        f"CONNECTION '{path}' CLASSITEM 'code'\n{drawn}END END\n"
    )
    (folder / "mapserver.conf").write_text(
        f"CONFIG ENV END MAPS plots '{mapfile}' END PLUGINS END END\n"
    )
    return mapfile


if __name__ == "__main__":
    main()
