"""Said, closed and seen by several at one moment: it ends once; what is new is counted right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from board.accounts import unread as counts
from board.accounts.models import Person
from board.answers import deciding, endings, queries, services, unread
from board.answers.models import Message, OutcomeAsked, Response, ResponseEvent, Unread
from board.answers.rules import Actor, State
from board.clock import now
from board.errors import Conflict
from board.extensions import db
from board.life import services as life
from board.posts.models import Post
from board.posts.rules import Outcome
from tests.answers.helpers import answered, loan, need
from tests.answers.test_endings import FIRST, LAST, agreed, work
from tests.answers.test_race import at_once
from tests.conftest import NOW
from tests.factories import make_membership, make_person

SAYS = (Outcome.MET_HERE, Outcome.NO_LONGER_NEEDED, Outcome.PARTLY_MET, Outcome.DID_NOT_HAPPEN)


def once(verb: Callable[[], object]) -> Callable[[], str]:
    """Try a verb; that somebody was first is an answer too."""

    def work() -> str:
        try:
            verb()
        except Conflict:
            db.session.rollback()
            return "too late"
        return "said"

    return work


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


def post_of(post_id: int) -> Post:
    return db.session.get_one(Post, post_id)


def test_of_editors_who_close_with_an_outcome_at_once_one_is_heard(app: Flask) -> None:
    post, editor = need()
    waits = answered(post)
    post_id, editor_id, waits_id = post.id, editor.id, waits.id

    def closes(outcome: Outcome) -> Callable[[], str]:
        return once(lambda: life.end(post=post_of(post_id), by=person(editor_id), outcome=outcome))

    assert at_once(app, [closes(one) for one in SAYS]) == {"said": 1, "too late": 3}
    db.session.expire_all()
    assert post_of(post_id).outcome in SAYS
    ends = select(func.count()).where(
        ResponseEvent.response_id == waits_id, ResponseEvent.state == State.DECLINED
    )
    assert db.session.scalar(ends) == 1, "who waited hears once"


@pytest.mark.parametrize("about", ["post", "answer"])
def test_the_link_of_a_mail_and_the_page_at_once_say_it_once(app: Flask, about: str) -> None:
    post, editor = loan()
    one = agreed(post, editor, first=FIRST, last=LAST)
    work(NOW.replace(day=24))
    post_id, editor_id, uuid = post.id, editor.id, one.uuid
    if about == "post":
        db.session.add(OutcomeAsked(post_id=post_id, asked_at=now()))
        db.session.commit()

    def link() -> None:
        if about == "post":
            endings.say_of_post(post=post_of(post_id), by=person(editor_id), code=Outcome.MET_HERE)
        else:
            endings.say(response=queries.get_response(uuid), side=Actor.ANSWERER, by=None,
                        code=Outcome.DID_NOT_HAPPEN)  # fmt: skip

    def page() -> None:
        if about == "post":
            life.end(post=post_of(post_id), by=person(editor_id), outcome=Outcome.PARTLY_MET)
        else:
            deciding.complete(response=queries.get_response(uuid), by=person(editor_id))

    assert at_once(app, [once(link), once(page), once(link)]) == {"said": 1, "too late": 2}
    db.session.expire_all()
    ended = select(func.count()).where(
        ResponseEvent.response_id == one.id,
        ResponseEvent.state.in_([State.DONE, State.RELEASED]),
    )
    if about == "answer":
        assert db.session.scalar(ended) == 1
        assert queries.get_response(uuid).state in {State.DONE, State.RELEASED}
    else:
        assert post_of(post_id).outcome in {Outcome.MET_HERE, Outcome.PARTLY_MET}


def test_what_many_say_at_once_is_one_thing_new_and_is_seen_by_its_reader_alone(app: Flask) -> None:
    post, editor = need()
    colleague = make_person()
    make_membership(colleague, post.organisation)
    one = answered(post)
    assert one.person is not None
    uuid, writer = one.uuid, one.person.id
    readers = [editor.id, colleague.id]
    before = now()

    def says() -> str:
        services.say(response=queries.get_response(uuid), side=Actor.ANSWERER,
                     author=person(writer), body="Bonjour")  # fmt: skip
        return "said"

    def sees() -> str:
        unread.seen(queries.get_response(uuid), person(readers[0]), before)
        return "seen"

    assert at_once(app, [says] * 8 + [sees] * 2) == {"said": 8, "seen": 2}
    db.session.rollback()
    assert db.session.scalar(select(func.count(Message.id))) == 9
    assert counts.count_for(readers[1]) == 1
    assert counts.count_for(writer) == 0
    rows = select(func.count()).select_from(Unread).join(Response).where(Response.uuid == uuid)
    assert (db.session.scalar(rows) or 0) <= len(readers)
