"""Answering on the page, as each actor: a visitor, a person, an editor, a stranger."""

from __future__ import annotations

from typing import Any

from flask import Flask

from board import clock, news
from board.answers import deciding
from board.answers.models import Response
from board.answers.rules import State
from board.database import will_write
from board.extensions import db
from board.organisations.rules import Role
from board.posts.models import Post
from tests.accounts.helpers import PASSWORD
from tests.answers.helpers import PLACES, answered, line_of, link_in, loan, mails, need
from tests.factories import make_membership, make_organisation, make_person, make_post
from tests.pages import CheckedClient, csrf, sign_in, text_of


def field(post: Post) -> str:
    """The field of the first line."""
    return f"line-{post.lines[0].uuid}"


def send(client: CheckedClient, post: Post, n: str = "1", **values: str) -> Any:
    """Fill in « Répondre » and send it."""
    page = f"/fr/p/{post.uuid}"
    html = text_of(client.get(page))
    data = {field(post): n, "message": "Je peux aider samedi.", "do": "answer", **values}
    if 'name="csrf_token"' in html:
        data["csrf_token"] = csrf(client, page)
    return client.post(f"{page}/answer", data=data)


def act(client: CheckedClient, one: Response, do: str, **values: str) -> Any:
    """Press a button of an answer's page."""
    path = f"/fr/answers/{one.uuid}"
    return client.post(path, data={"do": do, "csrf_token": csrf(client, path), **values})


def only() -> Response:
    """The one answer that there is."""
    db.session.rollback()
    found = db.session.query(Response).populate_existing().all()
    assert len(found) == 1
    return found[0]


def guest_sends(client: CheckedClient, post: Post, **values: str) -> Any:
    """Answer without an account."""
    return send(client, post, **{"name": "Paul", "email": "paul@exemple.org", **values})


def test_a_guest_answers_confirms_follows_and_withdraws(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    sent = guest_sends(client, post)
    assert sent.status_code == 303
    assert "Regardez votre courriel" in text_of(client.get(sent.location))
    mail = mails("paul@exemple.org")[0]
    assert "samedi" not in mail.text and "Paul" not in mail.text and post.title not in mail.text
    assert not mails(editor.email)
    other = app.test_client()
    led = other.get(link_in(mail))
    assert (led.status_code, "token" in led.location) == (303, False)
    page = other.get(led.location)
    assert "samedi" in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"
    assert only().confirmed_at is None
    followed = other.post(led.location)
    assert followed.location == f"/fr/answers/{only().uuid}/guest"
    assert "samedi" in mails(editor.email)[0].text
    assert "samedi" in other.get(followed.location).get_data(as_text=True)
    assert other.post(led.location).status_code == 410
    amended = other.post(followed.location, data={"do": "amend", field(post): "2"})
    assert (amended.status_code, only().lines[0].quantity) == (303, 2)
    gone = other.post(followed.location, data={"do": "withdraw"})
    assert gone.status_code == 422
    gone = other.post(followed.location, data={"do": "withdraw", "reason": "too_far"})
    assert (gone.status_code, only().state) == (303, State.WITHDRAWN)


def test_an_address_that_answered_already_learns_it_by_mail_only(
    app: Flask, client: CheckedClient
) -> None:
    post, _editor = need()
    guest_sends(client, post)
    browser = app.test_client()
    browser.post(browser.get(link_in(mails("paul@exemple.org")[0])).location)
    again = guest_sends(client, post)
    assert again.location == f"/fr/p/{post.uuid}/answered"
    assert only().is_guest
    assert any("déjà répondu" in mail.subject for mail in mails("paul@exemple.org"))


def test_bad_input_keeps_what_was_typed(app: Flask, client: CheckedClient) -> None:
    post, _editor = need(conditions="Gilet jaune")
    answer = guest_sends(client, post, n="une douzaine", email="paul", first="2026-12-02",
                         last="2026-12-01")  # fmt: skip
    html = text_of(answer)
    assert answer.status_code == 422
    for name in ("https://evil.example/a", "\u2063", "\u202e", "514 555-0123"):
        assert guest_sends(client, post, n="1", agrees="y", name=name).status_code == 422, name
    for typed in ("une douzaine", 'value="paul"', "Je peux aider samedi.", "2026-12-02"):
        assert typed in html
    assert "vient après le premier" in html and "prenom@exemple.org" in html
    assert "au plus" in text_of(guest_sends(client, post, n="7", agrees="y"))
    assert "cochez la case" in text_of(guest_sends(client, post))
    assert db.session.query(Response).count() == 0


def test_a_person_answers_and_editors_handle_it_on_the_page(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    ana = make_person(name="Ana")
    news.commit()
    sign_in(client, ana)
    sent = send(client, post, n="2")
    assert sent.location == f"/fr/answers/{only().uuid}"
    assert "Reçue" in text_of(client.get(sent.location))
    assert "La suivre" in text_of(client.get(f"/fr/p/{post.uuid}"))
    assert "Repas de quartier" in text_of(client.get("/fr/account/answers"))
    desk = app.test_client()
    assert isinstance(desk, CheckedClient)
    sign_in(desk, editor)
    slug = post.organisation.slug
    for path in (f"/fr/p/{post.uuid}/answers", f"/fr/organisations/{slug}/answers"):
        assert "Ana" in text_of(desk.get(path))
    assert "Une réponse attend" in text_of(desk.get(f"/fr/p/{post.uuid}"))
    assert "une réponse à traiter" in text_of(desk.get("/fr/account"))
    act(desk, only(), "review")
    take = f"take-{only().lines[0].uuid}"
    assert act(desk, only(), "accept", **{take: "9"}).status_code == 409
    back = f"/fr/organisations/{slug}/answers?section=waiting"
    taken = act(desk, only(), "accept", **{take: "1"}, back=back)
    assert (taken.status_code, taken.location) == (303, back)
    assert (only().state, line_of(post).committed) == (State.COMMITTED, 1)
    card = text_of(client.get("/fr/"))
    assert "2 à trouver sur 3" in card
    found = client.get("/api/v1/posts").get_json()["items"][0]
    assert (found["lines"][0]["remaining"], found["state"]) == (2, "partly_met")
    assert act(desk, only(), "decline").status_code == 422
    act(desk, only(), "done")
    assert only().state is State.DONE


def test_who_could_only_be_refused_reads_so_at_once_instead_of_the_form(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    ana = make_person(name="Ana")
    mine = answered(post, ana)
    alike = make_post(title=post.title, purpose=post.purpose, by=make_organisation(name="Autre"),
                      lines=[PLACES])  # fmt: skip
    news.commit()
    page = f"/fr/p/{post.uuid}/answer"
    form = 'name="message"'
    assert form in text_of(client.get(page))
    sign_in(client, ana)
    told = text_of(client.get(page))
    assert "déjà répondu" in told and f"/fr/answers/{mine.uuid}" in told and form not in told
    make_membership(ana, alike.organisation, Role.EDITOR)
    news.commit()
    told = text_of(client.get(page))
    assert f"/fr/answers/{mine.uuid}" in told and form in told, "she may answer for them"
    sign_in(client, editor)
    told = text_of(client.get(page))
    assert "annonce de votre organisation" in told and form not in told
    will_write()
    post.met_at = clock.now()
    news.commit()
    told = text_of(app.test_client().get(page))
    assert "On ne peut plus répondre" in told and form not in told
    assert f"/fr/p/{alike.uuid}" in told


def test_a_stranger_finds_nothing_of_an_answer(app: Flask, client: CheckedClient) -> None:
    post, _editor = need()
    one = answered(post, message="mot secret")
    stranger = make_person()
    make_organisation(responsible=stranger)
    news.commit()
    path = f"/fr/answers/{one.uuid}"
    assert "/sign-in" in client.get(path).location
    assert client.get(f"{path}/guest").status_code == 410
    assert client.get(f"{path}/confirm").status_code == 410
    sign_in(client, stranger)
    token = csrf(client, "/fr/settings")
    assert client.get(path).status_code == 404
    assert client.post(path, data={"do": "accept", "csrf_token": token}).status_code == 404
    for address in (
        f"/fr/p/{post.uuid}/answers",
        f"/fr/organisations/{post.organisation.slug}/answers",
    ):
        assert client.get(address).status_code in {403, 404}
    for page in (f"/fr/p/{post.uuid}", "/fr/", "/api/v1/posts"):
        html = text_of(client.get(page))
        assert "mot secret" not in html and str(one.uuid) not in html


def test_one_address_is_not_flooded(app: Flask, client: CheckedClient) -> None:
    post, _editor = need()
    answers = [guest_sends(client, post).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    assert len(mails("paul@exemple.org")) == 5


def test_who_comes_too_late_is_offered_the_reserve(app: Flask, client: CheckedClient) -> None:
    post, editor = need(quantity=1)
    one = answered(post)
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    assert "Attendre en réserve" in text_of(client.get(f"/fr/p/{post.uuid}"))
    late = guest_sends(client, post)
    assert late.status_code == 422 and "attendre en réserve" in text_of(late)
    assert guest_sends(client, post, do="reserve").status_code == 303
    browser = app.test_client()
    path = browser.get(link_in(mails("paul@exemple.org")[0])).location
    follow = browser.post(path).location
    assert "tête de la réserve" in text_of(browser.get(follow))


def test_the_public_cannot_count_answers(app: Flask, client: CheckedClient) -> None:
    post, _editor = need(quantity=30)
    page = f"/fr/p/{post.uuid}"
    assert "Personne n’a encore répondu" in text_of(client.get(page))
    answered(post)
    once, version = text_of(client.get(page)), db.session.get(Post, post.id).version  # type: ignore[union-attr]
    answered(post)
    answered(post)
    assert text_of(client.get(page)) == once
    db.session.rollback()
    assert db.session.get(Post, post.id, populate_existing=True).version == version  # type: ignore[union-attr]


def test_each_side_has_its_own_buttons_only(app: Flask, client: CheckedClient) -> None:
    post, editor = need()
    ana = make_person()
    one = answered(post, ana)
    sign_in(client, ana)
    assert act(client, one, "accept").status_code == 422
    sign_in(client, editor)
    assert act(client, one, "withdraw", reason="too_far").status_code == 422
    assert only().state is State.RECEIVED


def test_a_post_that_is_full_offers_the_reserve(app: Flask, client: CheckedClient) -> None:
    post, editor = need(quantity=9)
    sign_in(client, editor)
    path = f"/fr/p/{post.uuid}/answers"
    data = {"cap": "1", "first_come": str(post.lines[0].uuid), "csrf_token": csrf(client, path)}
    assert client.post(f"{path}/reception", data=data | {"cap": "x"}).status_code == 422
    assert client.post(f"{path}/reception", data=data).status_code == 303
    answered(post)
    visitor = app.test_client()
    assert isinstance(visitor, CheckedClient)
    html = text_of(visitor.get(f"/fr/p/{post.uuid}"))
    assert "Réponses à l’étude" in html and "Attendre en réserve" in html
    ana = make_person()
    news.commit()
    sign_in(visitor, ana)
    refused = send(visitor, post)
    assert refused.status_code == 422 and "en réserve" in text_of(refused)
    kept = send(visitor, post, do="reserve")
    assert "tête de la réserve" in text_of(visitor.get(kept.location))


def test_a_person_takes_their_answers_along_and_leaves_nothing(
    app: Flask, client: CheckedClient
) -> None:
    from board.accounts import services as accounts

    post, editor = loan()
    will_write()
    ana = accounts.create_account(
        name="Ana", email="ana@exemple.org", password=PASSWORD, language="fr"
    )
    ana.confirmed_at = post.published_at
    one = answered(post, ana, n=4, message="mot à moi")
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    sign_in(client, ana)
    known = client.get("/fr/account/export").get_json()["answers"]
    assert (known[0]["lines"][0]["agreed"], known[0]["messages"][0]["body"]) == (4, "mot à moi")
    token = csrf(client, "/fr/account/delete")
    gone = client.post("/fr/account/delete", data={"password": PASSWORD, "csrf_token": token})
    assert gone.status_code == 303
    left = only()
    assert (left.state, left.person_id, line_of(post).committed) == (State.WITHDRAWN, None, 0)
    assert [m.body for m in only().messages] == [""]


def test_guests_are_forgotten(app: Flask, client: CheckedClient) -> None:
    from datetime import timedelta

    from board import clock
    from board.accounts.models import Token
    from board.answers import jobs
    from tests.conftest import NOW

    post, _editor = need()
    guest_sends(client, post)
    clock.fix(NOW + timedelta(days=4))
    will_write()
    jobs.purge()
    assert db.session.query(Response).count() == db.session.query(Token).count() == 0
    news.commit()
    assert not mails("lea@exemple.org"), "nor is what was written to the address"
    guest_sends(client, post, email="lea@exemple.org")
    browser = app.test_client()
    path = browser.get(link_in(mails("lea@exemple.org")[0])).location
    follow = browser.post(path).location
    browser.post(follow, data={"do": "withdraw", "reason": "other"})
    clock.fix(NOW + timedelta(days=95))
    will_write()
    jobs.purge()
    one = only()
    assert (one.guest_name, one.guest_email, one.messages[0].body) == ("", None, "")
    assert not mails("lea@exemple.org")
    assert browser.get(follow).status_code == 410
