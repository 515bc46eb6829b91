"""A planner looks at another day of the plans, or at an earlier publication."""

from __future__ import annotations

import json
import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from .axe import findings
from .conftest import ADMIN_TOKEN, Visit, ask

pytestmark = pytest.mark.browser
STATIONS = """async () => {
  const { loadFeatures, passes } = await import("/static/js/features.js");
  return (await loadFeatures("metro-stations"))
    .filter((f) => passes("metro-stations", f.properties)).length;
}"""


def _stations(page: Page) -> int:
    count: int = page.evaluate(STATIONS)
    return count


def test_a_plan_date_in_the_address_shows_what_was_valid_then(
    page: Page, visit: Visit
) -> None:
    visit()
    now = _stations(page)
    visit("/?date=2010-06-01")
    page.wait_for_timeout(500)
    assert 0 < _stations(page) < now


@pytest.mark.parametrize(
    ("lang", "says"), [("zh", "规划时点 2010.06.01"), ("en", "Plan date 2010.06.01")]
)
def test_the_bar_says_that_the_map_shows_the_past(
    page: Page, visit: Visit, lang: str, says: str
) -> None:
    visit(f"/?date=2010-06-01&lang={lang}")
    expect(page.locator("#topbar .past-line")).to_be_attached()
    expect(page.locator("#topbar .chip")).to_contain_text(says)


def test_the_keyboard_opens_the_time_bar_and_steps_through_the_plans(
    page: Page, visit: Visit
) -> None:
    visit()
    page.locator("#map").focus()
    page.keyboard.press("h")
    before = page.get_by_role("button", name="前一个时点")
    expect(before).to_be_enabled()
    before.click()
    expect(page).to_have_url(re.compile(r"date=\d{4}-\d\d-\d\d"))
    page.locator("#timebar input[type=range]").focus()
    was = page.url
    page.keyboard.press("ArrowLeft")
    expect(page).not_to_have_url(was)


def test_back_to_now_is_one_press(page: Page, visit: Visit) -> None:
    visit("/?date=2010-06-01&time=plan")
    page.get_by_role("button", name="回到现在").click()
    expect(page.locator("#topbar .past-line")).not_to_be_attached()
    expect(page).not_to_have_url(re.compile("date="))


def test_statistics_are_of_the_day_shown(page: Page, visit: Visit) -> None:
    with page.expect_request(re.compile("statistics/area")) as asked:
        visit("/?date=2010-06-01&drawer=area&sl=metro-stations")
    assert "2010-06-01" in asked.value.url


def test_a_layer_without_dates_says_so(page: Page, visit: Visit) -> None:
    visit("/?l=old-villages&time=plan")
    expect(page.locator("#timebar")).to_contain_text("没有写明有效期")


@pytest.fixture
def republished(live_url: str, people: dict[str, str]) -> str:
    """The old villages published a second time; the moment between the two."""

    def get(path: str) -> dict[str, object]:
        with urllib.request.urlopen(live_url + path, timeout=30) as answer:
            found: dict[str, object] = json.load(answer)
        return found

    layer = "/api/collections/old-villages"
    versions = get(f"{layer}/versions")["versions"]
    assert isinstance(versions, list)
    if len(versions) == 1:
        feature = get(f"{layer}/items/vil-01-xijiao")
        properties = feature["properties"]
        assert isinstance(properties, dict)
        properties["name_zh"] = "西郊村（改）"
        request = urllib.request.Request(
            f"{live_url}{layer}/items/vil-01-xijiao",
            json.dumps(
                {key: feature[key] for key in ("type", "geometry", "properties")}
                | {"id": "vil-01-xijiao"}
            ).encode(),
            {
                "authorization": f"Bearer {people['editor']}",
                "content-type": "application/geo+json",
                "if-match": "*",
            },
            method="PUT",
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            changeset = json.load(answer)
        id = changeset.get("changeset", changeset.get("id"))
        ask(f"{live_url}/api/changesets/{id}/approve", people["reviewer"], {})
    return str(get(f"{layer}/versions")["versions"][-1]["published_at"])  # type: ignore[index]


def test_an_earlier_publication_is_shown_with_its_names(
    page: Page, visit: Visit, republished: str
) -> None:
    assert ADMIN_TOKEN
    address = "/?l=old-villages&time=published"
    visit(address)
    page.get_by_role("button", name="前一个时点").click()
    expect(page.locator("#topbar .chip")).to_contain_text("历史时点")
    expect(page).to_have_url(re.compile("asof="))
    found = page.evaluate(
        """async () => {
          const { loadFeatures } = await import("/static/js/features.js");
          const all = await loadFeatures("old-villages");
          return all.find((f) => f.id === "vil-01-xijiao").properties.name_zh;
        }"""
    )
    assert found == "西郊村"
    assert republished[:10] in page.url


DIFFERENCE = "/?drawer=diff&sl=old-villages"


@pytest.mark.parametrize(("lang", "word"), [("zh", "属性"), ("en", "Attributes")])
def test_two_versions_differ_by_counts_list_and_signs_on_the_map(
    page: Page, visit: Visit, republished: str, lang: str, word: str
) -> None:
    assert republished
    visit(f"{DIFFERENCE}&lang={lang}")
    changed = page.locator('#drawer tr[data-change="change_attributes"]')
    expect(changed).to_have_count(1)
    expect(changed).to_contain_text(word)
    expect(changed.locator(".diff-sign").first).to_have_text("=")
    expect(page.locator('[data-diff="unchanged"] strong')).to_have_text("19")
    drawn = page.evaluate(
        "async () => (await import('/static/js/state.js'))"
        ".state.get('work').features.map((f) => f.id)"
    )
    assert drawn == ["vil-01-xijiao"]
    expect(page).to_have_url(re.compile("cmp=1-2"))


def test_one_kind_of_difference_can_be_listed_alone(
    page: Page, visit: Visit, republished: str
) -> None:
    assert republished
    visit(DIFFERENCE)
    page.locator('[data-diff="unchanged"]').click()
    expect(page.locator('#drawer tr[data-change="unchanged"]')).to_have_count(19)
    assert findings(page) == []


def test_a_layer_of_one_version_has_nothing_to_compare(
    page: Page, visit: Visit
) -> None:
    visit("/?drawer=diff&sl=functional-groups")
    expect(page.locator("#drawer .empty")).to_be_visible()


def test_the_divider_between_versions_stands_in_the_address(
    page: Page, visit: Visit, republished: str
) -> None:
    assert republished
    visit("/?swipe=old-villages:1:0.4")
    handle = page.locator(".swipe-handle")
    expect(handle).to_have_attribute("aria-valuenow", "40")
    handle.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"swipe=old-villages:1:0\.41"))
