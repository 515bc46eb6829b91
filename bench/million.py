"""A million parcels in the embedded store: published, then asked for over HTTP.

    python -m bench.million [--plots 1000000] [--workers 2]

Prints how fast they were published and what memory that took beyond the plots, then
what a request takes, each address asked once by one client: boxes of about 100
features anywhere, single features, zoom 14 tiles before and after they are prepared;
boxes again by 8 clients at once; and the memory of the service. Linux only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely

from bench.http_load import load
from bench.items import boxes_of, item_path
from bench.plots import SOUTH, WEST, classes, plots
from bench.process import family, memory, service
from geo.crs import unproject_xy
from geo.frame import Frame
from layers.catalogue import Catalogue
from service.loading import load_initial
from service.stores import open_store
from service.stores.base import Changes, Publication

BOXES, IDS, TILES = 1000, 1000, 12
LOW_TILE = "/api/collections/parcels/tiles/WebMercatorQuad/8/111/208"
REQUIRED_RATE, REQUIRED_P99_MS = 20_000, 50.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--store", help="publish only, into this empty store")
    given = parser.parse_args()
    if given.store:
        publish(given.store, given.plots)
        return
    with tempfile.TemporaryDirectory() as folder:
        words = ["--store", f"gpkg:{folder}/atlas.gpkg", "--plots", str(given.plots)]
        command = [sys.executable, "-m", "bench.million", *words]
        subprocess.run(command, check=True)
        tell_files(Path(folder))
        with service(Path(folder), given.workers) as (process, port):
            shapes = made(given.plots)
            ask(process, port, shapes)
            ask_for_tiles(process, port, shapes)


def made(count: int) -> np.ndarray:
    """Plots as large as the hundred thousand of the other benches, so a larger city."""
    side = int(np.ceil(count**0.5))
    flat, times = plots(side, side)[:count], (count / 100_000) ** 0.5
    corner = np.array((WEST, SOUTH))
    return unproject_xy(
        shapely.transform(flat, lambda xy: corner + (xy - corner) * times)
    )


def publish(url: str, count: int) -> None:
    """Everything that a published version needs, as an approved changeset."""
    numbers = range(count)
    names = np.array([f"荔湾第{n}号地块" for n in numbers], dtype=object)
    ids = np.array([f"p{n:07d}" for n in numbers], dtype=object)
    columns = {"name_zh": names, "landuse_code": classes(count).astype(object)}
    frame = Frame(ids, made(count), columns)
    store = open_store(url)
    load_initial(store, Catalogue.load())
    publication = Publication("parcels", store.current_version("parcels"), "bench")
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak until now
    before, begun, worked = peak_mb(), time.perf_counter(), time.process_time()
    version = store.publish(Changes(frame, np.empty(0, dtype=object)), publication)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    store.close()
    print(
        f"published {version.feature_count:,} plots in {seconds:.1f} s:"
        f" {count / seconds:,.0f} a second (required {REQUIRED_RATE:,});"
        f" {worked / count * 1e6:.0f} µs of processor time each;"
        f" load {os.getloadavg()[0]:.1f}\n"
        f"memory: {before:.0f} MB with the plots, {peak_mb():.0f} MB at its peak"
    )


def peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def tell_files(folder: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in folder.rglob("*.*")}
    large = {name: size for name, size in sizes.items() if size > 2**20}
    print("files: " + ", ".join(f"{n} {s / 2**20:.0f} MB" for n, s in large.items()))


def ask(process: int, port: int, shapes: np.ndarray) -> None:
    boxes = boxes_of(shapes, 100, count=BOXES)
    paths = [item_path(box, limit=200) for box in boxes]
    each(port, paths[:1], "first box after the start")
    time.sleep(1)
    each(port, paths, "box of 100 features")
    tree = shapely.STRtree(shapes)
    wrong = sum(
        not right(port, path, tree, box)
        for path, box in zip(paths[:64], boxes[:64], strict=True)
    )
    print(f"  wrong: {wrong} of 64 boxes")
    at_once = load(port, paths, connections=8, seconds=5)
    print(
        f"boxes at 8 connections: {at_once.per_second:,.0f}/s, p50"
        f" {at_once.p50_ms:.1f} ms, p99 {at_once.p99_ms:.1f} ms"
        f" (required {REQUIRED_P99_MS:.0f}), errors {at_once.errors};"
        f" load {os.getloadavg()[0]:.1f}"
    )
    numbers = np.random.default_rng(3).choice(len(shapes), IDS, replace=False)
    items = "/api/collections/parcels/items"
    each(port, [f"{items}/p{n:07d}" for n in numbers], "one feature by its id")
    print(f"memory of the service: {memory(process)}")


def ask_for_tiles(process: int, port: int, shapes: np.ndarray) -> None:
    tiles = tiles_over(shapes)
    each(port, tiles[:TILES], "zoom 14 tile, nothing prepared")
    begun = time.perf_counter()
    each(port, [LOW_TILE], "first zoom 8 tile")
    while time.perf_counter() < begun + 600 and busy(process):
        time.sleep(1)
    print(f"all levels prepared after {time.perf_counter() - begun:.0f} s")
    each(port, tiles[TILES : 2 * TILES], "zoom 14 tile, prepared, never cut")
    print(f"memory of the service: {memory(process)}")


def busy(process: int) -> bool:
    """Whether the service's processes still compute by themselves."""
    before = ticks(process)
    time.sleep(1)
    return ticks(process) - before > 0.2 * os.sysconf("SC_CLK_TCK")


def ticks(process: int) -> int:
    return sum(
        sum(map(int, Path(f"/proc/{one}/stat").read_text().split()[13:15]))
        for one in family(process)
    )


def each(port: int, paths: list[str], what: str) -> None:
    """Every path once, one after another, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    times = []
    for path in paths:
        begun = time.perf_counter()
        connection.request("GET", path, headers={"accept-encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status not in (200, 204):
            raise RuntimeError(f"{answer.status} {path}")
    p50, p99 = np.percentile(times, (50, 99))
    print(f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {max(times):.0f} ms")


def right(port: int, path: str, tree: shapely.STRtree, box: tuple) -> bool:
    """Whether an answer has exactly the features that shapely finds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    found = {one["id"] for one in json.load(connection.getresponse())["features"]}
    met = tree.query(shapely.box(*box), predicate="intersects")
    return found == {f"p{row:07d}" for row in met}


def tiles_over(shapes: np.ndarray) -> list[str]:
    """Zoom 14 tiles well inside the layer."""
    west, south, east, north = shapely.total_bounds(shapes)
    wide = 360 / 2**14
    columns = np.arange(west + wide, east - wide, wide / 4)
    rows = np.arange(south + wide, north - wide, wide / 4)
    lon, lat = (axis.ravel() for axis in np.meshgrid(columns, rows))
    x = ((lon + 180) / 360 * 2**14).astype(int)
    turned = np.arcsinh(np.tan(np.radians(lat))) / np.pi
    y = ((1 - turned) / 2 * 2**14).astype(int)
    base = "/api/collections/parcels/tiles/WebMercatorQuad/14"
    return list(dict.fromkeys(f"{base}/{b}/{a}" for a, b in zip(x, y, strict=True)))


if __name__ == "__main__":
    main()
