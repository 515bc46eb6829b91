"""A layer is published while its page is open; dates before everything are told."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .axe import findings
from .conftest import Visit, ask
from .visitors import log_in

pytestmark = pytest.mark.browser
VILLAGE = "/api/collections/old-villages/items/vil-01-xijiao"
LOOK = "import('/static/js/newer.js').then((m) => m.lookForNewer())"
VERSION = """async () =>
  (await import('/static/js/catalogue.js')).versionOf('old-villages')"""
#: One more publication of the layer, so called; answers with its number.
Publish = Callable[[str], int]


def _asked(url: str, **options: Any) -> dict[str, Any]:
    with urllib.request.urlopen(
        urllib.request.Request(url, **options), timeout=30
    ) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


@pytest.fixture
def publish(live_url: str, people: dict[str, str]) -> Publish:
    def once(name: str) -> int:
        feature = _asked(live_url + VILLAGE)
        feature["properties"]["name_en"] = name
        kept = ("type", "id", "geometry", "properties")
        changeset = _asked(
            live_url + VILLAGE,
            data=json.dumps({key: feature[key] for key in kept}).encode(),
            headers={
                "authorization": f"Bearer {people['editor']}",
                "content-type": "application/geo+json",
                "if-match": "*",
            },
            method="PUT",
        )
        id = changeset.get("changeset", changeset.get("id"))
        ask(f"{live_url}/api/changesets/{id}/approve", people["reviewer"], {})
        layer = f"{live_url}/api/collections/old-villages"
        return int(_asked(layer)["version"])

    return once


@pytest.mark.parametrize(
    ("lang", "says"), [("zh", "发布了新版"), ("en", "newer version of")]
)
def test_what_is_published_meanwhile_is_told_and_shown_when_wanted(
    page: Page, visit: Visit, publish: Publish, lang: str, says: str
) -> None:
    visit(f"/?lang={lang}")
    number = publish(f"Xijiao {lang}")
    page.evaluate(LOOK)
    expect(page.locator("#banner")).to_contain_text(says)
    assert page.evaluate(VERSION) == number - 1
    assert findings(page) == []
    page.locator("#banner button").first.click()
    expect(page.locator("#banner")).to_be_hidden()
    assert page.evaluate(VERSION) == number


def test_what_is_pinned_stays_and_what_was_waved_away_is_not_told_again(
    page: Page, visit: Visit, publish: Publish
) -> None:
    visit("/?v=old-villages:1")
    publish("Xijiao again")
    page.evaluate(LOOK)
    expect(page.locator("#banner")).to_contain_text("固定的版本不会变：第 1 版")
    page.locator("#banner .icon-btn").click()
    page.evaluate(LOOK)
    expect(page.locator("#banner")).to_be_hidden()
    assert page.evaluate(VERSION) == 1


def test_a_moment_before_the_first_version_is_told_with_the_way_to_it(
    page: Page, visit: Visit
) -> None:
    visit("/?asof=2001-01-01T00:00:00Z")
    expect(page.locator("#banner")).to_contain_text("还没有发布过任何版本")
    page.locator("#banner button").click()
    expect(page.locator("#banner")).to_be_hidden()
    expect(page).to_have_url(re.compile("asof=20[2-9]"))


def test_a_plan_date_before_all_others_is_told(page: Page, visit: Visit) -> None:
    visit("/?date=1850-01-01&time=plan&l=metro-stations")
    expect(page.locator("#timebar")).to_contain_text("早于最早的有效期")


def test_an_older_version_is_restored_by_a_review(
    page: Page, visit: Visit, publish: Publish, people: dict[str, str], live_url: str
) -> None:
    publish("Xijiao once more")
    log_in(page.context, live_url, people["editor"])
    visit("/?drawer=diff&sl=old-villages")
    page.locator('[data-act="restore"]').click()
    expect(page.locator("#toasts")).to_contain_text("由另一位审核人通过后发布")


def test_of_many_versions_one_is_chosen_from_a_list(
    page: Page, visit: Visit, publish: Publish
) -> None:
    for n in range(7):
        publish(f"Xijiao {n}")
    page.set_viewport_size({"width": 390, "height": 844})
    visit("/?l=old-villages")
    page.evaluate(
        "import('/static/js/ui/swipe-panel.js').then((m) => { m.openSwipe(); })"
    )
    choice = page.locator("select[name=swipe-version]")
    choice.focus()
    page.keyboard.press("ArrowDown")
    page.locator('[data-act="swipe-versions"]').click()
    expect(page.get_by_role("slider").first).to_be_visible()
    assert findings(page) == []


def test_nothing_is_drawn_anew_where_nothing_has_come(visit: Visit) -> None:
    drawn = visit().evaluate("""async () => {
      const { refreshCatalogue } = await import('/static/js/catalogue.js');
      const { state } = await import('/static/js/state.js');
      let count = 0;
      state.on('catalogue', () => { count += 1; });
      await refreshCatalogue();
      await new Promise((done) => setTimeout(done));
      return count;
    }""")
    assert drawn == 0
