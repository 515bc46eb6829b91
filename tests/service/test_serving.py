"""The processes that serve: what they load, and how they come and go."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn

from service.app import create_app
from service.cli import serving
from service.serving import DOORMAN, DRAIN_SECONDS, Watch, can_fork
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90
#: Reading layers needs none of these.
HEAVY = (
    "authlib", "fastapi", "fontTools", "geopandas", "matplotlib", "openpyxl", "pandas",
    "psycopg", "pydantic", "pyogrio", "pypinyin", "pyproj", "rich", "typer", "typst",
    "xlsxwriter", "yaml",
)  # fmt: skip
Start = Callable[..., "Served"]

forking = pytest.mark.skipif(
    not can_fork() or not Path("/proc/self/task").is_dir(),
    reason="needs processes that fork, and Linux to look at them",
)


class Served:
    """A service started as its users start it."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "log"
        environment = os.environ | {
            "ATLAS_DATA_DIR": str(folder), "ATLAS_STORE": "", "ATLAS_ADMIN_TOKEN": "x",
            "ATLAS_ACCESS_LOG": "0",
        }  # fmt: skip
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command, "--port", port],
                env=environment, cwd=ROOT, stdout=out, stderr=out,
            )  # fmt: skip
        wait_until(lambda: self.answers() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()

    def answers(self, path: str = "/api/collections/district/items") -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return int(answer.status) == 200
        except OSError:  # not yet
            return False

    def workers(self) -> set[int]:
        pid = self.process.pid
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return set(map(int, listed.split()))

    def settled(self, count: int) -> set[int]:
        """The workers once the whole service is in and so many are left."""
        wait_until(lambda: len(self.workers()) == count and self.is_stable())
        return self.workers()

    def is_stable(self) -> bool:
        before = self.workers()
        time.sleep(0.5)
        return before == self.workers()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the service with these words; ends it afterwards."""
    started: list[Served] = []

    def begin(*words: str) -> Served:
        started.append(Served(tmp_path, list(words)))
        return started[-1]

    yield begin
    for served in started:
        if served.process.poll() is None:
            served.process.kill()
        served.process.wait()


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.05)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


def test_a_process_that_only_reads_loads_no_heavy_package() -> None:
    asked = f"import sys, service.serving; print(*{{*{HEAVY}}} & {{*sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.split() == [], done.stderr


def test_the_whole_service_loads_what_draws_and_writes_only_when_it_is_asked_to() -> (
    None
):
    packages = ("docx", "fontTools", "lxml", "matplotlib", "typst", "xlsxwriter")
    asked = f"import sys, service.rooms; print(*{{*{packages}}} & {{*sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout.split() == [], done.stderr


@forking
def test_every_worker_is_ended_by_sigterm(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "2")
    workers = served.settled(2)
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(PATIENCE_S) == 0
    assert not any(map(lives, workers))


@forking
def test_a_signal_at_any_moment_of_the_start_ends_it(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "2")
    workers = served.workers()  # the rest is still being imported
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(PATIENCE_S) == 0
    assert not any(map(lives, workers))


@forking
def test_a_worker_that_dies_is_replaced(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "2")
    first = served.settled(2)
    lost = min(first)
    os.kill(lost, signal.SIGKILL)
    wait_until(lambda: lost not in served.workers() and len(served.workers()) == 2)
    assert all(served.answers() for _ in range(20))
    assert "another starts" in served.log.read_text()


@forking
def test_workers_do_not_outlive_the_process_that_watches_them(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "2")
    workers = served.settled(2)
    served.process.kill()
    wait_until(lambda: not any(map(lives, workers)))


@forking
def test_a_request_under_way_is_finished(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "2")
    served.settled(2)
    port = int(served.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as slow:
        path = "/api/map?collections=old-villages,district&width=1600&height=1600&f=png"
        slow.sendall(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        time.sleep(0.2)
        served.process.send_signal(signal.SIGTERM)
        assert slow.recv(12) == b"HTTP/1.1 200"
    assert served.process.wait(PATIENCE_S) == 0


@forking
def test_every_request_is_answered_from_the_first_moment(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "2")
    first = served.workers()
    paths = ("/", "/api/styles", "/api/search?q=%E8%8D%94%E6%B9%BE", "/api/collections")
    until = time.monotonic() + PATIENCE_S
    while first & served.workers() and time.monotonic() < until:
        assert [path for path in paths if not served.answers(path)] == []
    assert len(served.settled(2) - first) == 2
    assert all(map(served.answers, paths))


@forking
def test_a_port_is_not_shared_with_another_service(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "2")
    port = served.url.rpartition(":")[2]
    for workers in ("1", "2"):
        again = [sys.executable, "-m", "service.cli", "serve", "--workers", workers]
        done = subprocess.run(
            [*again, "--port", port], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
        assert "http://" not in done.stdout


@forking
def test_connections_are_shared_out(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "2")
    workers = served.settled(2)
    port = int(served.url.rpartition(":")[2])
    before = {pid: len(os.listdir(f"/proc/{pid}/fd")) for pid in workers}
    opened = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    time.sleep(0.5)
    after = {pid: len(os.listdir(f"/proc/{pid}/fd")) for pid in workers}
    for one in opened:
        one.close()
    assert all(after[pid] - before[pid] >= 5 for pid in workers)


def test_one_worker_needs_no_other_process(start: Start) -> None:
    served = start("service.cli", "serve", "--workers", "1")
    if Path("/proc/self/task").is_dir():
        assert served.workers() == set()
    served.process.terminate()
    assert served.process.wait(PATIENCE_S) in (0, -signal.SIGTERM)


def test_any_server_can_run_the_application(start: Start) -> None:
    assert start("uvicorn", "service.main:app").answers("/api/health")


def test_a_setting_that_cannot_be_read_is_told_in_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "serve"],
        cwd=ROOT, capture_output=True, text=True, env=os.environ | {"ATLAS_PORT": "x"},
    )  # fmt: skip
    assert "ATLAS_PORT must be a whole number" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["serve"], {}),
        (["serve", "--port", "81", "--workers=2"], {"port": 81, "workers": 2}),
        (["serve", "--host", "::1"], {"host": "::1"}),
    ],
)
def test_a_plain_serve_is_understood_at_once(
    words: list[str], meant: dict[str, object]
) -> None:
    assert serving(words) == meant


@pytest.mark.parametrize(
    "words",
    [[], ["load"], ["serve", "--help"], ["serve", "--port"], ["serve", "--port", "x"],
     ["serve", "--workers", "0"], ["serve", "port", "81"], ["serve", "--colour=red"]],
)  # fmt: skip
def test_the_full_command_line_looks_at_everything_else(words: list[str]) -> None:
    assert serving(words) is None


@pytest.mark.parametrize(("place", "drain"), [(DOORMAN, None), (0, DRAIN_SECONDS)])
def test_who_answers_during_the_start_may_finish_when_others_take_over(
    place: int, drain: int | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = create_app(Settings(data_dir=tmp_path))
    config = uvicorn.Config(app, timeout_graceful_shutdown=DRAIN_SECONDS)
    watch = Watch(app, config, [])
    monkeypatch.setattr(os, "fork", lambda: 0)
    monkeypatch.setattr(watch, "_listening", [None])
    monkeypatch.setattr(watch, "_work", lambda _: None)
    watch._start(place)
    assert config.timeout_graceful_shutdown == drain
