"""A process that stands ready, and a child of it for each file."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.uploads import nursery

pytestmark = pytest.mark.skipif(not nursery.CAN_FORK, reason="forks on Linux only")
SCRIPT = """
import os, sys, time
from service.uploads import nursery
def do(words):
    what, path = words
    with open(path, "a") as file:
        file.write(f"{os.getpid()} {os.getppid()} {sorted(os.environ)}\\n")
    if what == "sleep":
        time.sleep(600)
    if what == "raise":
        raise RuntimeError(what)
    print("to nobody")
    sys.exit(int(what))
do(sys.argv[1:]) if sys.argv[1:] else nursery.serve(do)
"""


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Ready processes of these tests' own, which do as the script says."""
    module = tmp_path / "script_of_a_nursery.py"
    module.write_text(SCRIPT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("ATLAS_SECRET", "x")
    monkeypatch.setattr(nursery, "_MODULE", module.stem)
    monkeypatch.setattr(nursery, "_waiting", nursery._Waiting())
    yield
    nursery._waiting.close()


@pytest.fixture
def told(tmp_path: Path) -> Callable[[], list[list[str]]]:
    """Own id, parent's id and environment of each child so far."""

    def read() -> list[list[str]]:
        lines = (tmp_path / "told").read_text().splitlines()
        return [line.split(maxsplit=2) for line in lines]

    return read


def run(what: str, folder: Path, seconds: float = 60) -> int | None:
    return nursery.run([what, str(folder / "told")], seconds, lambda: None)


def test_children_of_one_process_tell_how_they_ended(
    tmp_path: Path, told: Callable[[], list[list[str]]]
) -> None:
    assert [run(what, tmp_path) for what in ("0", "75", "raise")] == [0, 75, 1]
    assert len({child for child, *_ in told()}) == 3
    assert len({parent for _, parent, _ in told()}) == 1


def test_no_secret_is_handed_on(
    tmp_path: Path, told: Callable[[], list[list[str]]]
) -> None:
    run("0", tmp_path)
    assert "ATLAS" not in told()[0][2] and "OPENBLAS_NUM_THREADS" in told()[0][2]


def test_a_child_that_takes_too_long_is_ended(
    tmp_path: Path, told: Callable[[], list[list[str]]]
) -> None:
    ended = []

    def end() -> None:
        while not (tmp_path / "told").exists() or not told():
            time.sleep(0.02)
        child = int(told()[0][0])
        os.kill(child, signal.SIGKILL)
        ended.append(child)

    words = ["sleep", str(tmp_path / "told")]
    assert nursery.run(words, 0.2, end) is None
    assert ended
    assert run("0", tmp_path) == 0


def test_one_that_has_ended_is_replaced(
    tmp_path: Path, told: Callable[[], list[list[str]]]
) -> None:
    run("0", tmp_path)
    parent = int(told()[0][1])
    os.kill(parent, signal.SIGKILL)
    assert run("0", tmp_path) == 0
    assert told()[1][1] != str(parent)


def test_it_ends_for_want_of_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    with open(reading) as source, open(writing, "w"):
        monkeypatch.setattr(sys, "stdin", source)
        monkeypatch.setattr(nursery, "IDLE_S", 0)
        nursery.serve(lambda words: None)
    assert capsys.readouterr().out == ""
