"""The link of a reminder: one post, one person, once; without an account, never by a scanner."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from board import clock, news
from board.accounts.models import Person, Token
from board.database import will_write
from board.extensions import db
from board.organisations.models import Membership
from board.posts.models import Confirmation, Post
from board.posts.rules import Event, Outcome
from tests.conftest import NOW
from tests.factories import make_post
from tests.life.helpers import DAY, events, group, last_mail, link_in, work
from tests.pages import CheckedClient, sign_in
from tests.posts.helpers import fresh


def asked(app: Flask, **values: Any) -> tuple[Post, Person, str]:
    """A post that its author was asked about, and the path of the link."""
    organisation, _responsible, writer = group()
    post = make_post(by=organisation, author=writer, confirmed_at=NOW - 95 * DAY, **values)
    work(app)
    return post, writer, link_in(last_mail(writer))


def test_still_true_needs_no_account(app: Flask, client: CheckedClient) -> None:
    post, writer, path = asked(app)
    moved = client.get(path)
    assert moved.status_code == 303
    clean = f"/fr/p/{post.uuid}/still"
    assert moved.headers["Location"] == clean
    page = client.get(clean)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Toujours vrai" in page.get_data(as_text=True)
    assert fresh(post).confirmed_at == NOW - 95 * DAY, "a GET changes nothing"
    answer = client.post(clean, data={"do": "confirm"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/fr/p/{post.uuid}")
    assert fresh(post).confirmed_at == NOW
    said = db.session.scalars(select(Confirmation)).one()
    assert (said.by_id, said.via) == (writer.id, "link")
    assert "depuis un courriel" in client.get(f"{clean[:-6]}/history").get_data(as_text=True)
    assert client.post(clean, data={"do": "confirm"}).status_code == 410
    assert client.get(path, follow_redirects=True).status_code == 410


def test_over_asks_how_it_ended(app: Flask, client: CheckedClient) -> None:
    post, _writer, path = asked(app)
    clean = client.get(path).headers["Location"]
    refused = client.post(clean, data={"do": "end"})
    assert refused.status_code == 422
    assert "Choisissez comment cela s’est terminé." in refused.get_data(as_text=True)
    assert client.post(clean, data={"do": "end", "outcome": "met_here"}).status_code == 303
    ended = fresh(post)
    assert (ended.met_at, ended.outcome) == (NOW, Outcome.MET_HERE)


def test_what_nobody_wants_any_more_goes(app: Flask, client: CheckedClient) -> None:
    post, _writer, path = asked(app)
    clean = client.get(path).headers["Location"]
    answer = client.post(clean, data={"do": "end", "outcome": "no_longer_needed"})
    assert answer.headers["Location"] == "/fr/"
    gone = fresh(post)
    assert (gone.withdrawn_at, gone.outcome) == (NOW, Outcome.NO_LONGER_NEEDED)
    assert client.get(f"/fr/p/{post.uuid}").status_code == 410


def test_changing_the_post_leads_to_sign_in(app: Flask, client: CheckedClient) -> None:
    post, _writer, path = asked(app)
    client.get(path)
    answer = client.get(f"/fr/p/{post.uuid}/edit")
    assert "/sign-in" in answer.headers["Location"]


def test_links_side_by_side_do_not_mix(app: Flask, client: CheckedClient) -> None:
    organisation, _responsible, writer = group()
    one, two = (make_post(by=organisation, author=writer, title=title,
                          confirmed_at=NOW - 95 * DAY) for title in ("Une", "Deux"))  # fmt: skip
    work(app)
    mail = last_mail(writer)
    paths = [client.get(link_in(mail, at)).headers["Location"] for at in (0, 1)]
    first = next(path for path in paths if str(one.uuid) in path)
    client.post(first, data={"do": "confirm"})
    assert fresh(one).confirmed_at == NOW
    assert fresh(two).confirmed_at == NOW - 95 * DAY
    other = next(path for path in paths if str(two.uuid) in path)
    assert client.get(other).status_code == 200


def test_a_link_opens_no_other_post(app: Flask, client: CheckedClient) -> None:
    post, writer, path = asked(app)
    other = make_post(by=post.organisation, author=writer)
    news.commit()
    token = path.partition("?")[2]
    answer = client.get(f"/fr/p/{other.uuid}/still?{token}", follow_redirects=True)
    assert answer.status_code == 410


def test_a_link_dies_with_its_time_and_with_the_seat(app: Flask, client: CheckedClient) -> None:
    post, writer, path = asked(app)
    clean = client.get(path).headers["Location"]
    will_write()
    seat = db.session.scalars(select(Membership).where(Membership.person_id == writer.id)).one()
    seat.ended_at = NOW
    news.commit()
    assert client.post(clean, data={"do": "confirm"}).status_code == 410
    assert fresh(post).confirmed_at == NOW - 95 * DAY


def test_a_link_dies_after_its_time(app: Flask, client: CheckedClient) -> None:
    _post, _writer, path = asked(app)
    clock.fix(NOW + timedelta(days=45))
    assert client.get(path, follow_redirects=True).status_code == 410


def test_only_the_hash_of_a_link_is_kept(app: Flask) -> None:
    _post, writer, path = asked(app)
    raw = path.partition("token=")[2]
    kept = db.session.scalars(select(Token).where(Token.person_id == writer.id)).one()
    assert raw not in {kept.digest, str(kept.object_uuid)}


def test_what_moved_on_meanwhile_is_said(app: Flask, client: CheckedClient) -> None:
    post, _writer, path = asked(app)
    clean = client.get(path).headers["Location"]
    will_write()
    fresh(post).met_at = NOW
    news.commit()
    page = client.get(clean).get_data(as_text=True)
    assert "il n’y a rien à confirmer" in page
    client.post(clean, data={"do": "confirm"})
    assert events(post)["confirmed"] == 0


@pytest.mark.parametrize("path", ["/fr/p/{}/still", "/fr/p/{}/still?token=rien"])
def test_no_link_is_no_page(app: Flask, client: CheckedClient, path: str) -> None:
    post, _writer, _path = asked(app)
    assert client.get(path.format(post.uuid), follow_redirects=True).status_code == 410
    nobody = "00000000-0000-0000-0000-000000000001"
    assert client.get(path.format(nobody), follow_redirects=True).status_code == 410


def test_two_editors_at_once_one_confirms_and_one_ends_and_both_are_answered(app: Flask) -> None:
    organisation, responsible, writer = group()
    post = make_post(by=organisation, author=writer, confirmed_at=NOW - 121 * DAY)
    work(app)
    people = (writer, responsible)
    paths = [link_in(last_mail(person)) for person in people]
    data = [{"do": "confirm"}, {"do": "end", "outcome": "no_longer_needed"}]
    uuid = post.uuid
    answers: list[int] = []
    together = threading.Barrier(2)
    db.session.rollback()

    def press(path: str, form: dict[str, str]) -> None:
        browser = app.test_client()
        clean = browser.get(path).headers["Location"]
        together.wait(10)
        answers.append(browser.post(clean, data=form).status_code)

    hands = [threading.Thread(target=press, args=pair) for pair in zip(paths, data, strict=True)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(30)
    assert answers == [303, 303]
    db.session.rollback()
    after = db.session.scalars(select(Post).where(Post.uuid == uuid)).one()
    db.session.refresh(after)
    assert after.withdrawn_at == NOW, "who ended it is heard, whoever came first"
    steps = [event.event for event in after.events]
    assert steps.count(Event.WITHDRAWN) == 1
    assert steps.count(Event.CONFIRMED) <= 1


def test_the_link_signs_nobody_in(app: Flask, client: CheckedClient) -> None:
    _post, writer, path = asked(app)
    client.get(path, follow_redirects=True)
    assert "/sign-in" in client.get("/fr/account").headers["Location"]
    sign_in(client, writer)
