"""Who sees which post, said in SQL: the same answers as `rules`, for statements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, String, and_, case, exists, func, literal, or_, true

from board.posts.models import Line, Post
from board.posts.rules import (
    Audience,
    Basis,
    Freshness,
    Kind,
    Purpose,
    Reader,
)
from board.posts.terms import terms

Condition = ColumnElement[bool]


def published() -> Condition:
    """It stands on the board: put up, and neither declined, withdrawn nor hidden."""
    return and_(
        Post.published_at.is_not(None),
        Post.hidden_at.is_(None),
        Post.withdrawn_at.is_(None),
        Post.declined_at.is_(None),
    )


def published_or_waiting() -> Condition:
    """It stands on the board, or would as soon as whoever holds it says yes."""
    return and_(
        or_(Post.published_at.is_not(None), Post.submitted_at.is_not(None)),
        Post.hidden_at.is_(None),
        Post.withdrawn_at.is_(None),
        Post.declined_at.is_(None),
    )


def is_draft() -> Condition:
    """Nobody but its editors has ever seen it."""
    steps = (Post.published_at, Post.withdrawn_at, Post.submitted_at, Post.declined_at)
    return and_(Post.hidden_at.is_(None), *(step.is_(None) for step in steps))


def line_is_active() -> Condition:
    """A line counts until it is removed or closed."""
    return and_(Line.removed_at.is_(None), Line.closed_at.is_(None))


def has_days_to_come(this_day: date) -> Condition:
    """The last day of a line is not over (not `rules.is_past`)."""
    return or_(Line.needed_until.is_(None), Line.needed_until >= this_day)


def met_sql() -> Condition:
    """The author said so, or every line that counts is used up."""
    return or_(Post.met_at.is_not(None), and_(~_something_left(), _has_lines()))


def expired_sql(at: datetime) -> Condition:
    """The announcement has ended."""
    return and_(Post.expires_at.is_not(None), Post.expires_at <= at)


def closed_sql(at: datetime) -> Condition:
    """It ended so long ago that only its own page tells of it (`rules.is_closed`)."""
    return and_(Post.expires_at.is_not(None), Post.expires_at <= at - terms().closed_after)


def is_open(at: datetime) -> Condition:
    """Anybody can still answer it."""
    return and_(
        published(),
        Post.paused_at.is_(None),
        or_(Post.expires_at.is_(None), Post.expires_at > at),
        Post.met_at.is_(None),
        or_(_something_left(), ~_has_lines()),
    )


def is_inside(reader: Reader) -> bool:
    """Whether posts for members are for this reader too."""
    return reader.is_member or reader.edits or reader.moderates


def audience_includes(reader: Reader) -> Condition:
    """A published post is for this reader."""
    return true() if is_inside(reader) else Post.audience == Audience.PUBLIC


def listed(reader: Reader, at: datetime) -> Condition:
    """Lists, search and the map show it (`rules.in_lists`)."""
    return and_(audience_includes(reader), is_open(at))


def listed_closed(reader: Reader, at: datetime) -> Condition:
    """« Aussi les annonces closes » brings it back (`rules.in_lists_of_closed`)."""
    return and_(
        published(),
        audience_includes(reader),
        Post.paused_at.is_(None),
        or_(expired_sql(at), met_sql()),
        ~closed_sql(at),
    )


def listed_as_ended(at: datetime) -> Condition:
    """It ended, and is not closed yet: a new end brings it back."""
    ended = and_(expired_sql(at), ~closed_sql(at))
    return and_(published(), Post.paused_at.is_(None), ended)


def public(at: datetime) -> Condition:
    """Indexes, feeds and public counts may hold it (`rules.in_public`)."""
    return and_(Post.audience == Audience.PUBLIC, is_open(at))


def in_widgets(at: datetime) -> Condition:
    """Partners' sites show it: public and not stale (`rules.in_widgets`)."""
    return and_(public(at), ~stale_sql(at))


def stale_sql(at: datetime) -> Condition:
    """Nobody stood by it for long, and it has no end to come."""
    return and_(
        or_(Post.expires_at.is_(None), Post.expires_at <= at),
        stood_by() <= at - terms().stale_after,
    )


def freshness_sql(at: datetime) -> ColumnElement[str]:
    """How long ago a human stood by it, as the value of a `Freshness`."""
    since = stood_by()
    return case(
        (Post.expires_at > at, literal(Freshness.FRESH.value, String)),
        (since <= at - terms().stale_after, literal(Freshness.STALE.value, String)),
        (since <= at - terms().fresh_for, literal(Freshness.TO_CONFIRM.value, String)),
        else_=literal(Freshness.FRESH.value, String),
    )


def stood_by() -> ColumnElement[datetime]:
    """When a human last said that it is true."""
    return func.coalesce(Post.confirmed_at, Post.published_at, type_=Post.published_at.type)


def _has_lines() -> Condition:
    return exists().where(Line.post_id == Post.id, Line.removed_at.is_(None)).correlate(Post)


def _something_left() -> Condition:
    """A line that counts is not used up: uncounted, coming back, or with some of it left."""
    used_up_kind = or_(
        Post.purpose == Purpose.NEED,
        and_(
            Line.kind != Kind.SPACE,
            or_(Line.basis.is_(None), Line.basis.in_((Basis.GIFT, Basis.EXCHANGE))),
        ),
    )
    left = or_(Line.quantity.is_(None), Line.committed < Line.quantity, ~used_up_kind)
    return exists().where(Line.post_id == Post.id, line_is_active(), left).correlate(Post)
