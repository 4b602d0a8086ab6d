"""A volunteer answers on a phone without an account; a coordinator handles ten by keyboard."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Served
from tests.e2e.test_moderation import another
from tests.e2e.test_posting import enter, fits, picture

CHAIRS = "Chaises pliantes et tables"
TEN = """
import sys
from pathlib import Path
from sqlalchemy import select
from board import create_app, news
from board.answers import services
from board.answers.holds import Wanted
from board.answers.services import Answerer, Said
from board.config import read_settings
from board.database import writing
from board.extensions import db
from board.posts.models import Post
from tests.factories import make_person
app = create_app(read_settings({"BABILLARD_DATA": sys.argv[1]}))
with app.app_context(), writing():
    post = db.session.scalar(select(Post).where(Post.title.startswith(sys.argv[2])))
    for n in range(6):
        person = make_person(email=f"dix{n}@exemple.org")
        said = Said((Wanted(post.lines[0], 1),), agrees=True)
        services.answer(post=post, by=Answerer("fr", person), said=said)
    news.commit()
    print(post.uuid)
"""


@pytest.mark.parametrize("page", [360], indirect=True)
def test_a_volunteer_answers_on_a_phone_without_an_account(
    page: Page, served: Served, chromium: Browser
) -> None:
    phone, guest = another(page, chromium, scripts=False)
    guest.goto(served.url + "/fr/")
    guest.get_by_role("link", name=re.compile("Deux personnes pour la soupe")).first.click()
    guest.get_by_role("link", name="Répondre à ce besoin").click()
    page.goto(guest.url)
    picture(page, "answer-form")
    fits(page)
    guest.get_by_label("Votre message").fill("Je viens jeudi avec ma sœur.")
    guest.get_by_label("Votre nom").fill("Léa")
    guest.get_by_label("Votre courriel").fill("lea@exemple")
    guest.get_by_role("button", name="Envoyer la réponse").click()
    expect(guest.locator("#error-summary")).to_be_visible()
    expect(guest.get_by_label("Votre message")).to_have_value("Je viens jeudi avec ma sœur.")
    guest.get_by_label("Votre courriel").fill("lea@exemple.org")
    guest.get_by_role("button", name="Envoyer la réponse").click()
    expect(guest.locator("h1")).to_have_text("Regardez votre courriel")
    guest.goto(served.url + "/dev/mail")
    guest.get_by_role("link", name="Confirmez votre réponse").first.click()
    found = re.search(r"http://\S+/confirm\?token=\S+", guest.inner_text("body"))
    assert found
    guest.goto(found[0])
    guest.get_by_role("button", name="Oui, envoyer ma réponse").click()
    expect(guest.locator("#answer-state")).to_contain_text("Reçue")
    picture(guest, "answer-guest")
    guest.get_by_text("Retirer ma réponse").click()
    guest.get_by_label("plus disponible").check()
    guest.get_by_role("button", name="Retirer", exact=True).click()
    expect(guest.locator("#answer-state")).to_contain_text("Retirée")
    phone.close()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_a_coordinator_handles_ten_answers_by_keyboard_alone(page: Page, served: Served) -> None:
    made = subprocess.run([sys.executable, "-c", TEN, str(served.data), CHAIRS], cwd=ROOT,
                          check=True, capture_output=True, text=True)  # fmt: skip
    enter(page, served)
    page.goto(served.url + "/fr/organisations/maison-des-voisins-du-canal/answers")
    picture(page, "answers-inbox")
    fits(page)
    page.goto(f"{served.url}/fr/p/{made.stdout.strip()}/answers")
    buttons = page.locator("button[value=accept]")
    expect(buttons).to_have_count(10)
    for done in range(10):
        reach(page, "accept")
        page.keyboard.press("Enter")
        expect(buttons).to_have_count(9 - done)
    picture(page, "answers-handled")


def reach(page: Page, do: str) -> None:
    """Press Tab until a button of that name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == do:
            return
    raise AssertionError(f"no button {do} within sixty steps")
