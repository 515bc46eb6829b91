"""What lies beside a feature: said with its distance or the boundary shared."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser
SQUARE = [[113.2, 23.1], [113.201, 23.1], [113.201, 23.101], [113.2, 23.101]]
BESIDE = [[113.201, 23.1005], [113.202, 23.1005], [113.202, 23.102], [113.201, 23.102]]


@pytest.mark.parametrize(
    ("lang", "name", "shares"),
    [("zh", "大坦沙健康医疗组团", "共界 538 米"), ("en", "Datansha", "shares 538 m")],
)
def test_a_group_names_its_neighbours_and_leads_to_them(
    page: Page, visit: Visit, lang: str, name: str, shares: str
) -> None:
    visit(f"/f/functional-groups/grp-core?lang={lang}")
    block = page.locator("[data-block=neighbours]")
    block.scroll_into_view_if_needed()
    first = block.locator("[data-neighbour]").first
    expect(first).to_contain_text(name)
    expect(first).to_contain_text(shares)
    assert findings(page) == []
    first.get_by_role("button").click()
    expect(page).to_have_url(re.compile("/f/functional-groups/(?!grp-core)"))


def test_neighbours_are_asked_only_when_their_place_comes_into_sight(
    page: Page, visit: Visit
) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.set_viewport_size({"width": 1440, "height": 480})
    visit("/f/functional-groups/grp-core")
    expect(page.locator("#inspector .area-table")).to_be_visible()
    page.wait_for_timeout(500)
    assert not [url for url in asked if "statistics/proximity" in url]
    with page.expect_request(re.compile("statistics/proximity")):
        page.locator("[data-block=neighbours]").scroll_into_view_if_needed()


def test_a_boundary_is_shared_where_edges_run_along_each_other(
    page: Page, visit: Visit
) -> None:
    visit("/")
    shapes = [
        {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        for ring in (SQUARE, BESIDE)
    ]
    metres = page.evaluate(
        "async ([a, b]) => (await import('/static/js/lib/shared-edge.js'))"
        ".sharedEdge(a, b)",
        shapes,
    )
    assert metres == pytest.approx(0.0005 * 111_320, rel=1e-6)
