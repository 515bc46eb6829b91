"""Text in any encoding, and what is told when it is in several or in none."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import Unprocessable
from service.uploads.encoding import detect
from service.uploads.text import read_text
from tests.service.uploads.bench_folder import written

TEXT = "编号,名称\n01,多宝路\n02,中\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_the_same_text_comes_out_of_every_encoding(
    tmp_path: Path, encoding: str
) -> None:
    path = written(tmp_path, "a.csv", TEXT.encode(encoding))
    assert read_text(path, None)[0] == TEXT


def test_a_short_chinese_value_is_not_taken_for_a_cut_off_one() -> None:
    assert detect(["是".encode("gbk"), "否".encode("gbk")]).name == "gb18030"
    assert detect(["01,中".encode("gbk")]).name == "gb18030"


def test_lines_in_another_encoding_are_read_and_told(tmp_path: Path) -> None:
    raw = "甲,1\n乙丙丁,2\n".encode("gb18030") + "戊,3\n".encode()
    text, encoding, problems = read_text(written(tmp_path, "a.csv", raw), None)
    assert (text, encoding.name) == ("甲,1\n乙丙丁,2\n戊,3\n", "gb18030")
    assert [(p.code, p.values["lines"]) for p in problems] == [("mixed_encodings", "3")]


def test_bytes_that_are_no_text_in_the_named_encoding_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", TEXT.encode("gb18030"))
    _, _, problems = read_text(path, "utf-8")
    assert [(p.code, p.values["lines"]) for p in problems] == [
        ("undecodable_lines", "1, 2, 3")
    ]


def test_zero_bytes_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(Unprocessable, match="zero bytes"):
        read_text(written(tmp_path, "a.csv", b"a,b,c,d\n1,\x002\n" * 9), None)
