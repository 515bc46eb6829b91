"""What was started and left is said when it is done, with the way back."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .axe import findings
from .conftest import ask
from .parcels import choose, hand_in, send, square, written
from .visitors import someone
from .words import said

pytestmark = pytest.mark.browser
SLOW_MS = 40_000


class Held:
    """The check of a file, still under way until it is let go."""

    def __init__(self, page: Page) -> None:
        self.on = True
        page.route(re.compile(r"/api/uploads/[\w-]+$"), self._answer)

    def _answer(self, route: Route) -> None:
        if route.request.method != "GET":
            route.continue_()
            return
        answer = route.fetch()
        body = answer.json()
        if self.on:
            body["status"] = "diagnosing"
        route.fulfill(response=answer, json=body)


def _waiting(url: str, token: str) -> str:
    request = urllib.request.Request(
        f"{url}/api/changesets?status=submitted",
        headers={"authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["changesets"][0]["id"])


def test_a_check_and_an_approval_are_told_to_an_editor_who_left_the_page(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, "left.geojson", square(20))
    page = someone(browser, live_url, people["editor"])
    held = Held(page)
    choose(page, live_url, path, "en")
    send(page)
    expect(page.locator("#topbar [data-jobs='1']")).to_be_visible()
    page.locator(".nav-link").first.click()
    held.on = False
    toast = page.locator(".toast", has_text="has been checked")
    expect(toast).to_contain_text(path.name)
    expect(page.locator("#topbar [data-jobs]")).to_have_count(0)
    page.locator("[data-tray]").click()
    expect(page.locator("#tray .job.is-done")).to_contain_text(path.name)
    page.locator("#tray .panel-head .icon-btn").click()
    toast.get_by_role("button").click()
    expect(page).to_have_url(re.compile("/uploads/."))
    hand_in(page)
    expect(page.locator("#topbar [data-jobs='1']")).to_be_visible()
    page.locator(".nav-link").first.click()
    id = _waiting(live_url, people["reviewer"])
    ask(f"{live_url}/api/changesets/{id}/approve", people["reviewer"], {})
    told = page.locator(".toast", has_text="was approved")
    expect(told).to_be_visible(timeout=SLOW_MS)
    told.get_by_role("button").click()
    expect(page).to_have_url(re.compile(f"/reviews/{id}"))
    page.context.close()


@pytest.mark.parametrize(("lang", "says"), [("zh", "取消"), ("en", "Cancel")])
def test_a_check_under_way_shows_its_step_and_is_cancelled(
    browser: Browser,
    live_url: str,
    people: dict[str, str],
    tmp_path: Path,
    lang: str,
    says: str,
) -> None:
    path = written(tmp_path, "long.geojson", square(24))
    page = someone(browser, live_url, people["editor"])
    Held(page)
    choose(page, live_url, path, lang)
    send(page)
    panel = page.locator(".page-panel.left")
    expect(panel.get_by_role("progressbar")).to_be_visible()
    assert findings(page) == []
    panel.get_by_role("button", name=says).click()
    expect(page.locator(".upload-form")).to_be_visible()
    expect(page.locator(".panel-body .empty, .work-list")).not_to_contain_text(
        "long.geojson"
    )
    page.unroute_all(behavior="ignoreErrors")
    page.context.close()


def test_what_is_told_of_a_check_and_an_approval_is_said_in_chinese_too() -> None:
    assert said("zh", "jobs.checked") == "“{name}”检查完成"
    assert said("zh", "jobs.approved") == "“{name}”已批准发布"
