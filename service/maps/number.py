"""Which sheet of a series is asked for, by its number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.errors import BadRequest
from service.parameters import bad


def sheet_number(given: Mapping[str, str]) -> int | None:
    """None for all of them."""
    text = given.get("sheet")
    if text is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,2}", text):
        raise bad(
            "sheet",
            f"must be the number of a sheet, 1 or more, not {text[:40]!r}",
            f"须为图幅号（1 起），而不是“{text[:40]}”",
        )
    if given.get("series", "").lower() not in ("true", "1"):
        raise bad("sheet", "needs series", "须与 series 同用")
    return int(text)


def no_such_sheet(number: int, total: int) -> BadRequest:
    """The series has fewer sheets."""
    return bad(
        "sheet",
        f"is {number}, and this series has {total} sheets",
        f"为 {number}，而该分幅只有 {total} 幅",
    )
