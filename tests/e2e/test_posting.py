"""A coordinator posts: by phone and by desk, with scripts and without."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import assert_accessible
from tests.e2e.conftest import Served

SENTENCE = "Nous cherchons une salle accessible en fauteuil roulant pour 20 personnes à Montréal."
OFFERED = "Nous cherchons un congélateur à Montréal."


def enter(page: Page, served: Served) -> None:
    """Sign in as the first sample account."""
    email, password = served.accounts[0]
    page.goto(served.url + "/fr/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def picture(page: Page, name: str) -> None:
    """Keep a picture where PICTURES says (to set beside the design)."""
    if folder := os.environ.get("PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def fits(page: Page) -> None:
    """Nothing overflows, and axe finds nothing serious."""
    assert_accessible(page)
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_from_a_sentence_to_the_board(page: Page, served: Served) -> None:
    enter(page, served)
    page.goto(served.url + "/fr/publish")
    page.locator("label[for=purpose-0]").click()
    page.get_by_label("En une phrase").press_sequentially(OFFERED, delay=5)
    expect(page.locator("#live-panel .card").first).to_be_visible()
    page.get_by_label("En une phrase").fill(SENTENCE)
    expect(page.get_by_label("En une phrase")).to_be_focused()
    picture(page, "compose")
    fits(page)
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator("h1")).to_have_text("Vérifier et publier")
    expect(page.locator(".proposals")).to_contain_text("Montréal")
    picture(page, "edit")
    fits(page)

    page.get_by_label("Quoi").first.fill("Salle calme")
    page.get_by_role("button", name="Ajouter un élément").click()
    expect(page.locator(".line-row")).to_have_count(2)
    expect(page.get_by_label("Quoi").first).to_have_value("Salle calme")
    page.get_by_label("Quoi").nth(1).fill("Tableau blanc")
    page.get_by_label("Combien", exact=True).nth(1).fill("un")
    page.get_by_role("button", name="Ajouter un élément").click()
    expect(page.locator(".line-row")).to_have_count(3)
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(served.url + "/fr/")
    page.go_back()
    expect(page.locator(".line-row")).to_have_count(3)
    expect(page.get_by_label("Quoi").nth(1)).to_have_value("Tableau blanc")
    expect(page.get_by_label("Quoi").first).to_have_value("Salle calme")
    page.get_by_role("button", name="Retirer l’élément 3").click()
    expect(page.locator(".line-row")).to_have_count(2)
    page.get_by_role("button", name="Retirer l’élément 1").click()
    expect(page.locator(".line-row")).to_have_count(1)
    expect(page.get_by_label("Quoi")).to_have_value("Tableau blanc")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator("#error-summary")).to_contain_text("un nombre entier de 1 à")
    picture(page, "refused")
    fits(page)
    page.get_by_label("Combien", exact=True).fill("1")
    page.locator("#fold-body summary").click()
    page.locator("[name=body]").fill("Le **lundi** soir. Appelez le 418 555-0199.")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator("form .message")).to_contain_text("téléphone sera masqué")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("Annonce publiée")
    assert "555-0199" not in page.content()
    picture(page, "manage")
    fits(page)
    page.get_by_role("link", name="Historique").click()
    expect(page.locator(".history")).to_contain_text("Publiée")
    fits(page)


def test_two_tabs_lose_nothing(page: Page, served: Served) -> None:
    enter(page, served)
    page.goto(served.url + "/fr/publish?purpose=offer&sentence=Nous+offrons+10+tables+pliantes")
    page.get_by_role("button", name="Continuer").click()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Titre", exact=True).fill("Tables de l’autre onglet")
    other.get_by_role("button", name="Garder en brouillon").click()
    expect(other.locator(".flashes")).to_contain_text("Brouillon gardé")
    page.get_by_label("Titre", exact=True).fill("Tables de cet onglet")
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.locator("h1")).to_have_text("Deux personnes ont changé cette annonce")
    expect(page.locator("table")).to_contain_text("Tables de l’autre onglet")
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Tables de cet onglet")
    picture(page, "conflict")
    fits(page)
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.locator("#error-summary")).to_contain_text("Choisissez quel texte garder")
    page.get_by_label("Garder le vôtre").check()
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.locator(".flashes")).to_contain_text("Brouillon gardé")
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Tables de cet onglet")


def test_a_session_that_ends_while_one_writes_loses_nothing(page: Page, served: Served) -> None:
    enter(page, served)
    page.goto(served.url + "/fr/publish?purpose=offer&sentence=Nous+offrons+10+tables+pliantes")
    page.get_by_role("button", name="Continuer").click()
    address = page.url
    page.get_by_label("Titre", exact=True).fill("Écrit pendant une heure")
    desk = page.context.browser.new_context() if page.context.browser else None
    assert desk is not None
    other = desk.new_page()
    enter(other, served)
    other.goto(served.url + "/fr/account/settings")
    expect(other.locator(".sessions li")).not_to_have_count(1)
    picture(other, "sessions")
    fits(other)
    other.get_by_role("button", name="Déconnecter mes autres appareils").click()
    expect(other.locator(".flashes")).to_contain_text("déconnectés")
    desk.close()
    page.get_by_label("Titre", exact=True).press_sequentially(", encore", delay=5)
    expect(page.locator("#live-said")).to_contain_text("Vous n’êtes plus connecté")
    page.get_by_role("button", name="Ajouter un élément").click()
    expect(page.locator("h1")).to_have_text("Vérifier et publier")
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Écrit pendant une heure, encore")
    picture(page, "said-beside")
    fits(page)
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.locator(".felt .brand").click(no_wait_after=True)
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Écrit pendant une heure, encore")
    assert asked.value.type == "beforeunload"
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.locator("h1")).to_have_text("Se connecter")
    expect(page.locator("main")).to_contain_text("Rien n’est perdu")
    fits(page)
    email, password = served.accounts[0]
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("main form button").first.click()
    page.wait_for_url(address)
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Écrit pendant une heure, encore")
    picture(page, "restored")
    fits(page)
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.locator(".flashes")).to_contain_text("Brouillon gardé")


def reach(page: Page, wanted: str) -> None:
    """Press Tab until what has the focus is what a selector says."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", wanted):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_posting_works_with_the_keyboard_alone(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    enter(page, served)
    page.goto(served.url + "/fr/publish")
    reach(page, "[name=purpose]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#purpose-1")).to_be_checked()
    reach(page, "#sentence")
    page.keyboard.type("Nous prêtons six nappes rondes")
    reach(page, ".buttons .button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Vérifier et publier")
    reach(page, "#add-line")
    page.keyboard.press("Enter")
    expect(page.locator(".line-row")).to_have_count(2)
    expect(page.get_by_label("Quoi").nth(1)).to_be_focused()
    reach(page, "[name=do][value=publish]")
    page.keyboard.press("Enter")
    expect(page.locator(".flashes")).to_contain_text("Annonce publiée")
    context.close()


def test_posting_works_without_scripts(chromium: Browser, served: Served) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, served)
    page.goto(served.url + "/fr/publish")
    page.locator("label[for=purpose-1]").click()
    page.get_by_label("En une phrase").fill("Nous prêtons 12 chaises pliantes")
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_label("Combien", exact=True)).to_have_value("12")
    page.get_by_role("button", name="Ajouter un élément").click()
    page.get_by_label("Quoi").nth(1).fill("Nappes")
    page.get_by_role("button", name="Aperçu").click()
    expect(page.locator("#preview")).to_contain_text("Nappes")
    page.get_by_label("Titre").press("Enter")
    expect(page.locator(".flashes")).to_contain_text("Brouillon gardé")
    page.get_by_role("button", name="Publier", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("Annonce publiée")
    context.close()


def test_a_removed_line_comes_back_by_keyboard(page: Page, served: Served) -> None:
    enter(page, served)
    page.goto(served.url + "/fr/publish")
    page.locator("label[for=purpose-0]").click()
    page.get_by_label("En une phrase").fill(SENTENCE)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Ajouter un élément").press("Enter")
    second = page.get_by_label("Quoi").nth(1)
    expect(second).to_be_focused()
    second.fill("Tableau blanc")
    # A field that was pulled larger carries a style, which the policy forbids htmx to copy.
    second.evaluate("field => { field.style.width = '90%'; }")
    page.get_by_role("button", name="Retirer l’élément 2").press("Enter")
    undo = page.get_by_role("button", name="Annuler")
    expect(undo).to_be_focused()
    expect(page.locator("[data-says=lines]")).to_have_text("L’élément est retiré.")
    picture(page, "edit-removed")
    fits(page)
    page.get_by_label("Quoi").first.evaluate("field => { field.style.width = '90%'; }")
    undo.press("Enter")
    expect(second).to_be_focused()
    expect(second).to_have_value("Tableau blanc")
    expect(page.locator("[data-says=lines]")).to_have_text("L’élément est revenu.")
