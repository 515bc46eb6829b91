"""A drawn shape against every layer, as shipped and with 100,000 parcels in the store.

    python -m bench.drawn [--plots 100000] [--repeat 15] [--profile]

Asks the application for everything that shapes of several sizes, up to the whole
district, share with all layers, and prints the median time of an answer, and what of
it is processor time, beside what it holds. Then the first answer of a new process,
before the plates of the versions are made and after.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import orjson
import shapely
from starlette.testclient import TestClient

from bench.items import publish
from bench.plots import SOUTH, WEST
from geo.crs import unproject_xy
from service.app import create_app
from service.settings import Settings

URL = "/api/statistics/overlap"
#: East and north of the middle of Liwan from the corner of the plots, in metres.
MIDDLE = (3_500.0, 6_000.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--first", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.first:
        first(given.first)
        return
    for plots in (0, given.plots):
        with tempfile.TemporaryDirectory() as name:
            run(Path(name), plots, given)
    print("load average {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))


def run(folder: Path, plots: int, given: argparse.Namespace) -> None:
    print(f"\n{plots:,} parcels beside the layers as shipped")
    if plots:
        publish(folder, plots)
    with client_of(folder):  # makes the store
        pass
    new_process(folder, "before there are plates")
    with client_of(folder) as client:
        measure(client, given)
    new_process(folder, "with plates")


def client_of(folder: Path) -> TestClient:
    store = f"gpkg:{folder / 'atlas.gpkg'}"
    settings = Settings(data_dir=folder, store=store, access_log=False)
    return TestClient(create_app(settings))


def new_process(folder: Path, when: str) -> None:
    words = [sys.executable, "-m", "bench.drawn", "--first", str(folder)]
    told = subprocess.run(words, check=True, capture_output=True, text=True)
    print(f"first answer of a new process, {when}: {told.stdout.split()[-1]} ms")


def first(folder: Path) -> None:
    """The packages are brought in by the process after its start, not by a question."""
    with client_of(folder) as client:
        client.app.whole.complete()
        print(round(timed(client, drawn(564))))


def measure(client: TestClient, given: argparse.Namespace) -> None:
    timed(client, drawn(50))
    client.app.state.plates.settle()
    print("| shape | layers | met | listed | KB | median ms | longest | processor |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, body in shapes(client).items():
        timed(client, body)
        begun = time.process_time()
        times = [timed(client, body) for _ in range(given.repeat)]
        worked = (time.process_time() - begun) / given.repeat * 1000
        content = client.post(URL, content=body).content
        layers = orjson.loads(content)["layers"].values()
        cells = [name, len(layers), sum(each["total"]["features"] for each in layers)]
        cells += [sum(len(each["features"]) for each in layers), len(content) // 1000]
        cells += [f"{ms:.0f}" for ms in (median(times), max(times), worked)]
        print("|", " | ".join(map(str, cells)), "|")
    if given.profile:
        profile(client, shapes(client)["the district"])


def shapes(client: TestClient) -> dict[str, bytes]:
    """By name, as bodies."""
    answer = client.get("/api/collections/district/items").json()
    district = orjson.dumps({"geometry": answer["features"][0]["geometry"]})
    radii = {f"radius {r:,} m": drawn(r) for r in (50, 150, 500, 1_000, 2_000)}
    return {
        **radii,
        "1 km²": drawn(1_000 / np.pi**0.5),
        "the district": district,
        "100,000 vertices": drawn(2_000, corners=100_000),
    }


def drawn(radius: float, corners: int = 64) -> bytes:
    """A round shape."""
    middle = shapely.Point(WEST + MIDDLE[0], SOUTH + MIDDLE[1])
    shape = unproject_xy(shapely.buffer([middle], radius, quad_segs=corners // 4))[0]
    return b'{"geometry": ' + shapely.to_geojson(shape).encode() + b"}"


def timed(client: TestClient, body: bytes) -> float:
    start = time.perf_counter()
    answer = client.post(URL, content=body)
    spent = (time.perf_counter() - start) * 1000
    if answer.status_code != 200:
        raise SystemExit(answer.text)
    return spent


def profile(client: TestClient, body: bytes) -> None:
    """Where the time goes, in the thread that answers."""
    from service.routes import statistics

    inner, profiler = statistics.rendered, cProfile.Profile()
    statistics.rendered = lambda *a: profiler.runcall(inner, *a)
    for _ in range(10):
        timed(client, body)
    statistics.rendered = inner
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(30)


if __name__ == "__main__":
    main()
