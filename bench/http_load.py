"""Requests a second of a list of paths asked over and over: by wrk, or without it by
a client of our own (slower than wrk: compare only figures of one client)."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

CYCLE = Path(__file__).with_name("peers") / "cycle.lua"


@dataclass(frozen=True)
class Load:
    """What a load of one server came to."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def load(port: int, paths: list[str], *, connections: int, seconds: float) -> Load:
    """Ask 127.0.0.1 for the paths, over and over."""
    if shutil.which("wrk"):
        return _by_wrk(port, paths, connections, seconds)
    return asyncio.run(_by_own(port, paths, connections, seconds))


def _by_wrk(port: int, paths: list[str], connections: int, seconds: float) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths))
        file.flush()
        words = ["wrk", "-t2", f"-c{connections}", f"-d{seconds:g}s", "-s", str(CYCLE)]
        words += [f"http://127.0.0.1:{port}", "--", file.name]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout + done.stderr)
    requests, us, p50, p99, errors = map(int, found.groups())
    return Load(requests / us * 1e6, p50 / 1000, p99 / 1000, errors)


async def _by_own(
    port: int, paths: list[str], connections: int, seconds: float
) -> Load:
    times: list[float] = []
    errors = 0
    end = time.perf_counter() + seconds

    async def keep_asking(turns: cycle[str]) -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
        while (begun := time.perf_counter()) < end:
            writer.write(f"GET {next(turns)} HTTP/1.1\r\nHost: bench\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            size = re.search(rb"content-length: (\d+)", head.lower())
            await reader.readexactly(int(size[1]) if size else 0)
            errors += not head.startswith(b"HTTP/1.1 200")
            times.append(time.perf_counter() - begun)
        writer.close()

    turns = cycle(paths)
    await asyncio.gather(*(keep_asking(turns) for _ in range(connections)))
    p50, p99 = np.percentile(times, (50, 99)) * 1000
    return Load(len(times) / seconds, float(p50), float(p99), errors)
