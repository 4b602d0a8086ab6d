"""Who acts for an organisation: invitations are for one address, somebody always answers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from board import clock
from board.accounts.models import Person
from board.accounts.panels import erase_elsewhere, exports_of, panels_of
from board.database import begin_writing, will_write
from board.errors import Invalid
from board.extensions import db
from board.organisations import queries, services
from board.organisations.models import Invitation, Organisation
from board.organisations.rules import Role
from tests.conftest import NOW
from tests.factories import make_membership, make_organisation, make_person, make_post
from tests.organisations.helpers import as_, house, mails_to, post, text
from tests.pages import CheckedClient

MEMBERS = "/fr/organisations/abri/members"
JOIN = "/fr/organisations/join"


def invite(client: CheckedClient, email: str = "bea@example.org", role: str = "editor") -> str:
    """Send an invitation as the signed-in responsible and return the address in its mail."""
    assert post(client, MEMBERS, {"email": email, "role": role}).status_code == 303
    db.session.rollback()
    found = re.search(r"https?://[^/]+(/\S+token=\S+)", mails_to(email)[-1].text)
    assert found is not None
    return found[1]


def role_of(organisation: Organisation, person: Person) -> Role | None:
    db.session.rollback()
    return queries.find_role(organisation.id, person.id)


def test_each_actor_before_the_members(client: CheckedClient) -> None:
    _, responsible, editor, stranger = house(slug="abri")
    assert client.get(MEMBERS).status_code == 303
    for person, status in ((stranger, 404), (editor, 403), (responsible, 200)):
        assert as_(client, person).get(MEMBERS).status_code == status
        answer = post(client, MEMBERS, {"email": "x@example.org", "role": "editor"})
        assert answer.status_code == (303 if status == 200 else status)


def test_an_invited_person_takes_the_seat_once(client: CheckedClient) -> None:
    abri, responsible, *_ = house(slug="abri", name="Abri")
    bea = make_person(email="bea@example.org")
    db.session.commit()
    link = invite(as_(client, responsible))
    as_(client, bea)
    moved = client.get(link)
    assert (moved.status_code, moved.headers["Location"]) == (303, JOIN)
    page = client.get(JOIN)
    assert page.status_code == 200
    assert "Abri" in text(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert role_of(abri, bea) is None
    assert post(client, JOIN).status_code == 303
    assert role_of(abri, bea) is Role.EDITOR
    client.get(link)
    assert client.get(JOIN).status_code == 410
    assert post(client, JOIN).status_code == 410


def test_the_mail_carries_nothing_but_the_name_and_the_link(client: CheckedClient) -> None:
    _, responsible, *_ = house(slug="abri", name="Abri", description_md="Canari secret")
    link = invite(as_(client, responsible))
    mail = mails_to("bea@example.org")[0]
    assert "Abri" in mail.text
    assert "Canari" not in mail.text
    token = link.partition("token=")[2]
    assert token not in {i.digest for i in db.session.scalars(select(Invitation))}


def test_somebody_else_cannot_take_the_seat(client: CheckedClient) -> None:
    abri, responsible, _, stranger = house(slug="abri")
    link = invite(as_(client, responsible))
    as_(client, stranger).get(link)
    page = client.get(JOIN)
    assert page.status_code == 403
    assert "autre adresse" in text(page)
    assert "bea@example.org" not in text(page)
    assert post(client, JOIN).status_code == 403
    assert role_of(abri, stranger) is None


def test_an_unconfirmed_claim_to_the_address_is_not_enough(client: CheckedClient) -> None:
    abri, responsible, *_ = house(slug="abri")
    link = invite(as_(client, responsible))
    claimer = make_person(email="bea@example.org", email_folded=None, confirmed_at=None)
    db.session.commit()
    as_(client, claimer).get(link)
    page = client.get(JOIN)
    assert page.status_code == 403
    assert "Confirmez d’abord" in text(page)
    assert post(client, JOIN).status_code == 403
    assert role_of(abri, claimer) is None


def test_a_visitor_is_led_to_sign_up_and_back(client: CheckedClient) -> None:
    _, responsible, *_ = house(slug="abri")
    link = invite(as_(client, responsible))
    fresh = client.application.test_client()
    fresh.get(link)
    page = fresh.get(JOIN)
    assert page.status_code == 200
    assert "sign-up?next=/fr/organisations/join" in text(page).replace("%2F", "/")
    assert fresh.post(JOIN).status_code == 403


def test_a_link_from_nowhere_is_dead(client: CheckedClient) -> None:
    assert client.get(JOIN).status_code == 410
    assert client.get(JOIN + "?token=" + "x" * 500).status_code == 303
    assert client.get(JOIN).status_code == 410


def test_an_invitation_expires(client: CheckedClient) -> None:
    abri, responsible, *_ = house(slug="abri")
    bea = make_person(email="bea@example.org")
    db.session.commit()
    link = invite(as_(client, responsible))
    clock.fix(NOW + timedelta(days=14, seconds=1))
    as_(client, bea).get(link)
    assert client.get(JOIN).status_code == 410
    assert role_of(abri, bea) is None


def test_an_invitation_can_be_called_back(client: CheckedClient) -> None:
    abri, responsible, editor, stranger = house(slug="abri")
    bea = make_person(email="bea@example.org")
    db.session.commit()
    link = invite(as_(client, responsible))
    sent = db.session.scalars(select(Invitation)).one()
    path = f"/fr/organisations/abri/invitations/{sent.uuid}/revoke"
    for person, status in ((stranger, 404), (editor, 403), (responsible, 303)):
        assert post(as_(client, person), path).status_code == status
    assert "bea@example.org" not in text(client.get(MEMBERS))
    as_(client, bea).get(link)
    assert client.get(JOIN).status_code == 410
    assert role_of(abri, bea) is None


def test_another_organisations_invitation_is_out_of_reach(client: CheckedClient) -> None:
    _, responsible, *_ = house(slug="abri")
    other, neighbour, *_ = house(slug="autre")
    invite(as_(client, responsible))
    sent = db.session.scalars(select(Invitation)).one()
    path = f"/fr/organisations/autre/invitations/{sent.uuid}/revoke"
    assert post(as_(client, neighbour), path).status_code == 404
    theirs = queries.members_of(queries.find_organisation("abri").id)[0]  # type: ignore[union-attr]
    for verb in ("role", "remove"):
        path = f"/fr/organisations/autre/members/{theirs.uuid}/{verb}"
        assert post(client, path, {"role": "editor"}).status_code == 404
    assert other.closed_at is None


def test_a_second_invitation_replaces_the_first(client: CheckedClient) -> None:
    _, responsible, *_ = house(slug="abri")
    bea = make_person(email="bea@example.org")
    db.session.commit()
    first = invite(as_(client, responsible))
    invite(client, "BEA@example.org".lower(), "responsible")
    assert text(client.get(MEMBERS)).count("bea@example.org,") == 1
    as_(client, bea).get(first)
    assert client.get(JOIN).status_code == 410


def test_who_acts_already_is_not_invited(client: CheckedClient) -> None:
    _, responsible, editor, _ = house(slug="abri")
    answer = post(as_(client, responsible), MEMBERS, {"email": editor.email, "role": "editor"})
    assert answer.status_code == 422
    assert "agit déjà" in text(answer)


@pytest.mark.parametrize(
    "data",
    [
        {"email": "", "role": "editor"},
        {"email": "x" * 300 + "@example.org", "role": "editor"},
        {"email": "bea@example.org", "role": "queen"},
        {"email": "bea@example.org\r\nBcc: all@example.org", "role": "editor"},
    ],
)
def test_bad_invitations_are_refused(client: CheckedClient, data: dict[str, str]) -> None:
    _, responsible, *_ = house(slug="abri")
    assert post(as_(client, responsible), MEMBERS, data).status_code == 422
    assert db.session.scalar(select(Invitation)) is None


def test_invitations_are_counted_by_day(client: CheckedClient) -> None:
    _, responsible, *_ = house(slug="abri")
    as_(client, responsible)
    for n in range(30):
        invite(client, f"n{n}@example.org")
    answer = post(client, MEMBERS, {"email": "trop@example.org", "role": "editor"})
    assert answer.status_code == 422
    assert mails_to("trop@example.org") == []


def test_who_has_not_confirmed_their_own_address_invites_nobody(client: CheckedClient) -> None:
    ana = make_person(confirmed_at=None, email_folded=None)
    make_organisation(slug="abri", responsible=ana)
    db.session.commit()
    answer = post(as_(client, ana), MEMBERS, {"email": "bea@example.org", "role": "editor"})
    assert answer.status_code == 422


def test_roles_change_but_one_person_always_answers(client: CheckedClient) -> None:
    abri, responsible, editor, stranger = house(slug="abri")
    one, two = queries.members_of(abri.id)
    own, theirs = (f"/fr/organisations/abri/members/{m.uuid}/role" for m in (one, two))
    for person, status in ((stranger, 404), (editor, 403)):
        assert post(as_(client, person), theirs, {"role": "responsible"}).status_code == status
    as_(client, responsible)
    refused = post(client, own, {"role": "editor"})
    assert refused.status_code == 422
    assert "au moins une personne responsable" in text(refused)
    assert post(client, theirs, {"role": "queen"}).status_code == 422
    assert post(client, theirs, {"role": "responsible"}).status_code == 303
    assert post(client, own, {"role": "editor"}).status_code == 303
    assert role_of(abri, responsible) is Role.EDITOR
    assert role_of(abri, editor) is Role.RESPONSIBLE
    assert client.get(MEMBERS).status_code == 403


def test_a_responsible_removes_an_editor_and_not_the_last_responsible(
    client: CheckedClient,
) -> None:
    abri, responsible, editor, stranger = house(slug="abri")
    one, two = queries.members_of(abri.id)
    own, theirs = (f"/fr/organisations/abri/members/{m.uuid}/remove" for m in (one, two))
    for person, status in ((stranger, 404), (editor, 403)):
        assert post(as_(client, person), theirs).status_code == status
    as_(client, responsible)
    assert post(client, own).status_code == 422
    assert post(client, theirs).status_code == 303
    assert role_of(abri, editor) is None
    assert post(client, theirs).status_code == 404


def test_an_editor_leaves_and_the_last_responsible_cannot(client: CheckedClient) -> None:
    abri, responsible, editor, stranger = house(slug="abri")
    path = "/fr/organisations/abri/leave"
    assert client.get(path).status_code == 303
    assert as_(client, stranger).get(path).status_code == 404
    assert as_(client, editor).get(path).status_code == 200
    assert role_of(abri, editor) is Role.EDITOR
    assert post(client, path).status_code == 303
    assert role_of(abri, editor) is None
    assert post(as_(client, responsible), path).status_code == 422
    assert role_of(abri, responsible) is Role.RESPONSIBLE


def test_the_service_itself_keeps_the_last_responsible(app: Flask) -> None:
    abri, responsible, *_ = house(slug="abri")
    will_write()
    membership = queries.find_member(abri.id, responsible.id)
    assert membership is not None
    with pytest.raises(Invalid):
        services.leave(membership=membership)
    with pytest.raises(Invalid):
        services.change_role(membership=membership, role=Role.EDITOR)


def test_erasing_hands_over_to_the_oldest_editor_and_tells_them(app: Flask) -> None:
    abri, responsible, editor, late = house(slug="abri", name="Abri")
    clock.fix(NOW + timedelta(days=1))
    make_membership(late, abri, Role.EDITOR)
    db.session.commit()
    begin_writing()
    erase_elsewhere(responsible)
    db.session.commit()
    assert role_of(abri, responsible) is None
    assert role_of(abri, editor) is Role.RESPONSIBLE
    assert role_of(abri, late) is Role.EDITOR
    assert "Abri" in mails_to(editor.email or "")[0].text
    db.session.refresh(abri)
    assert abri.closed_at is None


def test_erasing_the_only_member_closes_the_organisation(app: Flask) -> None:
    ana = make_person()
    abri = make_organisation(responsible=ana)
    standing = make_post(by=abri)
    db.session.commit()
    begin_writing()
    erase_elsewhere(ana)
    db.session.commit()
    assert abri.closed_at is not None
    assert standing.withdrawn_at is not None


def test_erasing_forgets_the_invitations_to_the_address(client: CheckedClient) -> None:
    _, responsible, *_ = house(slug="abri")
    bea = make_person(email="bea@example.org")
    db.session.commit()
    invite(as_(client, responsible))
    begin_writing()
    erase_elsewhere(bea)
    db.session.commit()
    assert db.session.scalar(select(Invitation)) is None


def test_old_invitations_are_forgotten(client: CheckedClient) -> None:
    _, responsible, *_ = house(slug="abri")
    invite(as_(client, responsible))
    clock.fix(NOW + timedelta(days=14 + 31))
    invite(client, "carl@example.org")
    emails = db.session.scalars(select(Invitation.email)).all()
    assert emails == ["carl@example.org"]


def test_a_person_exports_and_sees_for_whom_they_act(client: CheckedClient) -> None:
    _, responsible, *_ = house(slug="abri", name="Abri")
    bea = make_person(email="bea@example.org")
    db.session.commit()
    invite(as_(client, responsible))
    known = exports_of(responsible)["organisations"]
    assert known["memberships"][0]["slug"] == "abri"
    assert known["memberships"][0]["role"] == "responsible"
    assert exports_of(bea)["organisations"]["invitations"][0]["organisation"] == "Abri"
    assert exports_of(make_person())["organisations"] == {"memberships": [], "invitations": []}
    assert "organisations/panel.html" in [p.template for p in panels_of(responsible)]
    assert "Mes organisations" in text(client.get("/fr/account"))
