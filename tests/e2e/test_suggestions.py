"""Suggestions under the search field: by keyboard, by touch, and never in the way of the search."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.conftest import Served

MAX_ASKED = 2


def the_list(page: Page) -> Locator:
    """The list under the field."""
    return page.locator("#suggestions")


def options(page: Page) -> Locator:
    """What can be chosen."""
    return page.locator("#suggestions [role=option]")


def chosen(page: Page) -> Locator:
    """What the arrows stand on."""
    return page.locator("#suggestions [aria-selected=true]")


def typed(page: Page, letters: str) -> Locator:
    """Type in the search field and wait for the list."""
    field = page.locator("#q")
    field.press_sequentially(letters, delay=20)
    expect(the_list(page)).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    return field


def test_the_keyboard_walks_through_the_groups(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    field = typed(page, "cha")
    for name in ("Annonces", "Organisations", "Catégories"):
        expect(page.get_by_role("group", name=name, exact=True).first).to_be_visible()
    expect(chosen(page)).to_have_count(0)
    last = options(page).count() - 1
    field.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    named = options(page).first.get_attribute("id") or ""
    expect(field).to_have_attribute("aria-activedescendant", named)
    field.press("End")
    expect(options(page).nth(last)).to_have_attribute("aria-selected", "true")
    expect(options(page).nth(last)).to_be_in_viewport()
    field.press("Home")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    expect(chosen(page)).to_have_count(0)
    field.press("ArrowUp")
    expect(options(page).nth(last)).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(the_list(page)).to_be_hidden()
    expect(field).to_have_value("cha")
    expect(field).to_be_focused()
    expect(field).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field.press("ArrowDown")
    expect(the_list(page)).to_be_visible()
    field.press("Tab")
    expect(the_list(page)).to_be_hidden()


def test_choosing_goes_to_the_post_or_the_organisation(page: Page, served: Served) -> None:
    for group, address in (("posts", "/fr/p/"), ("organisations", "/fr/organisations/")):
        page.goto(served.url + "/fr/")
        field = typed(page, "cha")
        option = page.locator(f"[id^=suggestion-{group}]").first
        words = option.locator("span").first.inner_text()
        while option.get_attribute("aria-selected") != "true":
            field.press("ArrowDown")
        field.press("Enter")
        expect(page.locator("h1")).to_have_text(words)
        assert address in page.url
    page.go_back()
    expect(the_list(page)).to_be_hidden()
    expect(page.locator("#results")).to_be_visible()


def test_choosing_a_category_keeps_the_other_filters(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/?purpose=offer&language=fr")
    field = typed(page, "perc")
    field.press("ArrowUp")
    expect(chosen(page)).to_have_attribute("id", re.compile("categories"))
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"category="))
    assert "purpose=offer" in page.url
    assert "language=fr" in page.url
    assert "q=" not in page.url
    expect(page.locator(".cards .card").first).to_be_visible()


def test_enter_on_nothing_searches_the_words(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    field = typed(page, "chaises")
    field.press("Enter")
    expect(the_list(page)).to_be_hidden()
    expect(page).to_have_url(re.compile(r"q=chaises"))
    expect(page.locator(".cards mark").first).to_be_visible()
    page.wait_for_timeout(400)
    expect(the_list(page)).to_be_hidden()


def test_the_list_and_the_search_as_one_types_do_not_disturb_each_other(
    page: Page, served: Served
) -> None:
    page.goto(served.url + "/fr/")
    below = page.locator("#results").evaluate("e => e.getBoundingClientRect().top")
    field = typed(page, "perceus")
    expect(page.locator(".cards mark").first).to_be_attached()
    expect(page).to_have_url(re.compile("q=perceus"))
    expect(the_list(page)).to_be_visible()
    expect(field).to_be_focused()
    assert page.locator("#results").evaluate("e => e.getBoundingClientRect().top") == below
    field.press("ArrowDown")
    expect(chosen(page)).to_have_count(1)
    count = options(page).count()
    expect(page.locator("#suggestions-said")).to_have_text(re.compile(rf"^{count} suggestion"))
    expect(page.locator("#suggestions-said")).to_have_attribute("role", "status")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_one_letter_asks_nothing_and_a_newer_question_ends_the_older(
    page: Page, served: Served
) -> None:
    asked: list[str] = []
    ended: list[str] = []

    def note(request: Request) -> None:
        if "/suggest" in request.url:
            asked.append(request.url)

    def slow(route: Route) -> None:
        if "q=pe&" in route.request.url + "&":
            return
        route.continue_()

    page.on("request", note)
    page.on("requestfailed", lambda each: ended.append(each.url))
    page.route("**/suggest*", slow)
    page.goto(served.url + "/fr/")
    field = page.locator("#q")
    field.press_sequentially("p")
    page.wait_for_timeout(400)
    assert not asked
    with page.expect_request("**/suggest*"):
        field.press_sequentially("e")
    field.press_sequentially("rc")
    expect(the_list(page)).to_contain_text("Perceuse")
    assert len(asked) == MAX_ASKED, asked
    assert [url for url in ended if "q=pe" in url] == asked[:1]
    field.fill("p")
    expect(the_list(page)).to_be_hidden()
    page.wait_for_timeout(400)
    assert len(asked) == MAX_ASKED


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_open_list(page: Page, served: Served, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(served.url + "/fr/")
    field = typed(page, "cha")
    assert_accessible(page)
    field.press("ArrowDown")
    assert_accessible(page)


def test_fingers_choose_too(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(
        locale="fr-CA", viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(served.url + "/fr/")
    page.locator("#q").tap()
    typed(page, "cha")
    boxes = [box for each in options(page).all() if (box := each.bounding_box())]
    assert all(box["height"] >= 44 and box["x"] >= 0 for box in boxes)
    assert all(a["y"] + a["height"] <= b["y"] + 0.5 for a, b in pairwise(boxes))
    page.locator(".felt-search label").first.tap()
    expect(page.locator("#q")).to_be_focused()
    page.locator("h1.count, .brand").first.dispatch_event("pointerdown")
    expect(the_list(page)).to_be_hidden()
    page.locator("#q").press_sequentially("i")
    expect(the_list(page)).to_be_visible()
    words = options(page).first.locator("span").first.inner_text()
    options(page).first.tap()
    expect(page.locator("h1")).to_have_text(words)
    context.close()


def test_the_list_leaves_with_the_focus(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/map")
    typed(page, "cha")
    page.locator(".brand").focus()
    expect(the_list(page)).to_be_hidden()
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")


def test_the_list_leaves_whoever_scrolls_to_the_results(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    field = typed(page, "cha")
    page.mouse.move(300, page.evaluate("innerHeight") - 20)
    page.mouse.wheel(0, 400)
    expect(the_list(page)).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_be_focused()
