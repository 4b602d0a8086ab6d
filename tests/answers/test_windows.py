"""Nobody is bound to more than they said, to days that nobody offered, or to a day gone by."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from board import clock, news
from board.answers import days, deciding
from board.answers.models import Response
from board.answers.rules import State
from board.database import will_write
from board.errors import Invalid
from board.extensions import db
from board.posts.models import Post
from tests.answers.helpers import answered, line_of, loan, need
from tests.answers.test_days import plain
from tests.answers.test_pages import act, field, only, send
from tests.conftest import NOW
from tests.factories import make_person
from tests.pages import CheckedClient, sign_in, text_of

FIRST, LAST = date(2026, 12, 10), date(2026, 12, 12)
WINDOW = {"needed_from": FIRST, "needed_until": LAST}
SAID = "du 10 décembre au 12 décembre seulement"


def test_a_yes_binds_nobody_to_more_than_they_said(app: Flask, client: CheckedClient) -> None:
    post, editor = loan(quantity=40)
    one = answered(post, n=1)
    all_of_them = answered(post, n=40)
    sign_in(client, editor)
    for response, typed, said in ((one, "5", "de 1."), (all_of_them, "41", "de 40.")):
        take = f"take-{response.lines[0].uuid}"
        refused = act(client, response, "accept", **{take: typed})
        html = text_of(refused)
        assert (refused.status_code, f'value="{typed}"' in html) == (409, True)
        assert f"la réponse est {said}" in html and "entre-temps" not in html
    assert line_of(post).committed == 0


def test_a_line_that_became_smaller_is_not_said_to_be_somebody_else_s(app: Flask) -> None:
    post, editor = need(quantity=3)
    one = answered(post, n=3)
    will_write()
    post.lines[0].quantity = 2
    with pytest.raises(Invalid, match="que 2") as refused:
        deciding.accept(response=one, by=editor, quantities={})
    assert "entre-temps" not in refused.value.message


def test_days_that_nobody_offered_are_refused_and_never_promised(
    app: Flask, client: CheckedClient
) -> None:
    post, _editor = loan(first_come_at=NOW, **WINDOW)
    sign_in(client, make_person())
    other = send(client, post, "27", first="2026-12-20", last="2026-12-22")
    html = plain(text_of(other))
    assert (other.status_code, SAID in html, 'value="2026-12-20"' in html) == (422, True, True)
    assert db.session.query(Response).count() == 0
    assert send(client, post, "27", last="2026-12-13").status_code == 422
    assert send(client, post, "27").status_code == 303
    (promised,) = only().lines[0].commitments
    assert (promised.needed_from, promised.needed_until) == (FIRST, LAST), "the line's own days"
    page = plain(text_of(app.test_client().get(f"/fr/p/{post.uuid}")))
    assert "13 au plus" in page and "autres jours" not in page
    later = answered(post, n=13, last=LAST)
    assert (later.state, line_of(post).committed) == (State.COMMITTED, 40)
    assert line_of(post).fullest == []


def test_the_author_s_new_days_hold_for_who_answered_before(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = loan(**WINDOW)
    one = answered(post, n=5, first=FIRST, last=LAST)
    will_write()
    post.lines[0].needed_from = post.lines[0].needed_until = date(2026, 12, 20)
    with pytest.raises(Invalid, match="pour d’autres jours"):
        deciding.accept(response=one, by=editor, quantities={})
    db.session.rollback()
    assert line_of(post).committed == 0


def test_days_are_said_within_those_of_the_line() -> None:
    whole: list[days.Span] = [(None, None)]
    assert days.inside(whole, FIRST, LAST) == []
    assert days.inside([(LAST, None)], FIRST, LAST) == [(LAST, LAST)]
    assert days.inside([(date(2026, 12, 20), None)], FIRST, LAST) == []
    assert days.inside([(FIRST, LAST)], None, None) == [(FIRST, LAST)]


@pytest.mark.parametrize("made", [need, loan])
def test_what_is_past_takes_no_answer_and_says_so(
    app: Flask, client: CheckedClient, made: object
) -> None:
    post, editor = made(quantity=12, **WINDOW)  # type: ignore[operator]
    one = answered(post)
    here = f"/fr/p/{post.uuid}"
    assert "est passé" not in text_of(client.get(here))
    clock.fix(datetime(2026, 12, 13, 17, tzinfo=UTC))
    page = text_of(client.get(here))
    assert "Le dernier jour de cette annonce est passé" in page and field(post) not in page
    assert "Le dernier jour est passé." in page, "the sheet says it too"
    assert field(post) not in text_of(client.get(f"{here}/answer"))
    late = client.post(f"{here}/answer", data={"do": "answer", "name": "Paul", field(post): "1",
                       "email": "paul@exemple.org", "message": "Samedi"})  # fmt: skip
    assert (late.status_code, "on ne peut plus y répondre" in text_of(late)) == (422, True)
    assert "Samedi" in text_of(late)
    _not_promised(post, one, editor)
    sign_in(client, editor)
    desk = text_of(client.get(f"/fr/answers/{one.uuid}"))
    assert "rien ne peut plus être promis" in desk and 'value="accept"' not in desk


def _not_promised(post: Post, one: Response, editor: object) -> None:
    will_write()
    with pytest.raises(Invalid, match="le dernier jour est passé"):
        deciding.accept(response=one, by=editor, quantities={})  # type: ignore[arg-type]
    db.session.rollback()
    with pytest.raises(Invalid):
        answered(post)
    db.session.rollback()
    assert line_of(post).committed == 0


def test_a_line_that_is_past_leaves_the_others_open(app: Flask, client: CheckedClient) -> None:
    post, _editor = need(**WINDOW)
    will_write()
    second = type(post.lines[0])(title="Nappes", kind=post.lines[0].kind, quantity=4, position=1)
    post.all_lines.append(second)
    news.commit()
    clock.fix(datetime(2026, 12, 13, 17, tzinfo=UTC))
    page = plain(text_of(client.get(f"/fr/p/{post.uuid}")))
    assert "Dernier jour passé : Bénévoles au repas" in page
    assert f"line-{second.uuid}" in page and field(post) not in page
