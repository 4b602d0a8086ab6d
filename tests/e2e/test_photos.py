"""Photos on a phone and at a desk, with scripts and without: add, describe, order, remove, see."""

from __future__ import annotations

import http.client
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from board.pictures import MEBIBYTE
from tests.e2e.conftest import Served
from tests.e2e.test_posting import enter, fits, picture
from tests.photos.helpers import noise
from tests.photos.helpers import picture as image

SENTENCE = "/fr/publish?purpose=offer&sentence=Nous+offrons+10+tables+pliantes"


def files(folder: Path) -> list[Path]:
    """A green photo as a telephone takes it, and a red one, upright."""
    made = []
    for name, content in (
        ("verte.jpg", image(1800, 1350, colour=(40, 120, 60))),
        ("rouge.png", image(600, 900, "PNG", (160, 40, 40))),
    ):
        (folder / name).write_bytes(content)
        made.append(folder / name)
    return made


def a_draft(page: Page, served: Served) -> str:
    """Begin a post and open the page of its photos; return its public address."""
    enter(page, served)
    page.goto(served.url + SENTENCE)
    page.get_by_role("button", name="Continuer").click()
    page.locator("#fold-photos summary").click()
    page.get_by_role("button", name="Enregistrer, puis gérer les photos").click()
    expect(page.locator("h1")).to_have_text("Photos de l’annonce")
    return page.url.removesuffix("/photos")


def journey(page: Page, served: Served, folder: Path) -> None:
    """Add two, describe them, put the second first, see them; take one away."""
    address = a_draft(page, served)
    picture(page, "photos-none")
    fits(page)
    page.get_by_label("Ajouter jusqu’à 6 photos").set_input_files(files(folder))
    page.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("2 photos ajoutées")
    expect(page.locator(".photo-row")).to_have_count(2)
    expect(page.get_by_text("Pas encore montrée")).to_have_count(2)
    page.get_by_label("Que voit-on").first.fill("Une table verte")
    page.get_by_role("button", name="Monter").click()
    rows = page.locator(".photo-row")
    expect(rows.nth(1).get_by_label("Que voit-on")).to_have_value("Une table verte")
    picture(page, "photos-half")
    rows.first.get_by_label("Décorative").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Pas encore montrée")).to_have_count(0)
    picture(page, "photos-done")
    fits(page)
    page.goto(address)
    shown = page.locator(".photos img")
    expect(shown).to_have_count(2)
    assert [shown.nth(n).get_attribute("alt") for n in (0, 1)] == ["", "Une table verte"]
    shown.first.scroll_into_view_if_needed()
    expect(shown.first).to_have_js_property("complete", True)
    picture(page, "photos-shown")
    fits(page)
    page.goto(address + "/photos")
    page.locator(".photo-row").first.get_by_role("button", name="Retirer").click()
    expect(page.locator(".flashes")).to_contain_text("Photo retirée")
    expect(page.locator(".photo-row")).to_have_count(1)


def test_photos_with_scripts(page: Page, served: Served, tmp_path: Path) -> None:
    journey(page, served, tmp_path)


def test_photos_without_scripts(chromium: Browser, served: Served, tmp_path: Path) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    address = a_draft(page, served)
    page.get_by_label("Ajouter jusqu’à 6 photos").set_input_files(files(tmp_path))
    page.get_by_role("button", name="Ajouter", exact=True).click()
    page.get_by_label("Que voit-on").first.fill("Une table verte")
    page.get_by_label("Que voit-on").nth(1).fill("Une armoire rouge")
    page.get_by_role("button", name="Descendre").click()
    rows = page.locator(".photo-row")
    expect(rows.nth(1).get_by_label("Que voit-on")).to_have_value("Une table verte")
    rows.first.get_by_role("button", name="Retirer").click()
    expect(rows).to_have_count(1)
    page.goto(address)
    expect(page.locator(".photos img")).to_have_attribute("alt", "Une table verte")
    context.close()


def test_the_page_does_not_jump_when_photos_come(page: Page, served: Served) -> None:
    page.goto(served.url + "/fr/")
    page.get_by_role("link", name=re.compile("Chaises pliantes et tables")).click()
    page.wait_for_url(re.compile("/p/"))
    expect(page.locator(".photos img")).to_have_count(3)
    moved: Any = page.evaluate(
        """async () => {
            let moved = 0;
            new PerformanceObserver((list) => {
                for (const one of list.getEntries()) moved += one.value;
            }).observe({type: "layout-shift", buffered: true});
            for (const image of document.querySelectorAll(".photos img")) {
                image.scrollIntoView();
                await image.decode();
            }
            await new Promise((done) => setTimeout(done, 200));
            return moved;
        }"""
    )
    assert moved == 0
    expect(page.locator(".photos img").first).to_have_attribute("alt", re.compile("Sept chaises"))
    picture(page, "photos-sample")
    fits(page)


@pytest.mark.parametrize("how", ["heavy", "many", "far too much"])
def test_too_much_is_said_on_a_page_that_arrives(
    page: Page, served: Served, tmp_path: Path, how: str
) -> None:
    """The whole way through the real server: the answer is read, not a broken connection."""
    address = a_draft(page, served)
    if how == "heavy":
        chosen = [tmp_path / "lourde.jpg"]
        chosen[0].write_bytes(noise(50, 50) + b"\0" * (20 * MEBIBYTE))
    else:
        size = 30_000 if how == "many" else 400_000
        chosen = [tmp_path / f"{n}.jpg" for n in range(500)]
        for file in chosen:
            file.write_bytes(b"\0" * size)
    page.get_by_label("Ajouter jusqu’à 6 photos").set_input_files(chosen)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    if how == "heavy":
        expect(page.locator("#photos-error")).to_contain_text("trop lourd")
    else:
        expect(page.locator("main")).to_contain_text("Six photos au plus par annonce")
    picture(page, f"photos-{how.replace(' ', '-')}")
    page.goto(address)
    expect(page.locator(".photos")).to_have_count(0)
    assert page.request.get(served.url + "/healthz").status == http.client.OK
