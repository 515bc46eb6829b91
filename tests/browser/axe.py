"""What axe has to say of a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

STATIC = Path(__file__).resolve().parents[2] / "static"
AXE = STATIC / "vendor" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
        "best-practice",
    ],
    "resultTypes": ["violations"],
}


def findings(page: Page) -> list[str]:
    """Rule and element."""
    if not AXE.is_file():
        pytest.skip("axe-core is not set up (make setup brings it)")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("options => axe.run(document, options)", RULES)
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
