"""Every page there is, for a visitor and a responsible: axe, light and dark; nothing overflows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from board import create_app
from board.config import Settings
from board.web.access import Authority
from tests.conftest import SECRET
from tests.e2e.axe import violations
from tests.e2e.conftest import Served
from tests.e2e.test_moderation import moderator

OPEN = {Authority.PUBLIC, Authority.TOKEN}
HERS = {Authority.PUBLIC, Authority.SIGNED_IN, Authority.EDITOR, Authority.RESPONSIBLE}
MORE = [
    "/fr/?q=chaise", "/fr/?q=xyzzyq", "/fr/?kind=gold&from=2027-05-02&until=2027-05-01&colour=red",
    "/fr/organisations/?q=zzzz&page=0", "/fr/nothing", "/en/", "/es/",
]  # fmt: skip
OVERFLOWING = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const past = (e) => e.getBoundingClientRect().right > wide + 1;
  const out = [...document.querySelectorAll('body *')].filter(past);
  return out.slice(0, 3).map(e => e.outerHTML.slice(0, 120));
}"""


def addresses(folder: Path, values: dict[str, str], wanted: set[Authority]) -> Iterator[str]:
    """Return the address of each page that one of these authorities may open."""
    app = create_app(Settings(data=folder, database_url="sqlite://", secret_key=SECRET))
    for rule in app.url_map.iter_rules():
        mark = getattr(app.view_functions[rule.endpoint], "authority", None)
        if "GET" in (rule.methods or ()) and mark in wanted and rule.arguments <= set(values):
            adapter = app.url_map.bind("127.0.0.1")
            yield adapter.build(rule.endpoint, {n: values[n] for n in rule.arguments}, method="GET")


def sign_in(context: BrowserContext, served: Served) -> dict[str, str]:
    """Enter as the first sample account; return what its pages are about."""
    page = context.new_page()
    email, password = served.accounts[0]
    page.goto(served.url + "/fr/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(served.url + "/fr/account/")
    return about(page, served)


def about(page: Page, served: Served) -> dict[str, str]:
    """Return the values that fill the addresses: a post and an organisation of the sample."""
    page.goto(served.url + "/fr/?organisation=maison-des-voisins-du-canal")
    href = page.locator(".card-title a").first.get_attribute("href") or ""
    found = re.search(r"/p/([0-9a-f-]{36})", href)
    assert found
    return {"language": "fr", "slug": "maison-des-voisins-du-canal", "post_id": found[1]}


def faults(page: Page, address: str) -> list[Any]:
    """Open a page as on a phone, at a desk, in the dark, in large letters; return what is wrong."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 800})
    answer = page.goto(address)
    if answer is None or "text/html" not in answer.headers.get("content-type", ""):
        return []
    wrong = [("320", each) for each in page.evaluate(OVERFLOWING)]
    wrong += violations(page)
    page.emulate_media(color_scheme="dark")
    wrong += violations(page, only="color-contrast")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")
    wrong += violations(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        wrong += [(f"{width}, 200\u00a0%", each) for each in page.evaluate(OVERFLOWING)]
    return [(address, each) for each in wrong]


def moderate(context: BrowserContext, served: Served) -> dict[str, str]:
    """Enter as somebody who looks after the board; return what its pages are about."""
    page = context.new_page()
    moderator(page, served)
    return about(page, served)


LONG = [pytest.param(who, marks=pytest.mark.long) for who in ("responsible", "moderator")]


@pytest.mark.parametrize("who", ["visitor", *LONG])
def test_every_page_is_accessible_and_fits(
    chromium: Browser, served: Served, tmp_path: Path, who: str
) -> None:
    context = chromium.new_context(locale="fr-CA")
    page = context.new_page()
    if who == "visitor":
        values, wanted, more, least = about(page, served), OPEN, MORE, 15
    elif who == "responsible":
        values, wanted, more, least = sign_in(context, served), HERS, [], 15
    else:
        values, wanted, more, least = moderate(context, served), {Authority.MODERATOR}, [], 3
    found = [*addresses(tmp_path, values, wanted), *more]
    assert len(found) > least
    wrong = [
        fault
        for path in found
        if "/export" not in path and not path.endswith((".csv", ".gz"))
        for fault in faults(page, served.url + path)
    ]
    context.close()
    assert not wrong, "\n".join(map(str, wrong))
