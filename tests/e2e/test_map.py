"""The map in a real browser: by keyboard, by phone, without scripts, and asking nobody else."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.conftest import make_app
from tests.e2e.axe import assert_accessible
from tests.e2e.conftest import Served
from tests.servers import free_port

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
)


def opened(page: Page, address: str) -> None:
    """Open a map and wait until its markers stand on its ground."""
    page.goto(address)
    expect(page.locator(".map-marker").first).to_be_visible()
    expect(page.locator("path.map-land").first).to_be_attached()


def total(page: Page) -> int:
    """The number in the title of the list."""
    return int(re.sub(r"\D", "", page.locator("h1.count").inner_text()) or 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_map_is_accessible_and_fits(
    page: Page, served: Served, scheme: str, language: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    opened(page, f"{served.url}/{language}/map?place=Montr%C3%A9al&radius_km=25")
    assert_accessible(page)
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_map_and_list_show_the_same_posts(page: Page, served: Served) -> None:
    for query in ("", "?purpose=need", "?q=chaise", "?place=Montr%C3%A9al&radius_km=5&kind=tool"):
        opened(page, served.url + "/fr/map" + query)
        assert page.locator("#map").get_attribute("data-total") == str(total(page))


def test_the_keyboard_goes_from_a_group_to_a_post_and_back(page: Page, served: Served) -> None:
    opened(page, served.url + "/fr/map?place=Montr%C3%A9al&radius_km=25")
    page.locator(".map-marker.is-group").first.focus()
    for _ in range(8):
        if page.locator(".map-popup").count():
            break
        page.keyboard.press("Enter")
        page.wait_for_timeout(600)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog").locator("a:focus")).to_have_count(1)
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".map-marker:focus")).to_have_count(1)
    words = page.locator(".map-marker:focus").get_attribute("aria-label") or ""
    assert re.search(r"besoin|offre", words)
    opened(page, served.url + "/fr/map?place=Gasp%C3%A9")
    page.locator(".map-marker").first.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("dialog").locator("a[href*='/p/']").first
    title = link.inner_text()
    link.press("Enter")
    expect(page.locator("h1")).to_have_text(title)
    page.go_back()
    expect(page.locator("#map")).to_be_visible()


def on_markers(page: Page) -> int:
    """How many posts the markers in sight tell of."""
    words = page.locator(".map-marker").evaluate_all("all => all.map((one) => one.ariaLabel)")
    return sum(int(n) for each in words for n in re.findall(r"(\d+) (?:besoin|offre)", each))


def radius(page: Page) -> int:
    """The radius of the circle in the address."""
    return int(re.findall(r"radius_km=(\d+)", page.url)[0])


def test_the_area_in_sight_is_what_list_and_map_then_show(page: Page, served: Served) -> None:
    opened(page, served.url + "/fr/map")
    everything = total(page)
    assert on_markers(page) < everything
    told = page.get_by_text(f"Annonces de la liste visibles ici\u00a0: {on_markers(page)} sur")
    expect(told).to_contain_text(str(everything))
    before, here = 0, page.locator("#map-here")
    while here.is_disabled():
        page.get_by_role("button", name="Approcher").click()
        page.wait_for_timeout(400)
    for _ in range(3):
        here.click()
        page.wait_for_url(re.compile(r"near=\d+\.\d+(%2C|,)-\d+\.\d+"))
        expect(page.locator("#map")).to_have_attribute("data-total", str(total(page)))
        assert on_markers(page) == total(page) > 0
        expect(page.locator("#map-sum")).to_be_hidden()
        assert radius(page) <= (before or 500), "the same button does not make the area grow"
        before = radius(page)
        page.evaluate("history.replaceState(null, '', location.pathname)")


def test_the_area_keeps_the_other_filters(page: Page, served: Served) -> None:
    opened(page, served.url + "/fr/map?purpose=offer&place=Sherbrooke&radius_km=50")
    page.get_by_role("button", name="Chercher dans cette zone").click()
    page.wait_for_url(re.compile(r"near=45"))
    assert "purpose=offer" in page.url
    assert "place=" not in page.url
    expect(page.locator("#map")).to_have_attribute("data-total", str(total(page)))
    assert on_markers(page) == total(page)
    page.go_back()
    expect(page).to_have_url(re.compile(r"place=Sherbrooke"))


def test_letters_change_the_map_with_the_list(page: Page, served: Served) -> None:
    opened(page, served.url + "/fr/map")
    page.get_by_label("Chercher dans les annonces").press_sequentially("perceuse", delay=20)
    expect(page).to_have_url(re.compile(r"q=perceuse"))
    expect(page.locator(".cards mark").first).to_be_visible()
    expect(page.locator("#map")).to_have_attribute("data-total", str(total(page)))
    assert "/fr/map" in page.url


def test_the_map_in_words_works_without_scripts(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto(served.url + "/fr/")
    page.get_by_role("link", name="Voir sur la carte").click()
    expect(page.locator("#map")).to_be_hidden()
    page.locator("#map-places summary").click()
    place = page.locator("#map-places li").first
    name, words = place.locator("a").inner_text(), place.locator("span").inner_text()
    place.locator("a").click()
    expect(page.locator("h1")).to_have_text(name)
    counts = sum(int(n) for n in re.findall(r"\d+", words))
    expect(page.locator(".cards article")).to_have_count(min(counts, 50))
    page.get_by_role("link", name="Retour à la carte").click()
    assert "/fr/map" in page.url
    context.close()


@contextmanager
def listening(port: int, application: Any) -> Iterator[None]:
    """Serve an application from this process."""
    server = make_server("127.0.0.1", port, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def test_streets_come_from_another_server_only_after_the_click(
    chromium: Browser, tmp_path: Path
) -> None:
    asked: list[str] = []

    def tiles(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        start("200 OK", [("Content-Type", "image/png")])
        return [PIXEL]

    port, tile_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    app = make_app(
        tmp_path,
        f"sqlite:///{tmp_path / 'board.sqlite3'}",
        base_url=url,
        map_tiles=f"http://127.0.0.1:{tile_port}/{{z}}/{{x}}/{{y}}.png",
    )
    with listening(port, app), listening(tile_port, tiles):
        context = chromium.new_context(locale="fr-CA")
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(url + "/fr/map")
        expect(page.locator("path.map-land").first).to_be_attached()
        page.get_by_role("button", name="Approcher").click()
        page.wait_for_timeout(500)
        assert not asked
        button = page.get_by_role("button", name=re.compile("Afficher les rues"))
        expect(button).to_contain_text(f"127.0.0.1:{tile_port} verra votre adresse IP")
        button.click()
        expect(page.locator("img.leaflet-tile-loaded").first).to_be_visible()
        assert asked
        page.get_by_role("button", name="Approcher").click()
        page.get_by_role("button", name="Éloigner").click()
        page.get_by_role("button", name="Enlever les rues").click()
        expect(page.locator("img.leaflet-tile")).to_have_count(0)
        page.reload()
        count = len(asked)
        page.wait_for_timeout(500)
        assert len(asked) == count
        assert not wrong
        context.close()
