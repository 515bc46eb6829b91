"""Map images: 1200 x 800 pixels of 5,000 classified plots, ours beside other servers.

    python -m bench.maps prepare --work DIR     data and configurations
    python -m bench.maps run --work DIR         the tables, as Markdown

One run, every server with as many worker processes, the same plots with the same class
colours and outlines; MapServer with its legend in the picture, QGIS Server once without
a legend (the quicker way, which counts) and once as a printed sheet with one. "Afresh"
asks for another piece of ground every time, so nobody has the picture at hand. The
plots are 100,200, about 5,000 of them in every picture. Needs cgi-mapserver,
qgis-server, nginx, spawn-fcgi, multiwatch and wrk.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import numpy as np

from bench.mapservers.preparing import prepare
from bench.peers.load import Load, load
from bench.peers.servers import Running, Server, read_servers, running
from bench.plots import HEIGHT, SOUTH, WEST, WIDTH
from service.maps.layout import sheet_layout
from service.maps.page import paper_page, screen_page

#: What servers like to prepare after their start, they have prepared by then.
PAUSE_S = 20
HERE = Path(__file__).with_name("mapservers")
#: The ground in a picture, m²: 5,000 of 100,200 plots.
GROUND = WIDTH * HEIGHT * 5000 / 100_200
_boxes = np.random.default_rng()  # another place every time, also in the next run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=("prepare", "run"))
    parser.add_argument("--work", type=Path, default=Path("/tmp/atlas-maps"))
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--servers", default="ours,mapserver,qgis")
    options = parser.parse_args()
    # Ended from outside, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if options.step == "prepare":
        prepare(options.work, options.workers)
    else:
        run(options)


def words(options: argparse.Namespace) -> dict[str, str]:
    workers = str(options.workers)
    return {"work": str(options.work), "workers": workers, "python": sys.executable}


def run(options: argparse.Namespace) -> None:
    known = read_servers(words(options), HERE / "servers.toml")
    log = options.work / "logs"
    log.mkdir(exist_ok=True)
    with ExitStack() as stack:
        stack.enter_context(running(known["nginx"], log / "nginx"))
        started = {
            name: stack.enter_context(
                running(known[name], log / name, until=asked(known[name], "map", 1)[0])
            )
            for name in options.servers.split(",")
        }
        for one in started.values():
            load(one.server, asked(one.server, "map", 400), 8, 4)  # all have woken up
        time.sleep(PAUSE_S)
        pictures(started, options)
        if "ours" in started:
            again(started["ours"].server, options)
            sheets(started["ours"].server, options)
            memory(started["ours"])


def asked(server: Server, kind: str, count: int) -> list[str]:
    """Addresses of maps of that many different places."""
    across = (GROUND * shape(server, kind)) ** 0.5
    down = GROUND / across
    x = WEST + _boxes.uniform(0.02, 0.98, count) * (WIDTH - across)
    y = SOUTH + _boxes.uniform(0.02, 0.98, count) * (HEIGHT - down)
    made = []
    for west, south in zip(x, y, strict=True):
        ends = west, south, west + across, south + down
        box = [f"{v:.2f}" for v in ends]
        words = {
            "bbox": ",".join(box),
            "spaced": "+".join(box),
            "flipped": ",".join([box[1], box[0], box[3], box[2]]),
        }
        made.append(server.path(kind, words))
    return made


def shape(server: Server, kind: str) -> float:
    """Width to height of the ground shown: our sheet leaves a part to its legend, and
    the same 5,000 plots stand in the rest."""
    if server.name != "ours" or kind == "bare":
        return 1.5
    paper = kind != "map"
    page = (
        paper_page("A4", None, raster=False) if paper else screen_page(1200, 800, None)
    )
    frame = sheet_layout(page, legend=True).frame
    return frame.width / frame.height


def pictures(started: dict[str, Running], options: argparse.Namespace) -> None:
    """Afresh, at 1 and 8 connections, in turns."""
    found: dict[tuple[str, str, int], list[Load]] = {}
    for _ in range(options.rounds):
        for name, one in started.items():
            for kind in ("map", "print", "bare"):
                if kind not in one.server.paths or (name, kind) == ("ours", "print"):
                    continue
                for connections in (1, 8):
                    made = _load(one.server, kind, connections, options.seconds)
                    found.setdefault((name, kind, connections), []).append(made)
    base = {
        n: max(
            _rate(loads)
            for (name, kind, at), loads in found.items()
            if at == n and name != "ours"
        )
        for n in (1, 8)
        if len(started) > 1
    }
    print(f"\nLoad average {os.getloadavg()[0]:.1f}, {options.workers} workers each.\n")
    print("| drawn afresh | KB | 1: ms | maps/s | times | 8: p50 ms | maps/s | times |"
          " errors |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|")  # fmt: skip
    for name, kind in dict.fromkeys(key[:2] for key in found):
        server = started[name].server
        cells = [TITLES.get((name, kind), server.title), f"{_size(server, kind):.0f}"]
        for n in (1, 8):
            loads = found[name, kind, n]
            cells += [f"{median(made.p50_ms for made in loads):.0f}"]
            cells += [f"{_rate(loads):.1f}"]
            cells += [f"{_rate(loads) / base[n]:.2f}" if base else "–"]
        errors = sum(m.errors for n in (1, 8) for m in found[name, kind, n])
        print("|", " | ".join([*cells, str(errors)]), "|", flush=True)


TITLES = {
    ("ours", "map"): "liwan-atlas, the whole sheet",
    ("ours", "bare"): "liwan-atlas, bare map to the edges",
    ("qgis", "print"): "QGIS Server, printed sheet with legend",
}


def _load(server: Server, kind: str, connections: int, seconds: int) -> Load:
    # One thread of wrk, or both would ask for the same places.
    paths = asked(server, kind, seconds * 150)
    return load(server, paths, connections, seconds, threads=1)


def _rate(loads: list[Load]) -> float:
    return median(made.per_second for made in loads)


def _size(server: Server, kind: str) -> float:
    with urlopen(server.base + asked(server, kind, 1)[0], timeout=60) as answer:
        body = answer.read()
    assert body.startswith((b"\x89PNG", b"%PDF")), body[:200]
    return len(body) / 1000


def again(server: Server, options: argparse.Namespace) -> None:
    """The same map of the same version, beside a fresh one."""
    print("\n| asked again | 1: ms | maps/s | times | 8: p50 ms | maps/s | times |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    same, cells = asked(server, "map", 1), []
    load(server, same, 8, 1)  # every worker has drawn it once
    for n in (1, 8):
        fresh = _load(server, "map", n, options.seconds)
        kept = load(server, same, n, options.seconds, threads=1)
        times = kept.per_second / fresh.per_second
        cells += [f"{kept.p50_ms:.2f}", f"{kept.per_second:.0f}", f"{times:.0f}"]
    print("| liwan-atlas |", " | ".join(cells), "|", flush=True)


def sheets(server: Server, options: argparse.Namespace) -> None:
    """An A4 sheet as PDF, one at a time."""
    made = _load(server, "a4", 1, options.seconds)
    size = _size(server, "a4")
    print(f"\nA4 sheet as PDF, afresh: {made.p50_ms:.0f} ms (p50), "
          f"{made.p99_ms:.0f} ms (p99), {size:.0f} KB.")  # fmt: skip


def memory(one: Running) -> None:
    """The most that all processes together hold while 32 ask at once."""
    print(
        "\n| 32 exports at once | MB before | most MB | MB after | maps/s | refused |"
    )
    print("|---|---:|---:|---:|---:|---:|")
    for title, kind in (
        ("1200 x 800 PNG", "map"),
        ("A4 PNG at 300 dpi", "print"),
        ("A4 PDF", "a4"),
    ):
        before = one.memory_mb(own=True)
        with watched(one) as seen:
            made = load(one.server, asked(one.server, kind, 2000), 32, 10, threads=1)
        after = one.memory_mb(own=True)
        cells = [f"{v:.0f}" for v in (before, max(seen), after)]
        cells += [f"{made.per_second:.1f}", str(made.errors)]
        print("|", " | ".join([title, *cells]), "|", flush=True)


@contextmanager
def watched(one: Running) -> Iterator[list[float]]:
    """What the processes hold, ten times a second."""
    seen, done = [0.0], threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.append(one.memory_mb(own=True))
            time.sleep(0.1)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


if __name__ == "__main__":
    main()
