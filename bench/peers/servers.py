"""Starting, watching and stopping the servers of peers.toml."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

HERE = Path(__file__).parent
#: Members of an entry that are not addresses.
_START = {"title", "port", "command", "env"}


@dataclass(frozen=True)
class Server:
    """One entry of peers.toml, its words filled in."""

    name: str
    title: str
    port: int
    command: list[str]
    env: dict[str, str]
    paths: dict[str, Template] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def path(self, workload: str, words: Mapping[str, object]) -> str:
        return self.paths[workload].substitute(words)


def read_servers(
    words: Mapping[str, str], listed: Path = HERE / "peers.toml"
) -> dict[str, Server]:
    raw = tomllib.loads(listed.read_text(encoding="utf-8"))
    return {name: _server(name, entry, words) for name, entry in raw.items()}


def _server(name: str, entry: dict, words: Mapping[str, str]) -> Server:
    def fill(text: str) -> str:
        return Template(text).substitute(words)

    return Server(
        name,
        entry["title"],
        entry["port"],
        [fill(word) for word in entry["command"]],
        {key: fill(value) for key, value in entry.get("env", {}).items()},
        {key: Template(text) for key, text in entry.items() if key not in _START},
    )


@contextmanager
def running(server: Server, log: Path, *, until: str = "/") -> Iterator[Running]:
    """The server, answering; its whole process group is ended afterwards."""
    begun = time.perf_counter()
    with log.open("ab") as out:
        process = subprocess.Popen(
            server.command,
            env={**os.environ, **server.env},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _await(server.base + until, process)
        yield Running(server, process.pid, time.perf_counter() - begun)
    finally:
        _end(process)


@dataclass(frozen=True)
class Running:
    """A started server: its process group, and how long its first answer took."""

    server: Server
    group: int
    first_answer_s: float

    def memory_mb(self, *, own: bool = False) -> float:
        """Proportional set size of all its processes; ``own`` leaves out pages of
        files, which the system may drop at any time."""
        field = "Pss_Anon" if own else "Pss"
        return sum(_pss(pid, field) for pid in _members(self.group)) / 1024


def _await(url: str, process: subprocess.Popen, patience_s: float = 90) -> None:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended at once; see its log")
        try:
            with urlopen(url, timeout=30):
                return
        except HTTPError as error:
            if error.code < 500:
                return
        except (URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.01)
    raise RuntimeError(f"no answer from {url}")


def _end(process: subprocess.Popen) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=10)
            time.sleep(0.3)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _members(group: int) -> list[int]:
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.getpgid(int(entry)) == group:
                found.append(int(entry))
        except ProcessLookupError:
            continue
    return found


def _pss(pid: int, field: str) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    found = re.search(rf"^{field}:\s+(\d+)", text, re.MULTILINE)
    return int(found[1]) if found else 0
