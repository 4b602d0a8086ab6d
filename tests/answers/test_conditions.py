"""The conditions of a line: shown, agreed to, and asked anew when they changed since."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from board import clock, news
from board.accounts.models import Person
from board.answers import deciding, queries, services
from board.answers.checks import field_of
from board.answers.holds import Wanted
from board.answers.models import Response
from board.answers.rules import State
from board.database import will_write
from board.errors import Conflict, Invalid
from board.extensions import db
from board.posts.models import Line, Post
from tests.answers.helpers import answered, link_in, loan, mails, need, told
from tests.answers.test_pages import guest_sends
from tests.factories import make_line, make_person
from tests.pages import CheckedClient, csrf, sign_in, text_of

TERMS, OTHERS = "rapporter le lundi", "rapporter lavées, le dimanche"


def more(post: Post, **values: Any) -> Line:
    """A second line of a post."""
    will_write()
    line = make_line(position=1, **values)
    post.all_lines.append(line)
    news.commit()
    return line


def change(post: Post, conditions: str) -> None:
    """The editors write other conditions on the first line."""
    will_write()
    post.lines[0].conditions = conditions
    news.commit()
    will_write()


def asked(one: Response) -> int:
    """How many times whoever answered was asked to agree anew."""
    return sum("conditions ont changé" in mail.subject for mail in told(one))


def accept(one: Response, editor: Person) -> None:
    """Their editor says yes."""
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()


@pytest.mark.parametrize("before", [TERMS, ""])
def test_what_changed_since_is_agreed_to_anew_before_a_yes(app: Flask, before: str) -> None:
    post, editor = loan(conditions=before or None)
    one = answered(post)
    change(post, OTHERS)
    assert asked(one) == 1
    will_write()
    with pytest.raises(Invalid, match="conditions ont changé"):
        deciding.accept(response=one, by=editor, quantities={})
    db.session.rollback()
    change(post, OTHERS + ".")
    assert asked(one) == 1, "they are asked once until they say so"
    will_write()
    services.agree(response=one, by=one.person)
    news.commit()
    assert one.lines[0].agreed_to == OTHERS + "."
    assert one.agreed_at == clock.now()
    with pytest.raises(Conflict):
        services.agree(response=one, by=one.person)
    accept(one, editor)
    assert one.state is State.COMMITTED
    change(post, TERMS)
    assert asked(one) == 1, "what was promised stands on what was agreed"


def test_conditions_taken_away_ask_nothing(app: Flask) -> None:
    post, editor = loan(conditions=TERMS)
    one = answered(post)
    change(post, "")
    assert asked(one) == 0
    accept(one, editor)
    assert one.state is State.COMMITTED


def test_adding_a_line_with_conditions_shows_and_asks_them(
    app: Flask, client: CheckedClient
) -> None:
    post, _editor = loan()
    table = more(post, title="Tables", quantity=4, conditions=TERMS)
    me = make_person()
    one = answered(post, me)
    one.lines[0].agreed_to, chairs = None, post.lines[0]
    news.commit()
    sign_in(client, me)
    here = f"/fr/answers/{one.uuid}"
    shown = text_of(client.get(here))
    assert TERMS in shown.split("Changer ce que vous proposez")[1]
    typed = {"do": "amend", field_of(chairs): "2", field_of(table): "1"}
    typed["csrf_token"] = csrf(client, here)
    refused = client.post(here, data=typed)
    assert refused.status_code == 422
    assert "cochez la case" in text_of(refused)
    assert client.post(here, data=typed | {"agrees": "y", "conditions": "old"}).status_code == 422
    assert client.post(here, data=typed | {"agrees": "y"}).status_code == 303
    db.session.expire_all()
    assert {line.line_id: line.agreed_to for line in one.lines}[table.id] == TERMS
    assert TERMS not in text_of(client.get(here))


def test_a_guest_agrees_by_their_own_link_in_one_press(app: Flask, client: CheckedClient) -> None:
    post, editor = loan(conditions=TERMS)
    typed = {"name": "Gaston", "email": "gaston@exemple.ca", "agrees": "y", "do": "answer"}
    client.post(f"/fr/p/{post.uuid}/answer", data=typed | {field_of(post.lines[0]): "2"})
    link = link_in(mails("gaston@exemple.ca")[-1])
    client.post(client.get(link).headers["Location"])
    change(post, OTHERS)
    follow = client.get(link_in(mails("gaston@exemple.ca")[-1])).headers["Location"]
    assert OTHERS in text_of(client.get(follow))
    assert client.post(follow, data={"do": "agree", "conditions": "old"}).status_code == 409
    assert client.post(follow, data={"do": "agree"}).status_code == 303
    (one,) = queries.answers_to(post.id)
    db.session.refresh(one)
    db.session.expire(one, ["lines"])
    assert one.lines[0].agreed_to == OTHERS
    accept(one, editor)


def test_editors_read_why_they_cannot_accept(app: Flask, client: CheckedClient) -> None:
    post, editor = loan(conditions=TERMS)
    one = answered(post)
    change(post, OTHERS)
    sign_in(client, editor)
    here = f"/fr/answers/{one.uuid}"
    refused = client.post(here, data={"do": "accept", "csrf_token": csrf(client, here)})
    assert refused.status_code == 409
    assert "nous le lui avons demandé" in text_of(refused)
    for page in (here, f"/fr/p/{post.uuid}/answers"):
        shown = text_of(client.get(page))
        assert 'value="accept"' not in shown, "what cannot be is not proposed"
        assert "elle pourra être acceptée dès que la personne" in shown, "and why is said"


def test_adding_a_line_that_goes_to_whoever_comes_first_promises_it(app: Flask) -> None:
    post, editor = need()
    late = more(post, title="Desserts", quantity=1)
    one, other = answered(post), answered(post)
    for line in post.lines:
        line.first_come_at = clock.now()
    news.commit()
    will_write()
    services.amend(response=one, wanted=[Wanted(post.lines[0], 1), Wanted(late, 1)], by=one.person)
    services.amend(response=other, wanted=[Wanted(late, 1)], by=other.person)
    news.commit()
    assert (one.state, late.committed) == (State.COMMITTED, 1)
    assert other.state is State.RECEIVED, "the dessert was gone"
    assert "C’est oui" in told(one)[-1].subject
    assert any("c’est convenu" in mail.text for mail in mails(editor.email))


def test_who_comes_first_is_served_on_conditions_they_agreed_to_only(app: Flask) -> None:
    post, _editor = loan(conditions=TERMS)
    one = answered(post)
    post.lines[0].first_come_at = clock.now()
    change(post, OTHERS)
    services.agree(response=one, by=one.person)
    news.commit()
    assert one.state is State.COMMITTED


def test_what_an_empty_answer_lacks_is_said_at_once(app: Flask, client: CheckedClient) -> None:
    post, _editor = loan(conditions="Rapporter propre.")
    page = guest_sends(client, post, name="", email="", **{f"line-{post.lines[0].uuid}": ""})
    assert page.status_code == 422
    said = text_of(page)
    assert "Il reste 4 choses à corriger" in said
    for fault in ("Choisissez au moins", "Lisez les conditions", "votre nom, comme", "adresse"):
        assert fault in said
