"""Contacts: given by an act of their own, seen by the other side alone, taken back, forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import text

from board import clock, news
from board.accounts import services as accounts
from board.accounts.models import Person
from board.answers import disclosing, ledger, services
from board.answers.disclosing import Gift
from board.answers.models import Disclosure, Response
from board.answers.rules import Actor, Reason
from board.clock import now
from board.database import will_write
from board.extensions import db
from board.organisations.rules import Role
from tests.answers.helpers import answered, link_in, mails, need
from tests.answers.test_pages import act, guest_sends, only
from tests.factories import make_membership, make_organisation, make_person
from tests.pages import CheckedClient, csrf, sign_in, text_of

PHONE = "514 555-0123"
GIVEN = {"contact_phone": PHONE, "contact_reason": "Convenir de l’heure."}


def given(one: Response, side: Actor = Actor.ANSWERER, **more: Any) -> Disclosure:
    """One side gives a telephone number."""
    will_write()
    by = one.person if side is Actor.ANSWERER else one.post.author
    gift = Gift({"phone": PHONE}, more.pop("reason", "Convenir de l’heure."), **more)
    made = disclosing.give(response=one, side=side, by=by, gift=gift)
    news.commit()
    return made


def again(one: Disclosure) -> Disclosure:
    """Read it again."""
    db.session.rollback()
    found = db.session.get(Disclosure, one.id, populate_existing=True)
    assert found is not None
    return found


def desk_of(app: Flask, person: Any) -> CheckedClient:
    """A second browser, signed in."""
    desk = app.test_client()
    assert isinstance(desk, CheckedClient)
    sign_in(desk, person)
    return desk


def ana_answered(client: CheckedClient) -> tuple[Response, Person, Person]:
    """The answer of Ana, who is signed in; she, and who edits the post."""
    post, editor = need()
    ana = make_person(name="Ana")
    one = answered(post, ana)
    sign_in(client, ana)
    return one, ana, editor


def test_contacts_are_given_after_a_second_look_and_taken_back_at_once(
    app: Flask, client: CheckedClient
) -> None:
    one, ana, editor = ana_answered(client)
    desk = desk_of(app, editor)
    page = f"/fr/answers/{one.uuid}"
    assert str(ana.email) in text_of(client.get(page))
    looked = act(client, one, "give", **GIVEN)
    assert (looked.status_code, db.session.query(Disclosure).count()) == (200, 0)
    assert "Vous donnez à Maison du Canal" in text_of(looked)
    assert PHONE not in text_of(desk.get(page))
    assert act(client, one, "give", sure="yes", **GIVEN).status_code == 303
    seen = text_of(desk.get(page))
    assert PHONE in seen and "Convenir de l’heure." in seen and str(ana.email) not in seen
    news_of_it = mails(editor.email)[-1]
    assert "vous donne ses coordonnées" in news_of_it.subject and PHONE not in news_of_it.text
    row = db.session.query(Disclosure).one()
    assert act(desk, one, "take_back", given=str(row.uuid)).status_code == 404
    assert act(client, one, "take_back", given=str(row.uuid)).status_code == 303
    assert PHONE not in text_of(desk.get(page)) and "Reprises le" in text_of(desk.get(page))
    assert (again(row).values, again(row).fields) == (None, ["phone"])


def test_what_is_wrong_is_said_and_what_was_typed_stays(client: CheckedClient) -> None:
    one, _ana, _editor = ana_answered(client)
    empty = act(client, one, "give", sure="yes", contact_reason="Samedi")
    assert empty.status_code == 422 and "ou les deux" in text_of(empty)
    wrong = act(client, one, "give", sure="yes", contact_phone="ma voisine", contact_email="ana@",
                contact_until="2020-01-01")  # fmt: skip
    html = text_of(wrong)
    assert wrong.status_code == 422
    for said in ("comme 514 555-0123", "à venir", "pour quoi", "prenom@exemple.org", "ma voisine"):
        assert said in html
    assert db.session.query(Disclosure).count() == 0


def test_a_guest_gives_and_takes_back_by_their_link(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    guest_sends(client, post)
    guest = app.test_client()
    followed = guest.post(guest.get(link_in(mails("paul@exemple.org")[0])).location).location
    data = {"do": "give", "sure": "yes", "contact_email": "paul@exemple.org",
            "contact_reason": "Samedi"}  # fmt: skip
    assert guest.post(followed, data=data).status_code == 303
    desk = desk_of(app, editor)
    page = f"/fr/answers/{only().uuid}"
    assert "mailto:paul@exemple.org" in text_of(desk.get(page))
    row = db.session.query(Disclosure).one()
    guest.post(followed, data={"do": "take_back", "given": str(row.uuid)})
    assert "paul@exemple.org" not in text_of(desk.get(page))


def test_strangers_learn_nothing_of_contacts(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    ana, stranger = make_person(name="Ana"), make_person()
    make_organisation(responsible=stranger)
    one = answered(post, ana)
    row = given(one)
    slug = post.organisation.slug
    take = f"/fr/account/contacts/{row.uuid}/take-back"
    paths = [f"/fr/organisations/{slug}/contacts", f"/fr/organisations/{slug}/contacts.csv"]
    for path in [*paths, "/fr/account/contacts"]:
        assert client.get(path).status_code == 303
    assert client.post(take).status_code == 403
    sign_in(client, stranger)
    token = {"csrf_token": csrf(client, "/fr/settings")}
    assert [client.get(path).status_code for path in paths] == [404, 404]
    sheet = desk_of(app, editor).get(paths[1])
    assert (sheet.status_code, sheet.headers["Cache-Control"]) == (200, "private, no-store")
    assert client.post(take, data=token).status_code == 404
    assert "Maison du Canal" not in text_of(client.get("/fr/account/contacts"))
    acted = client.post(f"/fr/answers/{one.uuid}", data={"do": "give", **GIVEN, **token})
    assert acted.status_code == 404
    desk = desk_of(app, editor)
    refused = desk.post(take, data={"csrf_token": csrf(desk, "/fr/settings")})
    assert (refused.status_code, again(row).revoked_at) == (404, None)
    assert PHONE not in text_of(client.get(f"/fr/p/{post.uuid}"))


def test_each_sees_and_takes_away_its_own_ledger(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    ana = make_person(name="=Ana")
    one = answered(post, ana)
    given(one, reason="=1+1")
    mine = given(one, Actor.EDITOR, reason="La clé")
    sign_in(client, ana)
    hers = text_of(client.get("/fr/account/contacts"))
    assert "À Maison du Canal" in hers and "De Maison du Canal" in hers and PHONE not in hers
    assert "Coordonnées données et reçues" in text_of(client.get("/fr/account"))
    exported = client.get("/fr/account/export").get_json()["contacts"]
    assert [entry["values"] for entry in exported] == [{"phone": PHONE}, None]
    colleague = make_person()
    make_membership(colleague, post.organisation, Role.EDITOR)
    news.commit()
    desk = desk_of(app, colleague)
    base = f"/fr/organisations/{post.organisation.slug}/contacts"
    theirs = text_of(desk.get(base))
    assert "De =Ana" in theirs and "À =Ana" in theirs and str(editor.name) in theirs
    table = text_of(desk.get(f"{base}.csv"))
    assert ",received,'=Ana,phone,'=1+1," in table and ",given,'=Ana,phone,La clé," in table
    back = {"back": base, "csrf_token": csrf(desk, base)}
    taken = desk.post(f"/fr/account/contacts/{mine.uuid}/take-back", data=back)
    assert (taken.status_code, taken.location) == (303, base)
    assert again(mine).values is None


def test_contacts_are_forgotten_on_their_day_and_long_after_the_end(app: Flask) -> None:
    post, _editor = need()
    one = answered(post)
    today = clock.today(post.timezone)
    dated, lasting = given(one, last=today + timedelta(days=3)), given(one)
    clock.fix(now() + timedelta(days=5))
    assert [ledger.is_open(row) for row in (dated, lasting)] == [False, True]
    will_write()
    assert disclosing.purge() == 1
    services.withdraw(response=one, by=one.person, reason=Reason.TOO_FAR)
    news.commit()
    clock.fix(now() + timedelta(days=91))
    will_write()
    assert (disclosing.purge(), disclosing.purge()) == (1, 0)
    news.commit()
    kept = db.session.scalar(text('SELECT count(*) FROM disclosure WHERE "values" IS NULL'))
    assert kept == 2


def test_who_leaves_takes_their_contacts_along(app: Flask) -> None:
    post, editor = need()
    one = answered(post)
    hers, theirs = given(one), given(one, Actor.EDITOR)
    will_write()
    assert one.person is not None
    accounts.forget(one.person)
    accounts.forget(editor)
    news.commit()
    for row in (again(hers), again(theirs)):
        assert (row.values, row.of_person_id, row.to_person_id) == (None, None, None)


def test_contacts_in_messages_are_masked_for_the_other_side(
    app: Flask, client: CheckedClient
) -> None:
    one, _ana, editor = ana_answered(client)
    act(client, one, "say", body=f"Appelez-moi au {PHONE} ou ana@exemple.org")
    page = f"/fr/answers/{one.uuid}"
    mine = text_of(client.get(page))
    assert PHONE in mine
    assert "les autres les voient masquées" in mine
    theirs = text_of(desk_of(app, editor).get(page))
    assert "Appelez-moi au [coordonnées masquées] ou" in theirs and PHONE not in theirs
    sent = mails(editor.email)[-1]
    assert PHONE not in sent.text and "ana@exemple.org" not in sent.text


def test_what_was_taken_back_before_its_mail_is_not_announced(
    app: Flask, client: CheckedClient
) -> None:
    one, _ana, editor = ana_answered(client)
    assert act(client, one, "give", sure="yes", **GIVEN).status_code == 303
    (made,) = ledger.of_response(one)
    act(client, one, "take_back", given=str(made.uuid))
    assert not [mail for mail in mails(editor.email) if "coordonnées" in mail.subject]
