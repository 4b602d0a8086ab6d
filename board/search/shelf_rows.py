"""What a worker keeps of each post, read in one statement: all of them, or those that changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import aliased

from board.extensions import db
from board.organisations.models import Organisation
from board.posts import rules, visibility
from board.posts.models import Line, LineConcept, Post, PostTag
from board.posts.rules import BELIEVED
from board.taxonomy.models import Place

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
AT_ONCE = 2_000

_rows = (
    select(
        Post.id, Post.purpose, Post.language, Post.audience, Post.organisation_id, Post.place_id,
        Post.published_at, Post.confirmed_at, Post.expires_at, Post.ranked_at, Post.paused_at,
        Post.met_at, Post.hidden_at, Post.withdrawn_at, Post.declined_at, Post.version,
        Post.answers_band,
        Organisation.slug, Organisation.name,
        Place.public_latitude, Place.public_longitude,
        Line.id.label("line_id"), Line.kind, Line.basis, Line.attendance, Line.category_id,
        Line.quantity, Line.committed, Line.needed_from, Line.needed_until, Line.closed_at,
        LineConcept.concept_id,
        PostTag.id.label("tag_id"), PostTag.folded, PostTag.text,
    )
    .join(Organisation, Organisation.id == Post.organisation_id)
    .outerjoin(Place, Place.id == Post.place_id)
    .outerjoin(Line, (Line.post_id == Post.id) & Line.removed_at.is_(None))
    .outerjoin(LineConcept, (LineConcept.line_id == Line.id) & LineConcept.by.in_(BELIEVED))
    .outerjoin(PostTag, PostTag.post_id == Post.id)
)  # fmt: skip
_all = (
    _rows.where(visibility.published())
    .order_by(Post.ranked_at, Post.id, Line.id, LineConcept.concept_id, PostTag.id)
    .execution_options(yield_per=AT_ONCE)
)
# Found first and ordered here: an ORDER BY would walk the whole board in its order.
_few = aliased(Post)
_changed = _rows.where(Post.id.in_(select(_few.id).where(_few.changed_in > bindparam("known"))))


@dataclass(slots=True)
class ShelfLine:
    """A line as filters see it."""

    kind: str
    basis: str | None
    attendance: str | None
    first: int | None
    last: int | None
    closed: bool
    concepts: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ShelfPost:
    """A published post as filters see it, instants in microseconds; or one that is so no more."""

    id: int
    published: bool
    version: int
    purpose: str
    language: str
    flags: tuple[str, ...]
    organisation: tuple[int, str, str]
    place: tuple[int, float, float] | None
    ranked: int
    ends: int | None
    since: int
    lines: list[ShelfLine]
    tags: list[tuple[str, str]]


def every() -> Iterator[ShelfPost]:
    """Read every published post, the last ranked last."""
    for _id, rows in groupby(db.session.connection().execute(_all), attrgetter("id")):
        yield _post(list(rows))


def changed_since(known: int) -> list[ShelfPost]:
    """Read the posts that changed after that state of the board, the last ranked last."""
    rows: dict[int, list[Any]] = {}
    for row in db.session.connection().execute(_changed, {"known": known}):
        rows.setdefault(row.id, []).append(row)
    return sorted((_post(each) for each in rows.values()), key=attrgetter("ranked", "id"))


def microseconds(instant: datetime) -> int:
    """Write an instant as a whole number."""
    return (instant - EPOCH) // MICROSECOND


def instant(number: int) -> datetime:
    """Read a whole number as an instant."""
    return EPOCH + number * MICROSECOND


def _post(rows: list[Any]) -> ShelfPost:
    post = rows[0]
    lines = {row.line_id: row for row in rows if row.line_id is not None}
    facts = SimpleNamespace(
        purpose=post.purpose, met_at=post.met_at, hidden_at=post.hidden_at,
        withdrawn_at=post.withdrawn_at, declined_at=post.declined_at,
        published_at=post.published_at, submitted_at=None,
        lines=[_facts(row) for row in lines.values()],
    )  # fmt: skip
    since = post.confirmed_at or post.published_at
    return ShelfPost(
        id=post.id,
        published=rules.publication(facts) is rules.Publication.PUBLISHED,
        version=post.version,
        purpose=post.purpose.value,
        language=post.language,
        flags=_flags(post, facts),
        organisation=(post.organisation_id, post.slug, post.name),
        place=None
        if post.place_id is None
        else (post.place_id, post.public_latitude, post.public_longitude),
        ranked=-1 if post.ranked_at is None else microseconds(post.ranked_at),
        ends=None if post.expires_at is None else microseconds(post.expires_at),
        since=-1 if since is None else microseconds(since),
        lines=_lines(rows, lines),
        tags=list({row.tag_id: (row.folded, row.text) for row in rows if row.tag_id}.values()),
    )


def _flags(post: Row[Any], facts: Any) -> tuple[str, ...]:
    flags = {
        "public": post.audience is rules.Audience.PUBLIC,
        "paused": post.paused_at is not None,
        "met": rules.availability(facts) is rules.Availability.MET,
        "dated": post.expires_at is not None,
        "answered": post.answers_band is rules.AnswersBand.SOME,
        "full": post.answers_band is rules.AnswersBand.FULL,
    }
    return tuple(name for name, holds in flags.items() if holds)


def _facts(row: Row[Any]) -> Any:
    return SimpleNamespace(
        kind=row.kind, basis=row.basis, quantity=row.quantity, committed=row.committed,
        removed_at=None, closed_at=row.closed_at,
    )  # fmt: skip


def _lines(rows: list[Row[Any]], lines: dict[int, Row[Any]]) -> list[ShelfLine]:
    out = {line_id: _line(row) for line_id, row in lines.items()}
    for row in rows:
        if row.concept_id is not None and row.concept_id not in out[row.line_id].concepts:
            out[row.line_id].concepts.append(row.concept_id)
    return list(out.values())


def _line(row: Row[Any]) -> ShelfLine:
    return ShelfLine(
        kind=row.kind.value,
        basis=row.basis.value if row.basis else None,
        attendance=row.attendance.value if row.attendance else None,
        first=_ordinal(row.needed_from),
        last=_ordinal(row.needed_until),
        closed=row.closed_at is not None,
        concepts=[] if row.category_id is None else [row.category_id],
    )


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
