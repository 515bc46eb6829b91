"""What of very many findings stands in the answer itself."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import numpy as np

from service.uploads.options import _PARSERS
from service.uploads.problems import Problem, problem_bodies, problem_catalogue
from service.uploads.staging import SHOWN_PROBLEMS, some_of_each


def found(code: str, count: int) -> list[dict[str, Any]]:
    return [{"code": code, "index": i} for i in range(count)]


def test_a_rare_kind_is_shown_beside_a_very_common_one() -> None:
    shown = some_of_each([*found("overlap", 50_000), *found("spike", 3)])
    assert sum(p["code"] == "spike" for p in shown) == 3
    assert len(shown) <= SHOWN_PROBLEMS


def test_those_shown_come_from_the_whole_file() -> None:
    shown = some_of_each(found("overlap", 50_000))
    assert shown[-1]["index"] > 49_000


def test_few_findings_are_all_shown() -> None:
    assert len(some_of_each(found("overlap", 20))) == 20


def test_remedies_are_in_words_and_options_are_for_programs() -> None:
    """A reader of the page is never told what to send to the API."""
    for code, entry in problem_catalogue().items():
        told = entry["remedy_zh"] + entry["remedy_en"]
        assert not re.search(r"\w=|接口|\bAPI\b|\(\w+\)|（[a-z_]+）", told), code
        assert entry.get("option", "crs").partition("=")[0] in _PARSERS, code


def test_a_finding_names_the_option_that_settles_it() -> None:
    values = {"crs": "EPSG:4526", "inside": "100%"}
    (body,) = problem_bodies(
        [Problem("swapped_axes", values=defaultdict(str, values))], np.array([])
    )
    assert body["option"] == "crs=EPSG:4526"
