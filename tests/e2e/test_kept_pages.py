"""Back and forward, signed in and out: a browser never shows a part, nor who was there."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Served

SEARCH = "Chercher dans les annonces"


def leave(page: Page) -> None:
    """Sign out by the form of the header, whichever menu shows it."""
    with page.expect_navigation():
        page.locator("form[action$='/sign-out']").first.evaluate("form => form.requestSubmit()")


def test_a_part_is_never_shown_as_a_page(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    page.get_by_label(SEARCH).press_sequentially("chaise", delay=20)
    expect(page).to_have_url(re.compile("q=chaise"))
    address = page.url
    page.locator(".card-title a").first.press("Enter")
    expect(page.locator("h1.post-title")).to_be_visible()
    page.go_back()
    for _ in range(2):
        expect(page).to_have_url(address)
        expect(page.locator("header.felt")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        expect(page.locator("#results")).to_have_count(1)
        page.goto(address)
    page.go_back()
    page.go_forward()
    expect(page.locator("header.felt")).to_be_visible()


def test_who_signs_in_and_out_leaves_nothing_behind(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(locale="fr-CA", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    email, password = served.accounts[0]
    page.goto(served.url + "/fr/")
    expect(page.locator("form[action$='/sign-out']")).to_have_count(0)
    page.goto(served.url + "/fr/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(served.url + "/fr/")
    expect(page.locator("form[action$='/sign-out']").first).to_be_attached()
    name = page.locator(".menu-name").first.inner_text()
    page.goto(served.url + "/fr/organisations/")
    assert name in page.content()
    leave(page)
    for step in (page.go_back, page.go_back, page.go_forward, page.reload):
        step()
        assert name not in page.content(), (step, page.url)
    page.goto(served.url + "/fr/")
    assert name not in page.content()
    context.close()
