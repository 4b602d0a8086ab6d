"""Two responsibles change an organisation at once: nobody's words are lost or put back."""

from __future__ import annotations

from typing import Any

import pytest

from board.extensions import db
from board.organisations.models import Organisation
from tests.organisations.helpers import as_, house, post, text
from tests.pages import CheckedClient, parse

PATH = "/fr/organisations/abri/edit"


def opened(client: CheckedClient) -> dict[str, Any]:
    """Return what a browser would send of the page of edition, as it stands."""
    return fields(text(client.get(PATH)))


def fields(html: str) -> dict[str, Any]:
    form = next(f for f in parse(html).iter("form") if f.get("action") == PATH)
    found: dict[str, Any] = {"languages": []}
    for one in form.iter():
        name, value = one.get("name"), one.get("value", "")
        if one.tag == "textarea":
            found[name or ""] = (one.text or "").lstrip("\r\n")
        elif one.tag == "input" and name == "languages" and "checked" in one.attrib:
            found["languages"].append(value)
        elif one.tag == "input" and name and name != "languages" and one.get("type") != "radio":
            found[name] = value
    return found


@pytest.fixture
def abri(client: CheckedClient) -> Organisation:
    """An organisation whose responsible is signed in."""
    organisation, responsible, *_ = house(slug="abri", name="Abri", description_md="Avant")
    as_(client, responsible)
    return organisation


def now_of(organisation: Organisation) -> Organisation:
    db.session.rollback()
    db.session.refresh(organisation)
    return organisation


def test_what_each_changed_alone_is_kept(client: CheckedClient, abri: Organisation) -> None:
    mine, theirs = opened(client), opened(client)
    assert (
        post(client, PATH, theirs | {"name": "Abri du Nord", "place": "Matane"}).status_code == 303
    )
    answer = post(client, PATH, mine | {"description": "Mon texte", "languages": ["fr", "en"]})
    page = text(answer)
    assert answer.status_code == 409 and 'id="to-choose"' not in page
    assert post(client, PATH, fields(page)).status_code == 303
    abri = now_of(abri)
    assert (abri.name, abri.description_md) == ("Abri du Nord", "Mon texte")
    assert abri.languages == "fr,en" and abri.place is not None and abri.place.name == "Matane"


@pytest.mark.parametrize(("keep", "said"), [("mine", "Mon texte"), ("theirs", "Leur texte")])
def test_what_both_changed_is_saved_only_once_it_is_chosen(
    client: CheckedClient, abri: Organisation, keep: str, said: str
) -> None:
    mine, theirs = opened(client), opened(client)
    post(client, PATH, theirs | {"description": "Leur texte"})
    page = text(post(client, PATH, mine | {"description": "Mon texte"}))
    assert "Leur texte" in page and "Mon texte" in page
    again = fields(page)
    silent = post(client, PATH, again)
    assert silent.status_code == 422 and "Choisissez quel texte garder" in text(silent)
    assert now_of(abri).description_md == "Leur texte"
    chosen = fields(text(silent)) | {"keep-description": keep}
    assert post(client, PATH, chosen).status_code == 303
    assert now_of(abri).description_md == said


def test_without_the_words_both_began_with_everything_that_differs_is_asked(
    client: CheckedClient, abri: Organisation
) -> None:
    for was in ("", "x", "[" * 5000, "[1]", '{"name": {"a": 1}}'):
        sent = opened(client) | {"description": "Après", "edit_version": "0", "was": was}
        answer = post(client, PATH, sent)
        assert answer.status_code == 409
        assert fields(text(answer))["clashes"] == "description"
    assert now_of(abri).description_md == "Avant"


def test_a_text_mended_by_hand_needs_no_choice(client: CheckedClient, abri: Organisation) -> None:
    mine = opened(client)
    post(client, PATH, opened(client) | {"description": "Leur texte"})
    again = fields(text(post(client, PATH, mine | {"description": "Mon texte"})))
    assert post(client, PATH, again | {"description": "Leur texte"}).status_code == 303
