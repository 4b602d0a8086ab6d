"""How many answers got a word, and how soon: counted at night, said by pages that ask nothing."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from board import news
from board.answers import figures, jobs
from board.answers.figures import Figures
from board.answers.models import OutcomeAsked, Response
from board.answers.rules import State
from board.database import will_write, writing
from board.extensions import db
from board.posts.models import Post
from board.posts.rules import Outcome
from tests.answers.helpers import need
from tests.conftest import NOW
from tests.factories import make_person, make_post
from tests.pages import CheckedClient, text_of
from tests.web.test_page_cache import statements

HOUR = timedelta(hours=1)


def given(post: Post, state: State, after: int | None = None, days: int = 20) -> Response:
    """An answer of some days ago that got a word after so many hours (None: never)."""
    will_write()
    at = NOW - timedelta(days=days)
    one = Response(post=post, person=make_person(), state=state, moved_at=at, confirmed_at=at,
                   replied_at=None if after is None else at + after * HOUR)  # fmt: skip
    db.session.add(one)
    db.session.flush()
    return one


def count() -> Figures | None:
    """Let the worker count, then read what was counted."""
    news.commit()
    with writing():
        jobs.count()
        news.commit()
    return figures.current()


def test_fewer_than_a_handful_say_nothing(app: Flask, client: CheckedClient) -> None:
    post, _editor = need()
    for after in (1, 2, 3, 4):
        given(post, State.COMMITTED, after)
    assert count() is None
    assert "board-remark" not in text_of(client.get("/fr/"))
    assert "trop peu" in text_of(client.get("/fr/answer-figures"))


def test_what_is_settled_is_counted_and_what_waits_is_not(app: Flask) -> None:
    post, _editor = need()
    for after in (2, 10, 40, 41, 400):
        given(post, State.DECLINED, after)
    given(post, State.RELEASED)
    given(post, State.WITHDRAWN)
    given(post, State.RECEIVED, days=1)
    given(post, State.RELEASED, days=400)
    assert count() == Figures(percent=83, hours=40)
    given(post, State.COMMITTED)
    assert count() == Figures(percent=86, hours=40), "first come, first served had a word at once"


def test_the_home_says_it_and_asks_nothing_for_it(app: Flask, client: CheckedClient) -> None:
    post, _editor = need()
    for after in (2, 10, 40, 41, 400):
        given(post, State.DECLINED, after)
    news.commit()
    client.get("/fr/terms")
    with statements() as before:
        assert "board-remark" not in text_of(client.get("/fr/"))
    count()
    page = text_of(client.get("/fr/"))
    assert "100\u00a0% des réponses reçoivent un mot de l’organisation, la moitié en 2" in page
    assert "board-remark" not in text_of(client.get("/fr/?q=repas"))
    make_post(title="Une autre")
    news.commit()
    client.get("/fr/terms")
    with statements() as after_counting:
        assert "board-remark" in text_of(client.get("/fr/"))
    assert len(after_counting) <= len(before)


def test_to_count_the_same_again_makes_no_page_anew(app: Flask) -> None:
    post, _editor = need()
    for after in (2, 10, 40, 41, 400):
        given(post, State.DECLINED, after)
    count()
    version = news.version().number
    count()
    assert news.version().number == version


def test_endings_are_counted_and_small_counts_are_not_said(
    app: Flask, client: CheckedClient
) -> None:
    post, _editor = need()
    for n in range(7):
        code = Outcome.MET_HERE if n < 6 else Outcome.DID_NOT_HAPPEN
        one = given(post, State.DONE, 1)
        db.session.add(OutcomeAsked(response_id=one.id, code=code, said_at=NOW))
    for _ in range(2):
        make_post(outcome=Outcome.MET_ELSEWHERE, met_at=NOW)
    news.commit()
    page = text_of(client.get("/fr/answer-figures"))
    assert "<td>6</td>" in page
    assert page.count("moins de 5</td>") == 2
