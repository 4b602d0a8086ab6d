"""A loan for some days: which days are taken, and that the others are free."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from board import clock, news
from board.answers import days, deciding, jobs
from board.answers.checks import field_of
from board.answers.rules import Hold
from board.database import will_write, writing
from board.extensions import db
from board.posts.models import Post
from tests.answers.helpers import answered, line_of, loan
from tests.conftest import NOW
from tests.factories import make_person
from tests.pages import CheckedClient, csrf, sign_in, text_of

FIRST, LAST = date(2026, 12, 20), date(2026, 12, 21)
NEXT = date(2026, 12, 22)
TAKEN = "tout est pris du 20\u00a0décembre au 21\u00a0décembre\u00a0; libre les autres jours"


def lent(n: int, first: date | None = FIRST, last: date | None = LAST) -> Post:
    """Forty chairs, some of them promised for some days."""
    post, editor = loan()
    one = answered(post, n=n, first=first, last=last)
    will_write()
    deciding.accept(response=one, by=editor, quantities={})
    news.commit()
    return post


def plain(text: str) -> str:
    """The text with plain spaces."""
    return text.replace("\u00a0", " ")


def test_the_fullest_days_are_found_side_by_side_and_open() -> None:
    whole, half = Hold(40, FIRST, LAST), Hold(20, FIRST, LAST)
    assert days.fullest([whole]) == [(FIRST, LAST)]
    assert days.fullest([half, Hold(20, NEXT, NEXT)]) == [(FIRST, NEXT)]
    assert days.fullest([half, Hold(20, LAST, NEXT)]) == [(LAST, LAST)]
    assert days.fullest([Hold(40, FIRST)]) == [(FIRST, None)]
    assert days.fullest([Hold(40, None, LAST)]) == [(None, LAST)]
    assert days.fullest([Hold(40)]) == []
    assert days.fullest([]) == []


def test_a_loan_that_is_full_on_some_days_says_which_and_takes_others(
    app: Flask, client: CheckedClient
) -> None:
    post = lent(40)
    here, me = f"/fr/p/{post.uuid}", make_person()
    sign_in(client, me)
    page = plain(text_of(client.get(here)))
    assert page.count(plain(TAKEN)) == 2, "on the sheet and beside the field"
    assert "plus rien pour l’instant" not in page
    assert plain(TAKEN) in plain(text_of(client.get("/fr/")))
    typed = {"do": "answer", "csrf_token": csrf(client, f"{here}/answer"),
             field_of(post.lines[0]): "40"}  # fmt: skip
    same = client.post(f"{here}/answer", data=typed | {"first": str(LAST), "last": str(NEXT)})
    assert same.status_code == 422
    assert "choisissez d’autres jours" in text_of(same)
    free = client.post(f"{here}/answer", data=typed | {"first": str(NEXT), "last": str(NEXT)})
    assert free.status_code == 303
    assert "all is taken" in text_of(client.get(f"/en/p/{post.uuid}"))
    assert "todo está tomado" in text_of(client.get(f"/es/p/{post.uuid}"))


def test_a_part_for_some_days_leaves_more_on_the_others(app: Flask, client: CheckedClient) -> None:
    post = lent(30)
    page = plain(text_of(client.get(f"/fr/p/{post.uuid}")))
    assert "10 au plus du 20 décembre au 21 décembre, davantage les autres jours" in page
    assert "reste 10 sur 40" in page


def test_what_is_out_until_it_comes_back_waits_in_reserve_as_before(
    app: Flask, client: CheckedClient
) -> None:
    post = lent(40, None, None)
    assert "plus rien pour l’instant" in text_of(client.get(f"/fr/p/{post.uuid}"))
    assert line_of(post).fullest == []


def test_days_promised_before_they_were_kept_are_written_by_the_worker(app: Flask) -> None:
    post = lent(40)
    will_write()
    db.session.execute(db.text("UPDATE line SET fullest = NULL"))
    news.commit()
    for at in (NOW, NOW + timedelta(days=120)):
        clock.fix(at)
        with writing():
            jobs.take_back()
            news.commit()
        expected = [[str(FIRST), str(LAST)]] if at == NOW else []
        assert line_of(post).fullest == expected
