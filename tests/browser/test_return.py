"""Returned, corrected, handed in again; and two changes that meet."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from .axe import findings
from .parcels import hand_in, send, square, written
from .visitors import someone

pytestmark = pytest.mark.browser


def named(i: int, **properties: Any) -> dict[str, Any]:
    feature = square(i)
    feature["properties"] |= {"id": f"RT-{i}", **properties}
    return feature


def sent(page: Page, path: Path) -> None:
    page.set_input_files("#upload-file", path)
    send(page)
    hand_in(page)
    expect(page.locator(".page-panel.right")).to_contain_text("已送审")


@pytest.fixture
def pair(browser: Browser, live_url: str, people: dict[str, str]) -> Any:
    """An editor at the uploads, a reviewer at the reviews."""
    editor = someone(browser, live_url, people["editor"])
    editor.goto(f"{live_url}/uploads")
    reviewer = someone(browser, live_url, people["reviewer"])
    reviewer.goto(f"{live_url}/reviews")
    yield editor, reviewer
    for page in (editor, reviewer):
        page.context.close()


def test_a_returned_file_is_corrected_and_the_reviewer_sees_what_changed(
    pair: Any, live_url: str, tmp_path: Path
) -> None:
    editor, reviewer = pair
    sent(editor, written(tmp_path, "first.geojson", named(50), named(51)))
    reviewer.reload()
    reviewer.locator("[data-changeset]").first.click()
    reviewer.locator("textarea").fill("五十一号地块名称有误")
    reviewer.get_by_role("button", name="退回").click()
    expect(reviewer).to_have_url(re.compile("/reviews$"))

    editor.goto(f"{live_url}/reviews")
    expect(editor.locator("[data-changeset]").first).to_contain_text("名称有误")
    editor.locator("[data-changeset]").first.click()
    editor.locator('[data-act="correct"]').click()
    expect(editor.locator(".meeting.bad")).to_contain_text("五十一号地块名称有误")
    assert findings(editor) == []
    editor.locator('[data-act="other-file"]').click()
    expect(editor.locator(".upload-form")).to_contain_text("first.geojson")
    again = written(tmp_path, "again.geojson", named(50), named(51, name_zh="新名"))
    sent(editor, again)

    reviewer.reload()
    reviewer.locator("[data-changeset]").first.click()
    expect(reviewer.locator(".meeting")).to_contain_text("五十一号地块名称有误")
    expect(reviewer.locator(".change-row")).to_have_count(2)
    reviewer.locator(".meeting .segment", has_text="退回后的改动").click()
    expect(reviewer.locator(".change-row")).to_have_count(1)
    assert findings(reviewer) == []
    reviewer.locator('[data-act="approve"]').click()
    reviewer.locator('[data-act="publish"]').click()
    expect(reviewer.locator("#toasts")).to_contain_text("已发布")


def test_two_changes_on_one_feature_are_told_and_the_later_is_refused(
    pair: Any, live_url: str, tmp_path: Path
) -> None:
    editor, reviewer = pair
    for name in ("one", "two"):
        editor.goto(f"{live_url}/uploads")
        sent(editor, written(tmp_path, f"{name}.geojson", named(53, name_zh=name)))
    reviewer.reload()
    reviewer.locator("[data-changeset]").nth(1).click()
    expect(reviewer.locator(".meeting.ind")).to_contain_text("RT-53")
    reviewer.locator('[data-act="approve"]').click()
    reviewer.locator('[data-act="publish"]').click()
    expect(reviewer.locator("#toasts")).to_contain_text("已发布")
    reviewer.locator("[data-changeset]").first.click()
    expect(reviewer.locator(".meeting.bad")).to_contain_text("RT-53")
    expect(reviewer.locator('[data-act="approve"]')).to_be_disabled()


def answer(body: Any, route: Route) -> None:
    route.fulfill(json=body)


def test_an_approval_that_was_cut_off_still_waits_for_a_decision(pair: Any) -> None:
    _, reviewer = pair
    cut = {"id": "cut", "status": "approved", "layer": "parcels", "author": "Li"}
    cut |= {"submitted_at": "2026-11-20T08:00:00+00:00", "base_version": 1}
    features = {"type": "FeatureCollection", "numberMatched": 0, "features": []}
    diff = {"layer": "parcels", "summary": {}, "features": features}
    for path, body in {
        "changesets": {"changesets": [cut]},
        "changesets/cut": cut,
        "changesets/cut/diff?*": diff,
    }.items():
        reviewer.route(f"**/api/{path}", partial(answer, body))
    reviewer.reload()
    reviewer.locator('[data-changeset="cut"]').click()
    expect(reviewer.locator('[data-act="approve"]')).to_be_enabled()
