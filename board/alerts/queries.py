"""What is waiting to be told, and who wants to hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from board.accounts.models import Person, Token
from board.accounts.rules import TokenPurpose
from board.alerts.models import Notification, Preference, QuietHours, SavedSearch
from board.alerts.rules import DEFAULTS, NoticeKind, Quiet, Rhythm
from board.errors import NotFound
from board.extensions import db
from board.posts.models import Post


def find_link(link: str, purpose: TokenPurpose) -> Token | None:
    """Return the token of a link (its hash), whether a person or only an address bears it."""
    return db.session.scalar(select(Token).where(Token.digest == link, Token.purpose == purpose))


def rhythms_of(person_id: int) -> dict[NoticeKind, Rhythm]:
    """Return how often somebody hears of each kind."""
    rows = db.session.execute(
        select(Preference.kind, Preference.rhythm).where(Preference.person_id == person_id)
    )
    return DEFAULTS | {row.kind: row.rhythm for row in rows}


def quiet_of(person_id: int) -> Quiet | None:
    """Return the hours in which somebody wants no notice."""
    row = db.session.get(QuietHours, person_id)
    return Quiet(row.first_hour, row.last_hour) if row is not None else None


def due_threads(at: datetime, limit: int = 100) -> list[tuple[int, NoticeKind, str]]:
    """Return (person, kind, thread) of what may be told now; a thread is told in one mail."""
    thread = Notification.thread
    rows = db.session.execute(
        select(Notification.person_id, Notification.kind, thread)
        .where(Notification.due_at <= at, Notification.sent_at.is_(None))
        .group_by(Notification.person_id, Notification.kind, thread)
        .order_by(func.min(Notification.due_at), Notification.person_id)
        .limit(limit)
    )  # fmt: skip
    return [(row.person_id, row.kind, row.thread) for row in rows]


def waiting(person_id: int, kind: NoticeKind, thread: str) -> Sequence[Notification]:
    """Return what a person has not been told of one thread, the first first."""
    return db.session.scalars(
        select(Notification)
        .where(Notification.person_id == person_id, Notification.kind == kind,
               Notification.thread == thread, Notification.sent_at.is_(None),
               Notification.due_at.is_not(None))
        .order_by(Notification.id)
    ).all()  # fmt: skip


def searches_of(person: Person) -> Sequence[SavedSearch]:
    """Return a person's kept searches, the latest first."""
    return db.session.scalars(
        select(SavedSearch)
        .where(SavedSearch.person_id == person.id)
        .order_by(SavedSearch.id.desc())
    ).all()


def searches_at(email: str) -> Sequence[SavedSearch]:
    """Return the searches that an address follows without account."""
    return db.session.scalars(
        select(SavedSearch)
        .where(SavedSearch.email == email, SavedSearch.confirmed_at.is_not(None))
        .order_by(SavedSearch.id.desc())
    ).all()


def get_search(uuid: UUID, person: Person) -> SavedSearch:
    """Return one kept search of this person, not of another."""
    found = db.session.scalar(
        select(SavedSearch).where(SavedSearch.uuid == uuid, SavedSearch.person_id == person.id)
    )
    if found is None:
        raise NotFound
    return found


def count_searches(*, person: Person | None, email: str | None) -> int:
    """Return how many searches a person, or an address, keeps."""
    whose = SavedSearch.person_id == person.id if person else SavedSearch.email == email
    return db.session.scalar(select(func.count(SavedSearch.id)).where(whose)) or 0


def speaking_searches() -> list[Any]:
    """Return every confirmed search that may speak and is older than the last publication.

    Rows of (id, person_id, email, query, rhythm, since, first_hour, last_hour).
    """
    since = func.coalesce(SavedSearch.told_at, SavedSearch.confirmed_at)
    last = select(func.max(Post.published_at)).scalar_subquery()
    return list(
        db.session.execute(
            select(SavedSearch.id, SavedSearch.person_id, SavedSearch.email, SavedSearch.query,
                   SavedSearch.rhythm, since.label("since"), QuietHours.first_hour,
                   QuietHours.last_hour)
            .outerjoin(QuietHours, QuietHours.person_id == SavedSearch.person_id)
            .where(SavedSearch.confirmed_at.is_not(None), SavedSearch.rhythm != Rhythm.NEVER,
                   since < last)
            .order_by(SavedSearch.person_id, SavedSearch.email, SavedSearch.id)
        )
    )  # fmt: skip


def published_since(ids: Sequence[int], since: datetime) -> list[int]:
    """Return which of these posts were published after an instant, in their order."""
    fresh = set(
        db.session.scalars(select(Post.id).where(Post.id.in_(ids), Post.published_at > since))
    )
    return [post_id for post_id in ids if post_id in fresh]


def told_to(person: Person) -> list[dict[str, Any]]:
    """Return what a person was told of, for their export."""
    rows = db.session.execute(
        select(Notification.kind, Notification.created_at, Notification.sent_at)
        .where(Notification.person_id == person.id)
        .order_by(Notification.id)
    )
    return [{"kind": r.kind.value, "created_at": r.created_at, "sent_at": r.sent_at} for r in rows]


def old_notifications(before: datetime) -> Any:
    """The condition for what was told, or given up, long ago."""
    return or_(Notification.sent_at < before, Notification.created_at < before)
