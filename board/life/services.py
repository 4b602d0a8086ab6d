"""What time brings is written down once; whoever looks after a post answers in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, insert

from board import news
from board.accounts.models import Person
from board.clock import now, today
from board.errors import Conflict, Invalid
from board.extensions import db
from board.life import queries, rules
from board.life.models import PostNotice, PostStep, Reminder
from board.life.rules import Step
from board.posts import rules as posts_rules
from board.posts import services as posts
from board.posts.models import Post, PostEvent
from board.posts.rules import Event, Outcome
from board.posts.terms import terms
from board.posts.values import values_of

LONGEST_LIFE = timedelta(days=731)
EVENTS = {Step.EXPIRED: Event.EXPIRED, Step.CLOSED: Event.CLOSED}


def advance(step: Step) -> int:
    """Note the posts that came to a step, and tell whoever shows them; returns how many."""
    reached = queries.reached(step, now())
    if not reached:
        return 0
    ids = {post_id for post_id, _about in reached}
    db.session.execute(
        insert(PostStep), [{"post_id": one, "step": step, "about": about} for one, about in reached]
    )
    if step in EVENTS:
        late = terms().closed_after if step is Step.CLOSED else timedelta(0)
        db.session.execute(
            insert(PostEvent),
            [{"post_id": one, "event": EVENTS[step], "at": about + late} for one, about in reached],
        )
        news.note("post", ids)
    else:
        news.note("freshness", ids)  # its words did not change, only how they are shown
    return len(reached)


def forget_person(person: Person) -> None:
    """Forget what a person was told."""
    for model in (PostNotice, Reminder):
        db.session.execute(delete(model).where(model.person_id == person.id))


def confirm_all(*, uuids: Sequence[UUID], by: Person) -> int:
    """Say of several posts that they are still true; returns of how many it could be said."""
    said = 0
    for post in queries.held_posts(uuids, by.id):
        if posts_rules.may_confirm(post, now()):
            posts.confirm(post=post, by=by)
            said += 1
    return said


def extend(*, post: Post, by: Person, last_day: date | None) -> None:
    """Give a post another last day; that it is still true is said with it."""
    posts.lock(post)
    if not may_extend(post):
        raise Conflict(f"{post.uuid} has moved on")
    this_day = today(post.timezone)
    if last_day is None:
        raise Invalid("expires_on", _("Écrivez une date comme 2026-11-30."))
    if last_day < this_day:
        raise Invalid("expires_on", _("Cette date est passée. Choisissez un jour à venir."))
    if last_day > this_day + LONGEST_LIFE:
        raise Invalid("expires_on", _("C’est trop loin : deux ans au plus."))
    values = replace(values_of(post), expires_on=last_day)
    posts.save(post=post, values=values, by=by, edit_version=post.edit_version)
    if posts_rules.may_confirm(post, now()):
        posts.confirm(post=post, by=by)


def may_extend(post: Post) -> bool:
    """Only what has an end, and stands on the board, can be given another."""
    stands = posts_rules.publication(post) is posts_rules.Publication.PUBLISHED
    resting = post.paused_at is not None or post.met_at is not None
    return stands and not resting and post.expires_at is not None


def end(*, post: Post, by: Person, outcome: Outcome) -> None:
    """Say that it is over: what was met stays readable, what nobody wants any more goes."""
    if not rules.takes_off(outcome):
        posts.mark_met(post=post, by=by, outcome=outcome)
        return
    if not posts_rules.may_mark_met(posts.lock(post)):
        raise Conflict(f"{post.uuid} has moved on")
    posts.withdraw(post=post, by=by)
    post.outcome = outcome
