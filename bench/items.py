"""Items of a bbox against the same server sending the same bytes from a constant.

    python -m bench.items [--plots 100000] [--rounds 3] [--seconds 4] [--million]

Publishes plots made by arithmetic, checks every answer against shapely, then asks for
100 and 1,000 features a box at 8 connections, in turns with the constant. Prints the
ratio, the memory of the service, and how fast the layer was published.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import numpy as np
import shapely

from bench.http_load import Load, load
from bench.plots import classes, plots
from bench.process import memory, running
from geo.crs import unproject_xy
from geo.frame import Frame
from layers.catalogue import Catalogue
from service.loading import load_initial
from service.stores import open_store
from service.stores.base import Changes, ItemQuery, Publication

BOXES = 64
REQUIRED = 0.4
Boxes = list[tuple[float, float, float, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--million", action="store_true", help="1,000,000 plots")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), 1_000_000 if given.million else given.plots, given)


def run(folder: Path, count: int, given: argparse.Namespace) -> None:
    shapes = publish(folder, count)
    ask_store(folder, shapes)
    for about in (100, 1000):
        boxes = boxes_of(shapes, about)
        paths = [item_path(box, limit=2 * about) for box in boxes]
        answers = folder / f"answers-{about}"
        answers.mkdir()
        with service(folder, answers) as (_, port):
            record(port, paths, answers)
            wrong = sum(not right(answers, n, shapes, b) for n, b in enumerate(boxes))
        with service(folder, answers) as (process, port):
            compare(port, paths, about=about, wrong=wrong, given=given)
            print(f"  memory of the service: {memory(process)}")


def publish(folder: Path, count: int) -> np.ndarray:
    """The plots as the parcels of a new store; prints features a second."""
    side = int(np.ceil(count**0.5))
    shapes = unproject_xy(plots(side, side)[:count])
    numbers = range(len(shapes))
    names = np.array([f"荔湾第{n}号地块" for n in numbers], dtype=object)
    ids = np.array([f"p{n:07d}" for n in numbers], dtype=object)
    columns = {"name_zh": names, "landuse_code": classes(len(shapes)).astype(object)}
    store = open_store(f"gpkg:{folder / 'atlas.gpkg'}")
    load_initial(store, Catalogue.load())
    changes = Changes(Frame(ids, shapes, columns), np.empty(0, dtype=object))
    begun, worked = time.perf_counter(), time.process_time()
    store.publish(changes, Publication("parcels", 1, "bench"))
    seconds = time.perf_counter() - begun
    worked = time.process_time() - worked
    store.close()
    rate = len(shapes) / seconds
    print(f"published {len(shapes):,} plots in {seconds:.1f} s: {rate:,.0f} a second")
    print(f"  processor time {worked:.1f} s; machine load {os.getloadavg()[0]:.1f}")
    return shapes


def ask_store(folder: Path, shapes: np.ndarray) -> None:
    """A thousand boxes asked of the store itself."""
    store = open_store(f"gpkg:{folder / 'atlas.gpkg'}")
    store.prepare(list(Catalogue.load()))
    begun = time.perf_counter()
    store.items("parcels", 2, ItemQuery(limit=1))
    opened = (time.perf_counter() - begun) * 1000
    times = []
    for box in boxes_of(shapes, 100, count=1000):
        begun = time.perf_counter()
        store.items("parcels", 2, ItemQuery(bbox=box, limit=1000))
        times.append((time.perf_counter() - begun) * 1000)
    store.close()
    p50, p99 = np.percentile(times, (50, 99))
    print(f"store: first {opened:.0f} ms, then p50 {p50:.2f} ms, p99 {p99:.2f} ms")


def boxes_of(shapes: np.ndarray, about: int, *, count: int = BOXES) -> Boxes:
    """Boxes anywhere in the layer that hold about so many features."""
    west, south, east, north = shapely.total_bounds(shapes)
    share = (max(about**0.5 - 1, 0.5)) / len(shapes) ** 0.5
    wide, high = (east - west) * share, (north - south) * share
    places = np.random.default_rng(about).random((count, 2))
    corners = places * (east - west - wide, north - south - high) + (west, south)
    boxes = np.hstack([corners, np.add(corners, (wide, high))]).round(6)
    return [tuple(box) for box in boxes.tolist()]


def item_path(box: tuple[float, float, float, float], *, limit: int) -> str:
    corners = ",".join(map(str, box))
    return f"/api/collections/parcels/items?bbox={corners}&limit={limit}"


def record(port: int, paths: list[str], answers: Path) -> None:
    for number, path in enumerate(paths):
        with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            (answers / str(number)).write_bytes(answer.read())


def right(answers: Path, number: int, shapes: np.ndarray, box: tuple) -> bool:
    """Whether an answer has exactly the features that shapely finds."""
    answer = json.loads((answers / str(number)).read_bytes())
    met = np.flatnonzero(shapely.intersects(shapes, shapely.box(*box)))
    found = {feature["id"] for feature in answer["features"]}
    return found == {f"p{row:07d}" for row in met} and answer["numberMatched"] == len(
        met
    )


def compare(
    port: int, paths: list[str], *, about: int, wrong: int, given: argparse.Namespace
) -> None:
    constants = [f"/constant?{number}" for number in range(len(paths))]
    ways = {"items": paths, "constant": constants}
    rounds: dict[str, list[Load]] = {name: [] for name in ways}
    how = {"connections": given.connections, "seconds": given.seconds}
    for asked in ways.values():
        load(port, asked, connections=2, seconds=1)  # to warm up
    for _ in range(given.rounds):
        for name, asked in ways.items():
            rounds[name].append(load(port, asked, **how))
    print(f"\nabout {about} features a box, {given.connections} connections")
    for name, loads in rounds.items():
        a_second = median(one.per_second for one in loads)
        p99, errors = median(one.p99_ms for one in loads), sum(x.errors for x in loads)
        print(f"  {name:10}{a_second:8.0f}/s  p99 {p99:6.1f} ms  errors {errors}")
    pairs = zip(rounds["items"], rounds["constant"], strict=True)
    ratio = median(a.per_second / b.per_second for a, b in pairs)
    print(f"  ratio {ratio:.2f} (required {REQUIRED})  wrong {wrong}/{len(paths)}")


@contextmanager
def service(folder: Path, answers: Path) -> Iterator[tuple[int, int]]:
    """One process of the service with the constant; its process id and port."""
    words = ["bench.constant"]
    with running(words, folder, ATLAS_BENCH_ANSWERS=str(answers)) as found:
        yield found


if __name__ == "__main__":
    main()
