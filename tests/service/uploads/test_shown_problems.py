"""What of very many findings stands in the answer itself."""

from __future__ import annotations

from typing import Any

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
