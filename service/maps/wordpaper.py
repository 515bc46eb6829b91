"""What paper a Word file can have."""

from __future__ import annotations

from service.errors import BadRequest
from service.maps.page import Page


def check_paper(page: Page) -> None:
    """Word has no page longer than 55.87 cm."""
    if page.paper not in ("A4", "A3"):
        raise BadRequest(
            "A Word file has pages of A4 or A3 at most; ask for f=pdf for larger ones.",
            "Word 文件的页面最大为 A3；更大的纸张请用 f=pdf。",
            parameter="paper",
        )
