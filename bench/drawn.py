"""A drawn shape against every layer, with 100,000 parcels in the store.

    python -m bench.drawn [--plots 100000] [--repeat 15] [--profile]

Asks the application for everything that shapes of several sizes share with all layers,
and prints the median time of an answer beside what it holds. The first answer of each
process reads the layers; it is printed apart.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import tempfile
import time
from pathlib import Path
from statistics import median

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
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        publish(folder, given.plots)
        store = f"gpkg:{folder / 'atlas.gpkg'}"
        settings = Settings(data_dir=folder, store=store, access_log=False)
        with TestClient(create_app(settings)) as client:
            measure(client, given)
    print("load average {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))


def measure(client: TestClient, given: argparse.Namespace) -> None:
    body = drawn(50)
    print(f"first answer: {timed(client, body):.0f} ms\n")
    print("| radius m | layers | features | KB | median ms | longest ms |")
    print("|---:|---:|---:|---:|---:|---:|")
    for radius in (50, 150, 500, 1_000, 2_000):
        body = drawn(radius)
        timed(client, body)
        times = [timed(client, body) for _ in range(given.repeat)]
        content = client.post(URL, content=body).content
        layers = orjson.loads(content)["layers"].values()
        features = sum(len(each["features"]) for each in layers)
        cells = [radius, len(layers), features, len(content) // 1000]
        cells += [f"{median(times):.0f}", f"{max(times):.0f}"]
        print("|", " | ".join(map(str, cells)), "|")
    if given.profile:
        profile(client, drawn(1_000))


def drawn(radius: float) -> bytes:
    """A round shape of 65 vertices."""
    middle = shapely.Point(WEST + MIDDLE[0], SOUTH + MIDDLE[1])
    shape = unproject_xy(shapely.buffer([middle], radius, quad_segs=16))[0]
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

    inner, profiler = statistics._rendered, cProfile.Profile()
    statistics._rendered = lambda *a: profiler.runcall(inner, *a)
    for _ in range(10):
        timed(client, body)
    statistics._rendered = inner
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(30)


if __name__ == "__main__":
    main()
