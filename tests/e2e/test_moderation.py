"""A visitor reports on a phone; a moderator hides and restores; the author reads and appeals."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import ROOT, Served
from tests.e2e.test_posting import enter, fits, picture

TITLE = "Marteau-pilon de démonstration"


def flask(served: Served, *words: str) -> None:
    """Run a command on the served board."""
    environment = {**os.environ, "BABILLARD_DATA": str(served.data),
                   "BABILLARD_BASE_URL": served.url}  # fmt: skip
    subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *words], cwd=ROOT,
                   env=environment, check=True, capture_output=True)  # fmt: skip


def another(page: Page, chromium: Browser, *, scripts: bool = True) -> tuple[BrowserContext, Page]:
    """Somebody else's browser, as wide as this one."""
    context = chromium.new_context(
        locale="fr-CA", viewport=page.viewport_size, java_script_enabled=scripts
    )
    return context, context.new_page()


def publish(page: Page, served: Served) -> str:
    """Publish an offer and return its address."""
    enter(page, served)
    page.goto(served.url + "/fr/publish?purpose=offer&sentence=Nous+offrons+10+tables+pliantes")
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("Annonce publiée")
    return page.url


def moderator(page: Page, served: Served) -> None:
    """Sign in as the second sample account, which now looks after the board."""
    email, password = served.accounts[1]
    flask(served, "moderator", "add", email)
    page.goto(served.url + "/fr/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def decide(page: Page, verdict: str, reason: str) -> None:
    """Fill in a decision and send it."""
    page.locator(f"input[name=verdict][value={verdict}]").check()
    page.get_by_label("Au nom de quelle règle").select_option("safety")
    page.get_by_label("La raison").fill(reason)
    page.get_by_role("button", name="Décider").click()


@pytest.mark.parametrize("page", [360], indirect=True)
def test_reported_hidden_appealed_restored(page: Page, served: Served, chromium: Browser) -> None:
    address = publish(page, served)
    reading, visitor = another(page, chromium, scripts=False)
    visitor.goto(address)
    picture(visitor, "moderation-post")
    visitor.get_by_role("link", name="Signaler, ou dire").click()
    visitor.get_by_role("button", name="Envoyer le signalement").click()
    expect(visitor.locator("#error-summary")).to_contain_text("Choisissez la règle")
    visitor.get_by_label("6. Ne mettre personne en danger").check()
    visitor.get_by_label("Ce que vous avez vu").fill("Le manche est fendu.")
    picture(visitor, "moderation-report")
    visitor.get_by_role("button", name="Envoyer le signalement").click()
    expect(visitor.locator("h1")).to_have_text("Merci")
    picture(visitor, "moderation-thanks")

    looking, judge = another(page, chromium)
    moderator(judge, served)
    judge.goto(served.url + "/fr/moderation?waiting=report")
    picture(judge, "moderation-queue")
    fits(judge)
    judge.get_by_role("link", name=TITLE).first.click()
    expect(judge.locator("main")).to_contain_text("Le manche est fendu.")
    picture(judge, "moderation-decide")
    fits(judge)
    decide(judge, "hide", "Un manche fendu blesse.")
    expect(judge.locator(".flashes")).to_contain_text("C’est décidé")
    assert (visitor.goto(address) or judge).status == 410  # type: ignore[union-attr]

    page.goto(address)
    expect(page.locator("#decision")).to_contain_text("Un manche fendu blesse.")
    picture(page, "moderation-author")
    fits(page)
    page.get_by_role("link", name="Faire appel").click()
    fits(page)
    picture(page, "moderation-appeal")
    page.get_by_label("Pourquoi faut-il").fill("Le manche est neuf depuis ce matin.")
    page.get_by_role("button", name="Envoyer l’appel").click()
    expect(page.locator("#decision")).to_contain_text("Votre appel est reçu")

    judge.goto(served.url + "/fr/moderation?waiting=appeal")
    judge.get_by_role("link", name=TITLE).first.click()
    expect(judge.locator("main")).to_contain_text("Le manche est neuf")
    picture(judge, "moderation-decide-appeal")
    decide(judge, "restore", "Réparé, merci.")
    expect(judge.locator(".flashes")).to_contain_text("C’est décidé")
    assert (visitor.goto(address) or judge).status == 200  # type: ignore[union-attr]
    judge.goto(served.url + "/fr/moderation/log")
    fits(judge)
    picture(judge, "moderation-log")
    reading.close()
    looking.close()


def test_what_everybody_reads_of_moderation_is_accessible(page: Page, served: Served) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for path in ("/fr/rules", "/fr/moderation-figures", "/es/rules", "/en/thanks",
                     "/fr/organisations/maison-des-voisins-du-canal/report"):  # fmt: skip
            page.goto(served.url + path)
            fits(page)
            picture(page, "moderation" + path.replace("/", "-") + "-" + scheme)
