"""Founding and editing: what is typed is kept, nobody is overwritten, strangers stay out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from board.clock import now
from board.extensions import db
from board.organisations import queries
from board.organisations.models import Organisation
from board.organisations.rules import Role
from tests.factories import make_organisation, make_person, make_post
from tests.organisations.helpers import as_, house, post, text
from tests.pages import CheckedClient

NEW = "/fr/organisations/new"
GOOD = {"name": "Abri du Nord", "languages": ["fr"]}


def found(name: str) -> Organisation:
    db.session.rollback()
    organisation = db.session.scalar(select(Organisation).where(Organisation.name == name))
    assert organisation is not None
    return organisation


def test_a_person_founds_an_organisation_and_answers_for_it(client: CheckedClient) -> None:
    ana = make_person()
    db.session.commit()
    answer = post(
        as_(client, ana),
        NEW,
        {
            "name": "L’Abri  du Nord",
            "description": "Nous **ouvrons** le mardi. 514 555-0123",
            "place": "Matane",
            "website": "abri.example.org",
            "languages": ["fr", "en"],
        },
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/fr/organisations/l-abri-du-nord")
    abri = found("L’Abri du Nord")
    assert abri.verified_at is None
    assert abri.place is not None
    assert abri.place.name == "Matane"
    assert (abri.website, abri.languages) == ("https://abri.example.org", "fr,en")
    assert "<strong>ouvrons</strong>" in abri.description_html
    assert "555-0123" not in abri.description_html
    assert queries.find_role(abri.id, ana.id) is Role.RESPONSIBLE
    assert "est créée" in text(client.get("/fr/organisations/l-abri-du-nord"))


def test_the_form_begins_with_the_language_of_the_page(client: CheckedClient) -> None:
    ana = make_person()
    db.session.commit()
    for language in ("fr", "es"):
        page = text(as_(client, ana).get(f"/{language}/organisations/new"))
        checked = re.findall(r"<input[^>]* checked[^>]*>", page)
        assert [f'value="{language}"' in box for box in checked] == [True]


def test_a_visitor_signs_in_first_and_comes_back(client: CheckedClient) -> None:
    answer = client.get(NEW)
    assert answer.status_code == 303
    assert "next=/fr/organisations/new" in answer.headers["Location"].replace("%2F", "/")
    assert client.post(NEW, data=GOOD).status_code == 403
    assert db.session.scalar(select(Organisation)) is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": ""}, "comme sur son affiche"),
        ({"name": "?"}, "comme sur son affiche"),
        ({"name": "x" * 121}, "trop long"),
        ({"name": "Gagnez casino.com"}, "le nom seul"),
        ({"description": "x" * 4001}, "trop long"),
        ({"website": "javascript:alert(1)"}, "adresse Web"),
        ({"place": "Nullepartville"}, "ne connaît pas ce lieu"),
        ({"languages": []}, "au moins une langue"),
        ({"languages": ["klingon"]}, "À corriger"),
    ],
)
def test_bad_input_is_said_and_kept(client: CheckedClient, data: dict[str, Any], said: str) -> None:
    ana = make_person()
    db.session.commit()
    answer = post(as_(client, ana), NEW, {**GOOD, "description": "Gardez-moi", **data})
    assert answer.status_code == 422
    page = text(answer)
    assert said in page
    assert "description" in data or "Gardez-moi" in page
    assert db.session.scalar(select(Organisation)) is None


def test_an_unknown_place_can_be_added_without_losing_what_was_typed(
    client: CheckedClient,
) -> None:
    ana = make_person()
    db.session.commit()
    page = text(post(as_(client, ana), NEW, {**GOOD, "place": "Rang Perdu"}))
    assert "/fr/places/add?name=Rang" in page
    assert 'value="Rang Perdu"' in page


def test_broken_unicode_and_nul_are_cleaned_or_refused(client: CheckedClient) -> None:
    ana = make_person()
    db.session.commit()
    broken = post(as_(client, ana), NEW, {**GOOD, "name": "Abri\x00 du \u202eNord\u200b"})
    assert broken.status_code == 422 and "caractères illisibles" in broken.get_data(as_text=True)
    answer = post(client, NEW, {**GOOD, "name": "Abri du \u202eNord\u200b"})
    assert answer.status_code == 303
    assert found("Abri du Nord")


def test_hostile_markdown_is_harmless_on_the_page(client: CheckedClient) -> None:
    ana = make_person()
    db.session.commit()
    hostile = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://t.example/p.gif)"
    post(as_(client, ana), NEW, {**GOOD, "description": hostile})
    page = text(client.get("/fr/organisations/abri-du-nord"))
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<img" not in page


def test_a_look_alike_is_asked_about_then_flagged(client: CheckedClient) -> None:
    ana = make_person()
    first = make_organisation(name="Maison des voisins", slug="maison")
    db.session.commit()
    data = {**GOOD, "name": "La Maison dеs voisins"}  # one letter is Cyrillic
    answer = post(as_(client, ana), NEW, data)
    assert answer.status_code == 422
    assert "Est-ce la vôtre" in text(answer)
    assert "/fr/organisations/maison" in text(answer)
    assert post(client, NEW, {**data, "different": "y"}).status_code == 303
    second = found("La Maison dеs voisins")
    assert second.resembles_id == first.id
    page = text(client.get(f"/fr/organisations/{second.slug}"))
    assert "ressemble à celui d’une autre organisation" in page


def test_slugs_stay_apart_and_leave_the_board_its_words(client: CheckedClient) -> None:
    ana = make_person()
    db.session.commit()
    as_(client, ana)
    post(client, NEW, {**GOOD, "name": "Join"})
    post(client, NEW, {**GOOD, "name": "JOIN !", "different": "y"})
    slugs = db.session.scalars(select(Organisation.slug).order_by(Organisation.id)).all()
    assert slugs == ["join-2", "join-3"]


def test_nobody_founds_without_end(client: CheckedClient) -> None:
    ana = make_person()
    db.session.commit()
    as_(client, ana)
    for n in range(10):
        name = "Groupe " + "abcdefghij"[n] * 8
        assert post(client, NEW, {**GOOD, "name": name}).status_code == 303
    assert post(client, NEW, {**GOOD, "name": "Un de trop"}).status_code == 429


def form_of(organisation: Organisation, **more: Any) -> dict[str, Any]:
    return {"name": organisation.name, "languages": ["fr"], "edit_version":
            str(organisation.edit_version), **more}  # fmt: skip


def test_each_actor_before_the_page_of_edition(client: CheckedClient) -> None:
    abri, responsible, editor, stranger = house(slug="abri")
    path = "/fr/organisations/abri/edit"
    assert client.get(path).status_code == 303
    assert client.post(path, data=form_of(abri)).status_code == 403
    for person, status in ((stranger, 404), (editor, 403), (responsible, 200)):
        assert as_(client, person).get(path).status_code == status
        answer = post(client, path, form_of(abri, description="Changé"))
        assert answer.status_code == (303 if status == 200 else status)
    db.session.refresh(abri)
    assert (abri.description_md, abri.edit_version) == ("Changé", 2)


def test_the_address_stays_and_another_name_is_verified_anew(client: CheckedClient) -> None:
    abri, responsible, *_ = house(slug="abri", name="Abri du Nord", verified_at=now())
    as_(client, responsible)
    post(client, "/fr/organisations/abri/edit", form_of(abri, name="ABRI du nord"))
    db.session.refresh(abri)
    assert abri.verified_at is not None
    post(client, "/fr/organisations/abri/edit", form_of(abri, name="Ville de Montréal"))
    db.session.refresh(abri)
    assert (abri.slug, abri.name) == ("abri", "Ville de Montréal")
    assert not abri.verified_at


def test_two_people_at_once_see_both_texts_and_lose_nothing(client: CheckedClient) -> None:
    abri, responsible, *_ = house(slug="abri", name="Abri")
    as_(client, responsible)
    path = "/fr/organisations/abri/edit"
    first, second = form_of(abri, description="Le texte d’Ana"), form_of(abri, description="À moi")
    assert post(client, path, first).status_code == 303
    answer = post(client, path, second)
    assert answer.status_code == 409
    page = text(answer)
    assert "Le texte d’Ana" in page
    assert "À moi" in page
    db.session.refresh(abri)
    assert abri.description_md == "Le texte d’Ana"
    assert f'value="{abri.edit_version}"' in page
    assert post(client, path, form_of(abri, description="Les deux")).status_code == 303
    db.session.refresh(abri)
    assert abri.description_md == "Les deux"


def test_a_form_without_its_version_overwrites_nothing(client: CheckedClient) -> None:
    abri, responsible, *_ = house(slug="abri", name="Abri", description_md="Avant")
    as_(client, responsible)
    for version in ("", "x", "99999999999999999999", "-1"):
        data = form_of(abri, description="Après", edit_version=version)
        assert post(client, "/fr/organisations/abri/edit", data).status_code == 409
    db.session.refresh(abri)
    assert abri.description_md == "Avant"


def test_a_write_from_elsewhere_is_refused(client: CheckedClient) -> None:
    abri, responsible, *_ = house(slug="abri")
    as_(client, responsible)
    answer = client.post("/fr/organisations/abri/edit", data=form_of(abri))
    assert answer.status_code == 403


def test_closing_withdraws_every_post(client: CheckedClient) -> None:
    abri, responsible, editor, _ = house(slug="abri")
    standing = make_post(by=abri, title="Quarante chaises")
    db.session.commit()
    path = "/fr/organisations/abri/close"
    assert as_(client, editor).get(path).status_code == 403
    assert as_(client, responsible).get(path).status_code == 200
    assert post(client, path).status_code == 303
    db.session.refresh(standing)
    assert standing.withdrawn_at == now()
    assert client.get("/fr/organisations/abri").status_code == 410
    assert client.get("/fr/organisations/abri/edit").status_code == 410
    assert client.get(f"/fr/p/{standing.uuid}").status_code == 410
    assert "Quarante chaises" not in text(client.get("/fr/"))
    assert queries.members_of(abri.id) == []


@pytest.mark.parametrize("away", ["hidden_at", "unlisted_at"])
def test_a_name_that_the_directory_does_not_show_is_told_to_nobody(
    client: CheckedClient, away: str
) -> None:
    ana = make_person()
    first = make_organisation(name="Refuge de la rive", slug="refuge")
    setattr(first, away, now())
    db.session.commit()
    answer = post(as_(client, ana), NEW, {**GOOD, "name": "Le refuge de la Rive"})
    assert answer.status_code == 303
    second = found("Le refuge de la Rive")
    assert second.resembles_id == first.id  # its moderators still know
    shown = text(client.get(answer.location))
    assert "/fr/organisations/refuge" not in shown and "ressemble à celui" not in shown


def test_an_organisation_that_nobody_vouches_for_is_known_to_its_founder_alone(
    client: CheckedClient,
) -> None:
    ana, founder = make_person(), make_person(confirmed_at=None, email_folded=None)
    make_organisation(name="Refuge de la rive", slug="refuge", responsible=founder)
    db.session.commit()
    again = post(as_(client, founder), NEW, {**GOOD, "name": "Refuge de la Rive"})
    assert again.status_code == 422 and "/fr/organisations/refuge" in text(again)
    sent = {"purpose": "offer", "sentence": "Nous offrons 10 tables", "organisation": "new",
            "organisation_name": "Refuge de la Rive"}  # fmt: skip
    assert post(as_(client, ana), "/fr/publish", sent).status_code == 303
