"""What waits for a moderator: one list, the oldest first, made of what stands in the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, func, literal, null, or_, select, union_all
from sqlalchemy.orm import joinedload

from board.clock import now
from board.extensions import db
from board.moderation.marks import Subject
from board.moderation.models import Appeal, Decision, Hold, Report
from board.moderation.rules import Answer, Cause, Waiting
from board.organisations.models import Organisation
from board.organisations.queries import is_listed
from board.posts.models import Post

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: why, about what, since when, and how many said so."""

    waiting: Waiting
    subject: Subject
    since: datetime
    count: int


def count(waiting: Waiting | None = None) -> int:
    """Return how many things wait."""
    rows = _waiting(waiting).subquery()
    return db.session.scalar(select(func.count()).select_from(rows)) or 0


def count_since(instant: datetime) -> int:
    """Return how many of the things that wait came since then."""
    rows = _waiting(None).subquery()
    return db.session.scalar(select(func.count()).where(rows.c.since > instant)) or 0


def counts() -> dict[Waiting, int]:
    """Return how many things wait, for each reason."""
    rows = _waiting(None).subquery()
    found = db.session.execute(select(rows.c.waiting, func.count()).group_by(rows.c.waiting))
    by_reason = {row[0]: row[1] for row in found}
    return {waiting: by_reason.get(waiting.value, 0) for waiting in Waiting}


def items(waiting: Waiting | None, *, offset: int, limit: int = PER_PAGE) -> list[Item]:
    """Return what waits, the oldest first."""
    rows = _waiting(waiting).subquery()
    wanted = select(rows).order_by(
        rows.c.since, rows.c.waiting, rows.c.post_id, rows.c.organisation_id
    )
    found = list(db.session.execute(wanted.offset(offset).limit(min(limit, 100))))
    posts = _posts({row.post_id for row in found if row.post_id is not None})
    organisations = _organisations({row.organisation_id for row in found if row.organisation_id})
    out = []
    for row in found:
        subject = posts.get(row.post_id) or organisations.get(row.organisation_id)
        if subject is not None:
            out.append(Item(Waiting(row.waiting), subject, row.since, row.n))
    return out


def _waiting(only: Waiting | None) -> Any:
    parts = {
        Waiting.APPEAL: _appeals(),
        Waiting.REPORT: _reports(),
        Waiting.HELD: _held(),
        Waiting.NAMING: _naming(),
        Waiting.LOOK_ALIKE: _organisations_that(
            Waiting.LOOK_ALIKE, Organisation.resembles_id.is_not(None)
        ),
        Waiting.UNVERIFIED: _organisations_that(
            Waiting.UNVERIFIED, Organisation.resembles_id.is_(None)
        ),
    }
    return parts[only] if only is not None else union_all(*parts.values())


def _as(waiting: Waiting, post: Any, organisation: Any, since: Any, n: Any) -> Select[Any]:
    return select(
        literal(waiting.value, String).label("waiting"),
        post.label("post_id"),
        organisation.label("organisation_id"),
        since.label("since"),
        n.label("n"),
    )


def _appeals() -> Select[Any]:
    rows = _as(Waiting.APPEAL, Decision.post_id, Decision.organisation_id, Appeal.created_at,
               literal(1))  # fmt: skip
    return rows.join(Decision, Decision.id == Appeal.decision_id).where(Appeal.settled_at.is_(None))


def _reports() -> Select[Any]:
    rows = _as(Waiting.REPORT, Report.post_id, Report.organisation_id, func.min(Report.created_at),
               func.count(Report.id))  # fmt: skip
    return rows.where(Report.settled_at.is_(None)).group_by(Report.post_id, Report.organisation_id)


def _held() -> Select[Any]:
    nobody = null().cast(Post.organisation_id.type)
    rows = _as(Waiting.HELD, Hold.post_id, nobody, Hold.created_at, literal(1))
    return rows.join(Post, Post.id == Hold.post_id).where(
        Hold.cause == Cause.NEWCOMER, Hold.ended_at.is_(None), _is_submitted()
    )


def _naming() -> Select[Any]:
    """Names about which nobody answered in time, or an unverified organisation said no."""
    nobody = null().cast(Post.organisation_id.type)
    rows = _as(Waiting.NAMING, Hold.post_id, nobody, func.min(Hold.created_at), func.count(Hold.id))
    unsure = and_(Hold.answer == Answer.NO, Organisation.verified_at.is_(None))
    return (
        rows.join(Post, Post.id == Hold.post_id)
        .join(Organisation, Organisation.id == Hold.named_id)
        .where(Hold.cause == Cause.NAMING, Hold.ended_at.is_(None), _is_submitted())
        .where(or_(and_(Hold.due_at <= now(), Hold.answer.is_(None)), unsure))
        .group_by(Hold.post_id)
    )


def _organisations_that(waiting: Waiting, condition: Any) -> Select[Any]:
    nobody = null().cast(Post.organisation_id.type)
    rows = _as(waiting, nobody, Organisation.id, Organisation.created_at, literal(1))
    return rows.where(
        Organisation.verified_at.is_(None), Organisation.reviewed_at.is_(None), is_listed(),
        condition,
    )  # fmt: skip


def _is_submitted() -> Any:
    return and_(
        Post.submitted_at.is_not(None),
        Post.published_at.is_(None),
        Post.hidden_at.is_(None),
        Post.withdrawn_at.is_(None),
        Post.declined_at.is_(None),
    )


def _posts(ids: set[int]) -> dict[int, Post]:
    rows = select(Post).where(Post.id.in_(sorted(ids))).options(joinedload(Post.organisation))
    return {post.id: post for post in db.session.scalars(rows.order_by(Post.id))} if ids else {}


def _organisations(ids: set[int]) -> dict[int, Organisation]:
    rows = select(Organisation).where(Organisation.id.in_(sorted(ids))).order_by(Organisation.id)
    return {one.id: one for one in db.session.scalars(rows)} if ids else {}
