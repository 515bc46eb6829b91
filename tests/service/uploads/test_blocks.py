"""Blocks within blocks, counted before they are drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import TooLarge
from service.uploads.blocks import check_blocks
from service.uploads.limits import Limits
from tests.service.uploads.bench_folder import written

LINE = "0\nLINE\n8\n0\n10\n0\n20\n0\n11\n1\n21\n1\n"


def block(name: str, body: str) -> str:
    return f"0\nBLOCK\n8\n0\n2\n{name}\n{body}0\nENDBLK\n8\n0\n"


def insert(name: str, columns: int = 1, rows: int = 1) -> str:
    return f"0\nINSERT\n8\n0\n2\n{name}\n70\n{columns}\n71\n{rows}\n"


def check(folder: Path, *parts: str) -> None:
    path = written(folder, "a.dxf", "".join(parts) + "0\nEOF\n")
    check_blocks(path, Limits(features=10_000))


def test_blocks_that_unfold_without_end_are_refused(tmp_path: Path) -> None:
    nested = [block(f"B{n}", insert(f"B{n - 1}") * 10) for n in range(1, 10)]
    with pytest.raises(TooLarge, match="1,000,0"):
        check(tmp_path, block("B0", LINE), *nested, insert("B9"))


def test_insertions_in_rows_and_columns_count(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        check(tmp_path, block("A", LINE), insert("A", 300, 300))


def test_a_block_within_itself_ends(tmp_path: Path) -> None:
    check(
        tmp_path, block("A", insert("B") + LINE), block("B", insert("A")), insert("A")
    )


def test_ordinary_insertions_pass(tmp_path: Path) -> None:
    check(tmp_path, block("A", LINE * 3), insert("A") * 100, insert("missing"))
