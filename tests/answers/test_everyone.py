"""However a post ends, whoever waits there is told at once, kindly, with what else fits them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from board import clock, news
from board.accounts import services as accounts
from board.accounts.models import Person
from board.answers import deciding
from board.answers.rules import Reason, State
from board.database import will_write, writing
from board.life import jobs as life
from board.life import services as endings
from board.moderation import marks
from board.moderation import services as moderation
from board.moderation.marks import Subject
from board.moderation.rules import Rule, Verdict
from board.organisations import services as organisations
from board.posts import services as posts
from board.posts.models import Post
from board.posts.rules import Outcome, Purpose
from tests.answers.helpers import PLACES, answered, need, told
from tests.conftest import NOW
from tests.factories import make_person, make_post


def met(post: Post, by: Person) -> None:
    posts.mark_met(post=post, by=by, outcome=Outcome.MET_HERE)


def unwanted(post: Post, by: Person) -> None:
    endings.end(post=post, by=by, outcome=Outcome.NO_LONGER_NEEDED)


def withdrawn(post: Post, by: Person) -> None:
    posts.withdraw(post=post, by=by)


def expired(post: Post, _by: Person) -> None:
    post.expires_at = NOW + timedelta(days=1)
    news.commit()
    clock.fix(NOW + timedelta(days=1))
    with writing():
        life.let_time_pass()
        news.commit()


def hidden(post: Post, _by: Person) -> None:
    decide(post)


def hidden_with_its_organisation(post: Post, _by: Person) -> None:
    decide(post.organisation)


def decide(subject: Subject) -> None:
    moderation.decide(subject=subject, verdict=Verdict.HIDE, rule=next(iter(Rule)), reason="Non.",
                      by=make_person(moderator_at=NOW), seen=marks.of(subject))  # fmt: skip


def closed_with_its_organisation(post: Post, _by: Person) -> None:
    organisations.close(organisation=post.organisation)


def left_by_its_only_person(_post: Post, by: Person) -> None:
    accounts.forget(by)


WAYS = [met, unwanted, withdrawn, expired, hidden, hidden_with_its_organisation,
        closed_with_its_organisation, left_by_its_only_person]  # fmt: skip


@pytest.mark.parametrize("end", WAYS, ids=lambda way: way.__name__)
def test_everyone_who_waits_is_told_with_posts_nearby(
    app: Flask, end: Callable[[Post, Person], None]
) -> None:
    for n in range(4):
        make_post(title=f"Bénévoles au repas {n}", purpose=Purpose.NEED, lines=[PLACES])
    post, editor = need(quantity=9)
    waiting = [answered(post) for _ in range(2)]
    helps = answered(post)
    will_write()
    deciding.reserve(response=waiting[1], by=editor)
    deciding.accept(response=helps, by=editor, quantities={})
    news.commit()
    will_write()
    end(post, editor)
    news.commit()
    assert {one.state for one in waiting} == {State.DECLINED}
    assert helps.state is State.COMMITTED
    found = end in {met}
    assert waiting[0].reason is (Reason.ALREADY_MET if found else Reason.OTHER)
    for one in waiting:
        last = told(one)[-1].text
        assert "erci" in last
        assert last.count("Bénévoles au repas") == 3, last
