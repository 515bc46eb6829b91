"""Bounded memory of ready-made bytes."""

from __future__ import annotations

from service.kept import Kept


def test_the_least_recently_used_is_forgotten_first() -> None:
    kept = Kept(40)
    for name in "abcd":
        kept.put(name, b"x" * 10)
    kept.get("a")
    kept.put("e", b"x" * 10)
    assert kept.get("a") is not None
    assert kept.get("b") is None


def test_a_large_entry_is_handed_back_but_not_kept() -> None:
    kept = Kept(40)
    assert kept.put("a", b"x" * 11) == b"x" * 11
    assert kept.get("a") is None


def test_the_same_key_is_counted_once() -> None:
    kept = Kept(40)
    for _ in range(10):
        kept.put("a", b"x" * 10)
    kept.put("b", b"y")
    assert kept.get("a") is not None
