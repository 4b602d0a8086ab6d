"""An author closes with an outcome; contacts are shared and taken back; the box counts."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import ROOT, Served
from tests.e2e.test_moderation import another
from tests.e2e.test_posting import enter, fits, picture

SLUG = "maison-des-voisins-du-canal"
MADE = """
import sys
from datetime import date, timedelta
from sqlalchemy import select
from board import clock, create_app, news
from board.alerts.jobs import tell_news
from board.answers import deciding, endings, services
from board.answers.holds import Wanted
from board.answers.models import Response
from board.answers.services import Answerer, Said
from board.config import read_settings
from board.database import writing
from board.extensions import db
from board.mail import Mail
from board.organisations.models import Organisation
from board.posts.rules import Kind, Purpose
from tests.factories import make_person, make_post
app = create_app(read_settings({"BABILLARD_DATA": sys.argv[1]}))
with app.app_context(), writing():
    ours = db.session.scalar(select(Organisation).where(Organisation.slug == sys.argv[2]))
    line = {"title": "Bénévoles", "kind": Kind.VOLUNTEER, "basis": None, "quantity": 4}
    post = make_post(by=ours, purpose=Purpose.NEED, title=sys.argv[3], lines=[line])
    news.commit()
    day = date.today() - timedelta(days=2)
    ids = []
    for n in range(2):
        person = make_person(email=f"flot{n}-{post.id}@exemple.org", name=f"Flore {n}")
        wanted = Wanted(post.lines[0], 1, day, day) if n else Wanted(post.lines[0], 1)
        said = Said((wanted,), agrees=True, message="Je viens.")
        one = services.answer(post=post, by=Answerer("fr", person), said=said)
        ids.append(one.uuid)
    deciding.accept(response=one, by=person, quantities={})
    news.commit()
    endings.ask(one.id)
    news.commit()
    clock.fix(clock.now() + timedelta(minutes=5))
    tell_news()
    news.commit()
    mail = db.session.scalar(select(Mail).where(Mail.recipient == person.email)
                             .order_by(Mail.id.desc()))
    print(post.uuid, ids[0], mail.text.split("http://")[1].split()[0])
"""


def made(served: Served, title: str) -> tuple[str, str, str]:
    """A post with an answer that waits, and one whose day is over: (post, answer, mail's link)."""
    ran = subprocess.run([sys.executable, "-c", MADE, str(served.data), SLUG, title], cwd=ROOT,
                         check=True, capture_output=True, text=True)  # fmt: skip
    post, answer, link = ran.stdout.split()
    return post, answer, f"{served.url}/{link.split('/', 1)[1]}"


@pytest.mark.parametrize("page", [360], indirect=True)
def test_an_author_closes_with_an_outcome_and_who_helped_says_how_it_went(
    page: Page, served: Served, chromium: Browser
) -> None:
    post, _answer, link = made(served, "Repas du dénouement")
    enter(page, served)
    page.goto(f"{served.url}/fr/account/inbox")
    expect(page.get_by_text("Nouveau").first).to_be_visible()
    expect(page.get_by_text("À répondre d’ici").first).to_be_visible()
    expect(page.locator("#unread-narrow")).to_be_visible()
    picture(page, "box")
    fits(page)
    page.goto(f"{served.url}/fr/p/{post}")
    page.locator("#fold-met summary").click()
    page.get_by_label("comblé grâce au babillard").check()
    page.locator("#fold-met").get_by_role("button", name="Terminer l’annonce").click()
    expect(page.locator(".flashes")).to_contain_text("complet, merci")
    page.goto(f"{served.url}/fr/p/{post}/answers")
    expect(page.get_by_text("Refusée")).to_be_visible()
    phone, helper = another(page, chromium)
    helper.goto(link)
    expect(helper.locator("h1")).to_have_text(re.compile("Comment cela s’est-il passé"))
    picture(helper, "outcome")
    fits(helper)
    helper.get_by_role("button", name="Le dire").click()
    expect(helper.locator(".flashes")).to_contain_text("C’est noté, merci")
    helper.goto(link)
    expect(helper.locator("main")).to_contain_text("C’est déjà dit")
    phone.close()


@pytest.mark.parametrize("page", [1280], indirect=True)
def test_contacts_are_shared_and_taken_back_and_the_count_follows(
    page: Page, served: Served
) -> None:
    page.clock.install()
    enter(page, served)
    count = page.locator("#unread-wide")
    before = int(count.get_attribute("data-count") or 0)
    _post, answer, _link = made(served, "Repas des coordonnées")
    page.clock.run_for(61_000)
    expect(count).to_have_attribute("data-count", str(before + 1))
    page.goto(f"{served.url}/fr/answers/{answer}")
    expect(count).to_have_attribute("data-count", str(before))
    page.locator("#give summary").click()
    page.get_by_label("Téléphone à donner").fill("418 555-0199")
    page.get_by_label("Pour quoi").fill("Pour se retrouver samedi")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("alert")).to_contain_text("418 555-0199")
    fits(page)
    page.get_by_role("button", name="Oui, les donner").click()
    expect(page.locator("#contacts")).to_contain_text("Vous avez donné")
    picture(page, "contacts")
    page.get_by_role("button", name="Reprendre").click()
    expect(page.locator("#contacts")).to_contain_text("Reprises le")
