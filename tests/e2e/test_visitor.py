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
    expect(page).to_have_title(re.compile("· perceuse ·"))
    expect(page.locator("link[hreflang=en]")).to_have_attribute(
        "href", re.compile(r"/en/\?q=perceuse$")
    )
    expect(page.locator("title")).to_have_count(1)
    count = page.locator("h1.count").inner_text()
    assert page.locator("#board-tabs [aria-current] .tab-count").inner_text() in count


def test_the_place_filter_proposes_and_the_button_counts(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    if page.locator("#filters > summary").is_visible():
        page.locator("#filters > summary").click()
        expect(page.locator(".cards")).to_be_hidden()
    place = page.locator("#place")
    place.press_sequentially("mata", delay=20)
    expect(page.locator("#place-options [role=option]").first).to_have_text(re.compile("Matane"))
    expect(page.locator("[data-combobox-status]")).not_to_be_empty()
    assert_accessible(page)
    before = page.locator("#filter-apply button").inner_text()
    place.press("ArrowDown")
    place.press("Enter")
    expect(place).to_have_value("Matane")
    expect(page.locator("#filter-apply button")).not_to_have_text(before)
    expect(page.locator("#filter-apply button")).to_be_in_viewport(ratio=1)
    expect(page.locator("#place-options")).to_be_hidden()
    place.press_sequentially("n", delay=20)
    place.press("Backspace")
    expect(page.locator("#place-options")).to_be_visible()
    place.press("Escape")
    expect(page.locator("#place-options")).to_be_hidden()
    expect(place).to_have_value("Matane")
    said = page.locator("#filter-apply button").inner_text()
    place.press("Enter")
    expect(page).to_have_url(re.compile("place=Matane"))
    assert page.locator("h1.count").inner_text() in said
    # What is ticked and not applied yet goes with the words that are typed next, and stays.
    if page.locator("#filters > summary").is_visible():
        page.locator("#filters > summary").click()
    with page.expect_response(re.compile("kind=tool")):
        page.locator("label[for=filter-kind-tool]").click()
    if page.locator("#filters > summary").is_visible():
        page.locator("#filters > summary").click()
    page.locator("#q").press_sequentially("chaises", delay=5)
    expect(page).to_have_url(re.compile(r"\?q=chaises&kind=tool&place=Matane&radius_km=25$"))
    expect(page.locator("#filter-kind-tool")).to_be_checked()


def test_a_visitor_finds_with_the_keyboard_alone(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_label("Chercher dans les annonces").focus()
    page.keyboard.type("chaises")
    expect(page.locator(".cards mark").first).to_be_visible()
    for _ in range(90):
        if page.evaluate("document.activeElement.matches('.card-title a')"):
            break
        page.keyboard.press("Tab")
    title = page.evaluate("document.activeElement.textContent")
    ring = page.evaluate("getComputedStyle(document.activeElement, '::after').outlineWidth")
    assert ring == "3px", "the focus is seen"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(title)


def test_forced_colours_keep_outlines_and_words(page: Page, served: Served) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(served.url + "/fr/")
    for piece in (".card", ".mark-need", ".mark-offer", "#filter-apply button"):
        width = page.locator(piece).first.evaluate("e => getComputedStyle(e).borderTopWidth")
        assert width == "2px", piece
    shown = page.locator(".mark-offer").first.evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
    )
    assert shown[0] != shown[1]


def test_paper_has_room_for_the_whole_tongue(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/?purpose=offer")
    page.locator(".card-title a").first.click()
    page.locator("#post").wait_for()
    page.emulate_media(media="print")
    edge, joint = page.locator("#post").evaluate(
        """sheet => {
          const tongue = getComputedStyle(sheet, "::before");
          const inner = sheet.getBoundingClientRect().left + sheet.clientLeft;
          const left = parseFloat(tongue.left);
          return [inner + left, left + parseFloat(tongue.width)];
        }"""
    )
    assert edge >= 0, "it stays on the paper"
    assert abs(joint) < 0.1, "it begins where the outline of the sheet ends"


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
    page.locator("#filters > summary").click()
    page.locator("label[for=filter-basis-loan]").click()
    page.locator("#filters > summary").click()
    page.get_by_label("Chercher dans les annonces").fill("chaises")
    page.get_by_label("Chercher dans les annonces").press("Enter")
    expect(page).to_have_url(re.compile(r"basis=loan"))
    expect(page.locator(".cards mark").first).to_be_visible()
    page.locator("#filters > summary").click()
    page.locator("label[for=filter-kind-tool]").click()
    page.get_by_role("button", name=re.compile("Voir .* annonces")).click()
    expect(page).to_have_url(re.compile(r"kind=tool"))
    expect(page.locator("a.chip")).to_have_count(3)
    title = page.locator(".card-title a").first
    words = title.inner_text()
    title.click()
    expect(page.locator("h1")).to_have_text(words)
    page.goto(served.url + "/fr/?from=2027-05-02&until=2027-05-01")
    expect(page.locator("#board-problems")).to_contain_text("date de fin")
    expect(page.locator("#until")).to_have_value("2027-05-01")
    page.locator("#filters > summary").click()
    page.get_by_label("Lieu", exact=True).fill("saint jerome")
    page.locator("#until").fill("2027-05-03")
    page.locator("#filter-apply button").click()
    expect(page.locator("a.chip").first).to_contain_text("Saint-Jérôme")
    assert not context.cookies()
    context.close()
