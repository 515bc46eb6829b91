"""Asking: first whether the answers are right, then how many a second."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import tempfile
import time
from statistics import median
from urllib.request import urlopen

import mapbox_vector_tile

from bench.http_load import Load
from bench.peers.servers import HERE, Server

#: Workload -> the path it uses, and further words for it.
WORKLOADS = {
    "items100": ("items", {"limit": 1000}),
    "items1000": ("items", {"limit": 5000}),
    "filter": ("filter", {}),
    "one": ("one", {}),
    "tile16": ("tile", {}),
    "tile14": ("tile", {}),
}


def offers(server: Server, workload: str) -> bool:
    return WORKLOADS[workload][0] in server.paths


def paths(server: Server, workload: str, requests: list[dict]) -> list[str]:
    key, words = WORKLOADS[workload]
    return [server.path(key, {**words, **request}) for request in requests]


def check(server: Server, workload: str, requests: list[dict]) -> tuple[int, float]:
    """How many answers are wrong, and the median time of one asked alone (ms). For
    tiles this is the cold time: each address is asked once."""
    wrong, times = 0, []
    for path, request in zip(paths(server, workload, requests), requests, strict=True):
        begun = time.perf_counter()
        with urlopen(server.base + path, timeout=60) as answer:
            body, kind = answer.read(), answer.headers.get_content_type()
        times.append((time.perf_counter() - begun) * 1000)
        wrong += not _is_right(body, kind, request)
    return wrong, median(times)


def _is_right(body: bytes, kind: str, request: dict) -> bool:
    if "z" in request:
        return _count_in_tile(body) >= request["expect"]
    answer = json.loads(body)
    features = answer.get("features", [answer])
    if "id" in request:
        return str(features[0]["id"]).split(".")[-1] == request["id"]
    codes = {feature["properties"]["landuse_code"] for feature in features}
    if "code" in request and codes != {request["code"]}:
        return False
    return len(features) == request["expect"]


def _count_in_tile(body: bytes) -> int:
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    layers = mapbox_vector_tile.decode(body)
    return sum(len(layer["features"]) for layer in layers.values())


def load(
    server: Server,
    asked: list[str],
    connections: int,
    seconds: int,
    *,
    threads: int = 2,
) -> Load:
    """Ask for the addresses over and over, by wrk; each of its threads asks for all."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(asked))
        file.flush()
        command = ["wrk", "-t", min(threads, connections), "-c", connections]
        command += ["-d", f"{seconds}s", "--timeout", "30s"]
        command += ["-s", HERE / "cycle.lua", server.base, "--", file.name]
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, check=True
        )
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    requests, us, p50, p99, errors = map(int, found.groups())
    return Load(requests / us * 1e6, p50 / 1000, p99 / 1000, errors)


def settle(server: Server, path: str, alone_ms: float, patience_s: float = 20) -> None:
    """Wait until an idle server answers as quickly as before: requests that the load
    gave up on may still be at work."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        begun = time.perf_counter()
        with urlopen(server.base + path, timeout=60) as answer:
            answer.read()
        if (time.perf_counter() - begun) * 1000 < 3 * alone_ms + 20:
            return
        time.sleep(0.1)
