"""How it ended: each side is asked once, when it is over; whoever says it first has said it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from board.accounts.models import Person
from board.answers import ending_letters, moving, queries
from board.answers.models import OutcomeAsked, Response, ResponseLine
from board.answers.rules import ASK_AFTER, ASK_FULL_AFTER, Actor, State
from board.clock import now
from board.errors import Conflict
from board.extensions import db
from board.life import services as life
from board.posts import rules as post_rules
from board.posts import services as posts
from board.posts.models import Line, Post
from board.posts.rules import Outcome
from board.posts.visibility import met_sql

HAPPENED = frozenset({Outcome.MET_HERE, Outcome.MET_ELSEWHERE, Outcome.PARTLY_MET})


def due(at: datetime, this_day: date, limit: int) -> list[int]:
    """Return what was agreed and is over, with nobody asked yet: by its days, else by its post."""
    last = _last_day()
    gone = at - ASK_AFTER
    full = and_(met_sql(), Response.moved_at <= at - ASK_FULL_AFTER)
    over = or_(Post.met_at <= gone, Post.withdrawn_at <= gone, Post.expires_at <= gone, full)
    asked = exists().where(OutcomeAsked.response_id == Response.id)
    rows = (
        select(Response.id)
        .join(Post, Post.id == Response.post_id)
        .where(Response.state == State.COMMITTED, Post.hidden_at.is_(None), ~asked)
        .where(or_(last < this_day, and_(last.is_(None), over)))
    )
    return list(db.session.scalars(rows.order_by(Response.id).limit(limit)))


def ask(response_id: int) -> bool:
    """Ask both sides of one answer, once; says whether anybody was asked."""
    response = db.session.get(Response, response_id)
    if response is None:
        return False
    moving.hold_still(response)
    if response.state is not State.COMMITTED or _of_answer(response) is not None:
        return False
    db.session.add(OutcomeAsked(response_id=response.id, asked_at=now()))
    db.session.flush()
    ending_letters.ask_answerer(response)
    if post_rules.is_open(response.post, now()) or response.post.paused_at is not None:
        ending_letters.ask_editors(response)
    elif response.post.outcome is None and _of_post(response.post) is None:
        db.session.add(OutcomeAsked(post_id=response.post_id, asked_at=now()))
        ending_letters.ask_editors_of_post(response)
    return True


def find_asked(about: Response | Post) -> OutcomeAsked | None:
    """Return what was asked and perhaps said of an answer or of a post."""
    return _of_answer(about) if isinstance(about, Response) else _of_post(about)


def said_of(about: Response | Post) -> Outcome | None:
    """Return how it ended, when somebody said it."""
    asked = find_asked(about)
    if asked is not None and asked.code is not None:
        return asked.code
    return about.outcome if isinstance(about, Post) else None


def say(*, response: Response, side: Actor, by: Person | None, code: Outcome) -> None:
    """One side says how an answer ended; said already, it stays."""
    moving.hold_still(response)
    asked = _of_answer(response)
    if asked is None or asked.said_at is not None:
        raise Conflict(f"{response.uuid} is said")
    _write(asked, code, by)
    actor = Actor.EDITOR if side is Actor.EDITOR else Actor.BOARD
    _settle(response, code, actor, by)
    moving.settle(response.post)


def say_of_post(*, post: Post, by: Person, code: Outcome) -> None:
    """An editor says how a post ended: what was agreed there and is over ended so, too."""
    posts.lock(post)
    asked = _of_post(post)
    if asked is None or asked.said_at is not None or post.outcome is not None:
        raise Conflict(f"{post.uuid} is said")
    _write(asked, code, by)
    if post_rules.may_mark_met(post):
        life.end(post=post, by=by, outcome=code)
    else:
        post.outcome = code
    for response in queries.answers_to(post.id, (State.COMMITTED,)):
        mine = _of_answer(response)
        if mine is not None and mine.said_at is None and code is not Outcome.PARTLY_MET:
            _write(mine, _as_answer(code), by)
            _settle(response, code, Actor.EDITOR, by)
    moving.settle(post)


def note(response: Response, code: Outcome, by: Person) -> None:
    """An editor pressed a button that says it: nobody needs to be asked any more."""
    asked = _of_answer(response)
    if asked is None:
        asked = OutcomeAsked(response_id=response.id)
        db.session.add(asked)
    if asked.said_at is None:
        _write(asked, code, by)


def _settle(response: Response, code: Outcome, actor: Actor, by: Person | None) -> None:
    """What happened is done; what did not holds nothing any more."""
    if response.state is not State.COMMITTED:
        return
    if code in HAPPENED:
        moving.move(response, State.DONE, actor=actor, by=by)
        moving.fulfil(response)
    else:
        moving.move(response, State.RELEASED, actor=Actor.BOARD, by=by)
        moving.let_go(response)


def _as_answer(code: Outcome) -> Outcome:
    return Outcome.MET_HERE if code in HAPPENED else Outcome.DID_NOT_HAPPEN


def _write(asked: OutcomeAsked, code: Outcome, by: Person | None) -> None:
    asked.code, asked.said_at, asked.by_id = code, now(), by.id if by else None
    db.session.flush()


def _of_answer(response: Response) -> OutcomeAsked | None:
    return _find(OutcomeAsked.response_id == response.id)


def _of_post(post: Post) -> OutcomeAsked | None:
    return _find(OutcomeAsked.post_id == post.id)


def _find(which: ColumnElement[bool]) -> OutcomeAsked | None:
    rows = select(OutcomeAsked).where(which).execution_options(populate_existing=True)
    return db.session.scalar(rows)


def _last_day() -> Any:
    """The last day that an answer, or the line that it answers, was for; none: no day was said."""
    until = func.coalesce(
        ResponseLine.needed_until, ResponseLine.needed_from, Line.needed_until, Line.needed_from
    )
    return (
        select(func.max(until))
        .join(Line, Line.id == ResponseLine.line_id)
        .where(ResponseLine.response_id == Response.id)
        .correlate(Response)
        .scalar_subquery()
    )
