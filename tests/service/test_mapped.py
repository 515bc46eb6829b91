"""Arrays in a mapped file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from service import mapped
from service.mapped import Texts


def test_arrays_and_facts_come_back_as_they_were(tmp_path: Path) -> None:
    given = {
        "wide": np.arange(12.0).reshape(3, 4),
        "none": np.zeros((4, 0)),
        "small": np.array([1, 2, 3], dtype=np.uint8),
    }
    mapped.write(tmp_path / "deep" / "one", given, {"what": "荔湾"})
    arrays, facts = mapped.read(tmp_path / "deep" / "one")
    assert facts == {"what": "荔湾"}
    for name, array in given.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype
        assert not arrays[name].flags.writeable
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["one"]


@pytest.mark.parametrize("cut", [1, 9, 40, 200])
def test_a_file_that_is_not_whole_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "one"
    mapped.write(path, {"a": np.arange(100)}, {})
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(ValueError, match=r"whole|no arrays"):
        mapped.read(path)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"something else entirely, and long enough")
    with pytest.raises(ValueError, match="no arrays"):
        mapped.read(tmp_path / "one")


def test_texts_come_back_missing_ones_too() -> None:
    texts = Texts.of(["荔湾", None, "", "b"])
    for _ in range(3):  # the first time read, then kept
        assert texts.take(np.array([3, 1, 0, 2])) == ["b", None, "荔湾", ""]
