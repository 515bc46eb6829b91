"""A document's full text, once the district has imported it: to the map and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from service.settings import Settings
from service.stores import open_store
from service.texts import import_text, known_document
from tests.browser.conftest import ADMIN_TOKEN

Visit = Callable[..., Page]
PLAN = "/docs/liwan-14th-plan"
OWN_WORDS = """第一章 从前
白鹤沙起步区的事这里不谈。
第三章 现在
第二节 组团
大坦沙健康医疗组团在岛上，茶滘村在河的西边。
""" + "\n".join(f"第 {n} 段没有地名。" for n in range(80))


@pytest.fixture
def imported(settings: Settings, live_url: str, tmp_path: Path) -> None:
    """The plan's text in the running service's store."""
    file = tmp_path / "plan.txt"
    file.write_text(OWN_WORDS, encoding="utf-8")
    store = open_store(settings.store_url)
    import_text(store, known_document("liwan-14th-plan"), file)
    store.close()


@pytest.fixture
def reader(visit: Visit) -> Page:
    """The plan's page for somebody who has logged in."""
    page = visit(PLAN)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("令牌").fill(ADMIN_TOKEN)
    page.locator("dialog").get_by_role("button", name="登录").click()
    expect(page.locator('.person[data-in="true"]')).to_be_visible()
    return page


def full_text(page: Page) -> None:
    page.get_by_text("全文", exact=True).click()


def test_a_text_is_for_readers_who_have_logged_in(visit: Visit) -> None:
    page = visit(PLAN)
    full_text(page)
    expect(page.get_by_text("全文只向登录的读者显示")).to_be_visible()


def test_a_text_that_is_not_there_says_how_it_comes(reader: Page) -> None:
    reader.goto(reader.url.replace("liwan-14th-plan", "regional-study"))
    full_text(reader)
    command = reader.get_by_text("atlas documents import")
    expect(command).to_contain_text("regional-study")


@pytest.mark.usefixtures("imported")
def test_a_name_leads_to_the_map_and_back_by_keyboard(reader: Page) -> None:
    full_text(reader)
    name = reader.get_by_role("link", name="茶滘村")
    name.focus()
    reader.keyboard.press("Enter")
    expect(reader.locator("#inspect-title")).to_have_text("茶滘村")
    expect(reader).to_have_url(re.compile("vil-04-chajiao"))
    back = reader.get_by_role("button", name=re.compile("^返回 "))
    back.focus()
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("link", name="茶滘村")).to_be_focused()
    expect(back).to_be_hidden()


@pytest.mark.usefixtures("imported")
def test_the_browsers_own_way_back_leads_to_the_text(reader: Page) -> None:
    full_text(reader)
    reader.wait_for_url(re.compile("tab=text"))
    reader.get_by_role("link", name="大坦沙健康医疗组团").click()
    expect(reader.locator("#inspect-title")).to_have_text("大坦沙健康医疗组团")
    reader.go_back()
    expect(reader.get_by_role("link", name="大坦沙健康医疗组团")).to_be_focused()


@pytest.mark.usefixtures("imported")
def test_contents_and_finding_lead_through_the_text(reader: Page) -> None:
    full_text(reader)
    reader.locator(".contents-row").nth(1).click()
    expect(reader.locator("#text-3")).to_be_focused()
    reader.get_by_role("searchbox", name="在全文中找").fill("第 7 段")
    expect(reader.get_by_text("第 1 段，共 1 段")).to_be_visible()
    expect(reader.locator(".text-line.is-here")).to_be_in_viewport()


def test_an_indicator_draws_what_was_reached_beside_what_is_aimed_at(
    visit: Visit,
) -> None:
    page = visit("/indicators")
    row = page.get_by_role("row").filter(has_text="固定资产投资累计额").first
    chart = row.get_by_role("img")
    expect(chart).to_have_attribute("aria-label", "基期 1633.65, 目标 1500")


def test_the_indicators_of_one_document_have_their_own_address(visit: Visit) -> None:
    page = visit("/indicators/regional-study")
    expect(page.get_by_label("文献", exact=True).last).to_have_value("regional-study")


def test_a_document_that_is_none_is_told(visit: Visit) -> None:
    page = visit("/docs/nothing?lang=en")
    expect(page.locator("#toasts")).to_contain_text("no such document")
    expect(page.locator(".doc-row[aria-current=true]")).to_have_count(1)


def test_the_map_beside_a_text_shows_the_places_of_the_chapter_that_is_read(
    visit: Visit,
) -> None:
    page = visit("/docs/liwan-14th-plan")
    first = page.locator(".doc-map-said strong")
    expect(first).to_have_text(page.locator(".doc-section h2").first.inner_text()[3:])
    page.locator(".contents-row").nth(2).click()
    expect(first).to_have_text("一带两区与功能组团")
    place = page.locator('.doc-map [data-ref="functional-groups/grp-julong"]')
    expect(place).to_have_count(1)
    page.locator(".doc-section .place-link", has_text="白鹅潭聚龙组团").first.hover()
    expect(place).to_have_class("is-hover")
    page.get_by_role("button", name="在地图打开").click()
    expect(page.locator("#layer-functional-groups")).to_be_checked()
    expect(page.locator("body")).to_have_attribute("data-place", "map")
