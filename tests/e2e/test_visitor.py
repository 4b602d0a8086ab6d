"""A visitor finds: by phone and by desk, light and dark, with and without JavaScript."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.conftest import Served


def test_letters_narrow_the_list_as_they_are_typed(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    page.get_by_label("Chercher dans les annonces").press_sequentially("perceuse", delay=20)
    expect(page.locator(".cards mark").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"q=perceuse"))
    expect(page.get_by_label("Chercher dans les annonces")).to_be_focused()
    expect(page.locator("#results")).to_have_count(1)
    count = page.locator("h1.count").inner_text()
    assert page.locator("#board-tabs [aria-current] .tab-count").inner_text() in count


def test_a_card_leads_to_its_post(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    title = page.locator(".card-title a").first
    words = title.inner_text()
    title.click()
    expect(page.locator("h1")).to_have_text(words)
    assert_accessible(page)


def test_the_board_works_without_scripts(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(
        java_script_enabled=False, locale="fr-CA", viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto(served.url + "/")
    page.get_by_label("Chercher dans les annonces").fill("chaises")
    page.get_by_label("Chercher dans les annonces").press("Enter")
    expect(page.locator(".cards mark").first).to_be_visible()
    page.locator("#filters > summary").click()
    page.locator("label[for=filter-kind-tool]").click()
    page.get_by_role("button", name=re.compile("Voir .* annonces")).click()
    expect(page).to_have_url(re.compile(r"kind=tool"))
    expect(page.locator("a.chip")).to_have_count(2)
    assert not context.cookies()
    context.close()
