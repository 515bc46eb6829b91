"""The service in a process of its own, to be asked over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen


@contextmanager
def service(folder: Path, workers: int = 1) -> Iterator[tuple[int, int]]:
    """The service as it is started by hand; its process id and port."""
    words = ["service.cli", "serve"]
    with running(words, folder, ATLAS_WORKERS=str(workers)) as found:
        yield found


@contextmanager
def running(
    words: list[str], folder: Path, **settings: str
) -> Iterator[tuple[int, int]]:
    """``python -m words`` over the data in ``folder``; its process id and port, which
    it is told as ``ATLAS_PORT``."""
    port = free_port()
    settings |= {"ATLAS_DATA_DIR": str(folder), "ATLAS_PORT": str(port)}
    quiet = {"ATLAS_ACCESS_LOG": "0", "ATLAS_ADMIN_TOKEN": "bench-token-of-no-one"}
    process = subprocess.Popen(
        [sys.executable, "-m", *words], env={**os.environ, **settings, **quiet}
    )
    try:
        await_port(port)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def await_port(port: int) -> None:
    for _ in range(300):
        try:
            urlopen(f"http://127.0.0.1:{port}/api/health").read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the service did not start")


def family(process: int) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [process, *map(int, children.split())]


def memory(process: int) -> str:
    """Resident and proportional set size of the whole family, and how much of it is
    its own. Linux only."""
    rss = pss = own = 0.0
    for one in family(process):
        rollup = Path(f"/proc/{one}/smaps_rollup")
        if not rollup.exists():
            return "memory unknown here"
        lines = rollup.read_text().splitlines()[1:]
        sizes = {words[0]: int(words[1]) / 1024 for words in map(str.split, lines)}
        rss, pss = rss + sizes["Rss:"], pss + sizes["Pss:"]
        own += sizes["Private_Dirty:"]
    return f"RSS {rss:.0f} MB, PSS {pss:.0f} MB, own {own:.0f} MB"
