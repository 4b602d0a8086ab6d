"""Which posts wait for whom: bounded questions, whose answers shrink as they are dealt with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Interval,
    Select,
    String,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload, selectinload

from board.accounts.models import Person
from board.clock import now
from board.extensions import db
from board.life import doubts, rules
from board.life.models import PostNotice, PostStep, Reminder
from board.life.rules import Step, Topic
from board.organisations.models import Membership, Organisation
from board.organisations.rules import Role
from board.posts import visibility
from board.posts.models import Post
from board.posts.terms import terms

AT_ONCE = 200
SHOWN = 100
Condition = ColumnElement[bool]


def reached(step: Step, at: datetime) -> list[tuple[int, datetime]]:
    """Return posts that came to a step which nobody noted yet, and what it is about."""
    asked_at, about = {
        Step.EXPIRED: (visibility.expired_sql(at), Post.expires_at),
        Step.CLOSED: (visibility.closed_sql(at), Post.expires_at),
        Step.TO_CONFIRM: (_unconfirmed(at), visibility.stood_by()),
        Step.STALE: (visibility.stale_sql(at) & Post.expires_at.is_(None), visibility.stood_by()),
    }[step]
    noted = exists().where(
        PostStep.post_id == Post.id, PostStep.step == step, PostStep.about == about
    )
    rows = (
        select(Post.id, about)
        .where(visibility.published(), asked_at, ~noted)
        .order_by(Post.id)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1]) for row in db.session.execute(rows) if row[1] is not None]


def people_to_remind(at: datetime, day: date) -> list[int]:
    """Return whom something is due for who got no reminder on this day."""
    rows = _due(at).subquery()
    told = exists().where(Reminder.person_id == rows.c.person_id, Reminder.day == day)
    people = select(rows.c.person_id).where(~told).distinct().order_by(rows.c.person_id)
    return list(db.session.scalars(people.limit(AT_ONCE)))


def due_for(person_id: int, at: datetime) -> list[Any]:
    """Return (post_id, notice, about) of all that this person was not told yet."""
    rows = _due(at).subquery()
    mine = select(rows.c.post_id, rows.c.notice, rows.c.about).where(rows.c.person_id == person_id)
    return list(db.session.execute(mine.order_by(rows.c.about, rows.c.post_id).limit(500)))


def was_reminded(person_id: int, day: date) -> bool:
    """Whether this person got the reminder of the day."""
    return db.session.get(Reminder, (person_id, day)) is not None


def posts_by_id(ids: Sequence[int]) -> dict[int, Post]:
    """Return these posts with their organisations."""
    rows = select(Post).where(Post.id.in_(ids)).options(joinedload(Post.organisation))
    return {post.id: post for post in db.session.scalars(rows.order_by(Post.id))}


def waiting_for(person_id: int) -> list[Post]:
    """Return what this person can keep true now: the nearest end first (at most `SHOWN`)."""
    rows = (
        select(Post)
        .where(_waits(person_id))
        .options(joinedload(Post.organisation), selectinload(Post.all_lines))
        .order_by(func.coalesce(Post.expires_at, visibility.stood_by(), Post.created_at), Post.id)
    )
    return list(db.session.scalars(rows.limit(SHOWN)))


def doubted_among(posts: Sequence[Post]) -> set[int]:
    """Return which of these posts a reader doubts."""
    ids = select(Post.id).where(Post.id.in_([post.id for post in posts]))
    rows = ids.where(visibility.is_open(now()), doubts.waits())
    return set(db.session.scalars(rows)) if posts else set()


def count_waiting(person_id: int) -> int:
    """Return how many posts this person could look after now."""
    return db.session.scalar(select(func.count(Post.id)).where(_waits(person_id))) or 0


def held_posts(uuids: Sequence[UUID], person_id: int) -> list[Post]:
    """Return those of the posts that this person edits, held until the commit, in one order."""
    rows = (
        select(Post)
        .where(Post.uuid.in_(uuids[:SHOWN]), Post.organisation_id.in_(_organisations(person_id)))
        .options(selectinload(Post.all_lines))
        .order_by(Post.id)
        .with_for_update(of=Post)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(rows))


def _organisations(person_id: int) -> Select[int]:
    return select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.ended_at.is_(None)
    )


def _waits(person_id: int) -> Condition:
    at = now()
    draft = and_(
        Post.published_at.is_(None), Post.submitted_at.is_(None), Post.declined_at.is_(None),
        Post.withdrawn_at.is_(None), Post.hidden_at.is_(None),
    )  # fmt: skip
    longest = max(terms().warned_before)
    ends_soon = and_(visibility.is_open(at), Post.expires_at <= at + _notice_of(longest))
    ended = and_(visibility.listed_as_ended(at), Post.met_at.is_(None))
    standing = and_(visibility.is_open(at), _unconfirmed(at))
    doubted = and_(visibility.is_open(at), doubts.waits())
    mine = Post.organisation_id.in_(_organisations(person_id))
    return and_(mine, or_(draft, ends_soon, ended, standing, doubted))


def _unconfirmed(at: datetime) -> Condition:
    return and_(Post.expires_at.is_(None), visibility.stood_by() <= at - terms().fresh_for)


def _notice_of(before: Any) -> Any:
    """A post that ends « tomorrow » ends within two days of this moment: at that day's end."""
    return before + type(before)(days=1)


def _due(at: datetime) -> Any:
    """Every (person, post, notice, about) that is due at this moment and was not told."""
    return union_all(*_endings(at), _ended(at), _to_confirm(at), _stale(at), *_doubted(at))


def _endings(at: datetime) -> Iterator[Any]:
    """Each warning before an end, but only the latest one that is due; short lives skip some:
    whoever publishes today what ends in seven days knows it."""
    warnings = sorted(terms().warned_before, reverse=True)
    for before, nearer in zip(warnings, [*warnings[1:], None], strict=True):
        after = at if nearer is None else at + _notice_of(nearer)
        due = and_(
            visibility.is_open(at),
            Post.expires_at > after,
            Post.expires_at <= at + _notice_of(before),
            Post.expires_at > _plus(Post.published_at, _notice_of(before)),
        )
        yield _rows(rules.ending(before), Post.expires_at, due, everybody=nearer is None)


def _ended(at: datetime) -> Any:
    """An end that this person heard nothing of: the board was down when it was time to say so."""
    nearest = min(terms().warned_before)
    heard = exists().where(
        PostNotice.person_id == Membership.person_id, PostNotice.post_id == Post.id,
        PostNotice.about == Post.expires_at,
    )  # fmt: skip
    due = and_(
        visibility.listed_as_ended(at), Post.met_at.is_(None), ~heard,
        Post.expires_at > _plus(Post.published_at, _notice_of(nearest)),
        Membership.created_at < Post.expires_at,
    )  # fmt: skip
    return _rows(Topic.ENDED, Post.expires_at, due, everybody=True)


def _to_confirm(at: datetime) -> Any:
    due = and_(visibility.is_open(at), _unconfirmed(at), ~visibility.stale_sql(at))
    return _rows(Topic.TO_CONFIRM, visibility.stood_by(), due, everybody=False)


def _stale(at: datetime) -> Any:
    due = and_(visibility.is_open(at), Post.expires_at.is_(None), visibility.stale_sql(at))
    return _rows(Topic.STALE, visibility.stood_by(), due, everybody=True)


def _doubted(at: datetime) -> Iterator[Any]:
    """A reader's doubt waits as long as nobody said that it is still true."""
    since = doubts.since()
    if since is not None:
        due = and_(visibility.is_open(at), doubts.waits())
        yield _rows(Topic.DOUBTED, since, due, everybody=True)


def _rows(notice: str, about: Any, due: Condition, *, everybody: bool) -> Any:
    told = exists().where(
        PostNotice.person_id == Person.id, PostNotice.post_id == Post.id,
        PostNotice.notice == notice, PostNotice.about == about,
    )  # fmt: skip
    return (
        select(
            Person.id.label("person_id"), Post.id.label("post_id"),
            literal(notice, String(24)).label("notice"), about.label("about"),
        )
        .join(Membership, Membership.organisation_id == Post.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Membership.ended_at.is_(None), Organisation.closed_at.is_(None), *_reachable(Person))
        .where(due, ~told, _concerns(everybody))
    )  # fmt: skip


def _reachable(person: Any) -> tuple[Condition, ...]:
    return person.email.is_not(None), person.confirmed_at.is_not(None), person.erased_at.is_(None)


def _concerns(everybody: bool) -> Condition:
    """The author; and the responsibles when nobody else is left, or when it gets urgent."""
    author, seat = aliased(Person), aliased(Membership)
    has_author = exists().where(
        author.id == Post.author_id, seat.person_id == author.id, seat.ended_at.is_(None),
        seat.organisation_id == Post.organisation_id, *_reachable(author),
    )  # fmt: skip
    responsible = Membership.role == Role.RESPONSIBLE
    if not everybody:
        responsible = and_(responsible, ~has_author)
    return or_(Membership.person_id == Post.author_id, responsible)


def _plus(column: Any, before: Any) -> Any:
    """Add a time to a column, on either database."""
    if db.engine.dialect.name == "postgresql":
        return column + literal(before, Interval())
    return func.datetime(column, f"+{before.days} days")
