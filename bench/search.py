"""How long the oddest queries take, over the atlas and a large parcel layer.

    python -m bench.search [--parcels 100000] [--rounds 5] [--limit-ms 20]

Processor time of each query in one process, so that what else the machine does is no
matter. Ends with status 1 when a query is over the limit.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Iterator
from typing import Any, cast

import numpy as np

from geo.frame import Frame
from layers.catalogue import Catalogue
from layers.initial import initial_frame
from service.search import Search
from service.snapshots import Snapshot, Snapshots

#: One letter, one common character, everything at once, garbage, initials, slips.
QUERIES = (
    "a", "0", "e", "村", "地", "荔", "号", "一", "地块", "荔湾", "荔湾第", "号地块",
    "AF", "AF0", "AF00", "000", "00000", "99999", "AF0099999", "荔湾第99999号地块",
    "af 0 0 9", "a b c d e f g h", "地 块 荔 湾", "0 1 2 3 4 5 6 7 8 9",
    "0203", "40203", "AF-0402-03", "AFO040203", "AF9999999", "purchase of the land",
    "荔湾 地块 99 号", "lw", "lwd", "lwdhdk", "liwandi", "liwandi99999haodikuai",
    "dts", "datansha", "xilang", "x", "wyqc", "南漖", "南滘", "南漵村", "聚龙湾组团",
    "不存在", "嚆矢", "Kuipng vilage", "metro line", "zzzzzzzz", "q" * 100, "0" * 100,
    "荔" * 100, "荔湾第" * 33, "荔湾区" * 33, "村 " * 50, "a " * 50, "地块0 " * 25,
    "".join(chr(0x4E00 + 37 * n) for n in range(100)), "AF0" * 33, "%_*?[]()", "····",
    "😀", "荔湾第1号地块" * 11,
)  # fmt: skip


class Made:
    """The committed layers, and parcels made by arithmetic."""

    def __init__(self, parcels: int) -> None:
        self.catalogue = Catalogue.load()
        numbers = range(parcels)
        names = np.array([f"荔湾第{n}号地块" for n in numbers], dtype=object)
        codes = np.array([f"AF{n:07d}" for n in numbers], dtype=object)
        ids = np.array([f"parcels-{n}" for n in numbers], dtype=object)
        columns = {"name_zh": names, "parcel_code": codes}
        self.parcels = Frame(ids, np.full(parcels, None, dtype=object), columns)

    def get(self, layer: str, version: int) -> Snapshot:
        frame = (
            self.parcels
            if layer == "parcels"
            else initial_frame(self.catalogue.get(layer))
        )
        return Snapshot(layer, version, frame)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parcels", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit-ms", type=float, default=20)
    given = parser.parse_args()
    made = Made(given.parcels)
    search = Search(cast(Snapshots, made))
    wanted = [(layer, 1) for layer in made.catalogue]
    start = time.perf_counter()
    search.find("荔湾", wanted, 20)
    gc.freeze()  # as the service does
    print(f"indexed in {time.perf_counter() - start:.1f} s")
    times = {q: list(_times(search, q, wanted, given.rounds)) for q in QUERIES}
    return report(times, given.limit_ms)


def _times(search: Search, query: str, wanted: Any, rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        start = time.thread_time()
        search.find(query, wanted, 20)
        yield (time.thread_time() - start) * 1e3


def report(times: dict[str, list[float]], limit_ms: float) -> int:
    """Percentiles of all, the ten slowest queries by name; 1 when one is too slow."""
    every = np.array([t for found in times.values() for t in found])
    p50, p95, p99 = np.percentile(every, [50, 95, 99])
    print(f"{len(times)} queries, processor ms: p50 {p50:.2f}, p95 {p95:.2f}, "
          f"p99 {p99:.2f}, worst {every.max():.2f}")  # fmt: skip
    slowest = sorted(times, key=lambda q: -float(np.median(times[q])))[:10]
    for query in slowest:
        print(f"  {np.median(times[query]):7.2f}  {query[:40]!r}")
    return int(every.max() > limit_ms)


if __name__ == "__main__":
    sys.exit(main())
