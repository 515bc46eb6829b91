"""Query parameters: strict, typed, and refused by name."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from starlette.requests import Request

from service import parameters
from service.errors import BadRequest


def asked(query: str, **headers: str) -> Request:
    raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {"type": "http", "query_string": query.encode(), "headers": raw}
    return Request(scope)


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(BadRequest, match="'colour'") as refusal:
        parameters.only(asked("colour=red"), {"bbox"})
    assert refusal.value.extra["parameter"] == "colour"


def test_a_repeated_parameter_is_refused() -> None:
    with pytest.raises(BadRequest, match="more than once"):
        parameters.only(asked("limit=1&limit=2"), {"limit"})


def test_a_format_needs_to_be_offered() -> None:
    with pytest.raises(BadRequest, match="'f'"):
        parameters.only(asked("f=csv"), set())


@pytest.mark.parametrize(
    "text", ["-1", "0", "1.5", "ten", "1e3", "", "99999999999999999999", "٣", "１"]
)
def test_a_limit_that_is_no_number_in_range_is_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="'limit'"):
        parameters.integer(asked(f"limit={text}"), "limit", 10, minimum=1, maximum=100)


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e999", "x", ""])
def test_a_number_must_be_finite(text: str) -> None:
    with pytest.raises(BadRequest, match="'distance'"):
        parameters.number(asked(f"distance={text}"), "distance")


@pytest.mark.parametrize(("text", "value"), [("true", True), ("0", False), ("", None)])
def test_booleans(text: str, value: bool | None) -> None:
    if value is None:
        with pytest.raises(BadRequest):
            parameters.boolean(asked(f"legend={text}"), "legend")
    else:
        assert parameters.boolean(asked(f"legend={text}"), "legend") is value


def test_a_date_is_its_first_or_last_instant() -> None:
    assert parameters.instant("as-of", "2025-06-30") == datetime(
        2025, 6, 30, tzinfo=UTC
    )
    assert parameters.instant("as-of", "2025-06-30", end=True).hour == 23


@pytest.mark.parametrize(
    "text",
    ["2025-13-01", "yesterday", "2025-06-30T08:00:00", "20250630", "2025-W01-1",
     "0001-01-01T00:00:00+14:00", ""],
)  # fmt: skip
def test_a_time_must_be_rfc_3339(text: str) -> None:
    with pytest.raises(BadRequest, match="'datetime'"):
        parameters.instant("datetime", text)


def test_times_are_written_in_utc_with_microseconds() -> None:
    moment = parameters.instant("as-of", "2025-06-30T08:00:00+08:00")
    assert parameters.utc_text(moment) == "2025-06-30T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("lang=en", "zh", "en"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "fr,zh-CN;q=0.5", "zh"),
        ("", "", "zh"),
    ],
)
def test_language(query: str, header: str, language: str) -> None:
    request = asked(query, accept_language=header)
    assert parameters.language(request) == language


def test_words_refuse_an_empty_entry() -> None:
    with pytest.raises(BadRequest, match="'layers'"):
        parameters.words(asked("layers=a,,b"), "layers")


def test_a_time_may_be_written_small() -> None:
    small = parameters.instant("as-of", "2025-06-30t08:00:00z")
    assert small == parameters.instant("as-of", "2025-06-30T08:00:00Z")


@pytest.mark.parametrize("text", ["1_0", "１０", "0x1", "1e999", "nan", " 1", ""])
def test_a_number_is_written_as_everywhere(text: str) -> None:
    with pytest.raises(BadRequest):
        parameters.number(asked(f"lon={quote(text)}"), "lon")
