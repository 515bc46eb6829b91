"""What the shelf keeps, and what it throws away."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from service.shelf import DAY_S, Shelf
from service.stores.base import Version


def _version(number: int) -> Version:
    return Version(
        layer="parcels",
        number=number,
        published_at="2026-11-22T00:00:00Z",
        author="test",
        approver=None,
        changeset=None,
        note="",
        feature_count=1,
        located_count=1,
        extent=None,
        area_m2=1.0,
        length_m=0.0,
        adds=1,
        changes=0,
        removes=0,
    )


def _age(folder: Path, days: float) -> None:
    then = time.time() - days * DAY_S
    for path in folder.iterdir():
        os.utime(path, (then, then))


def test_what_nobody_asked_for_in_so_many_days_goes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most_days=30)
    shelf.put_tile(_version(1), (12, 0, 0), b"old")
    _age(tmp_path, 31)
    shelf.put_tile(_version(2), (12, 0, 0), b"new")
    shelf.sweep()
    assert shelf.tile(_version(1), (12, 0, 0)) is None
    assert shelf.tile(_version(2), (12, 0, 0)) == b"new"


def test_what_is_asked_for_stays_however_old_it_is(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most_days=30)
    shelf.put_tile(_version(1), (12, 0, 0), b"tile")
    _age(tmp_path, 31)
    assert shelf.tile(_version(1), (12, 0, 0)) == b"tile"
    shelf.sweep()
    assert shelf.tile(_version(1), (12, 0, 0)) == b"tile"


def test_a_full_shelf_loses_the_longest_unused_first(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, most_bytes=1000)
    known: set[Path] = set()
    for number in range(1, 13):
        shelf.put_tile(_version(number), (12, 0, 0), bytes(100))
        (new,) = set(tmp_path.iterdir()) - known
        known.add(new)
        os.utime(new, (number, time.time() - 100 + number))
    shelf.sweep()
    kept = [n for n in range(1, 13) if shelf.tile(_version(n), (12, 0, 0))]
    assert kept == [4, 5, 6, 7, 8, 9, 10, 11, 12]


def test_a_process_sweeps_when_it_puts_something_down_but_not_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swept: list[int] = []
    monkeypatch.setattr(Shelf, "sweep", lambda self: swept.append(1))
    shelf = Shelf(tmp_path)
    for number in range(3):
        shelf.put_tile(_version(number), (12, 0, 0), b"tile")
    assert len(swept) == 1
