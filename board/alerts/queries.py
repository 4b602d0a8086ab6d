"""What is waiting to be told, and who wants to hear of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true

from board.accounts.models import Person, Token
from board.accounts.rules import TokenPurpose
from board.alerts.models import MatchLook, Notification, Preference, QuietHours, SavedSearch
from board.alerts.rules import DEFAULTS, NoticeKind, Quiet, Rhythm
from board.errors import NotFound
from board.extensions import db
from board.organisations.models import Membership
from board.posts.models import Post
from board.private.models import PrivateLine


class Thread(NamedTuple):
    """What goes in one mail: a thread of a person or a guest's address, or all of their digest."""

    person_id: int | None
    email: str | None
    is_digest: bool = False
    thread: str = ""


def find_link(link: str, purpose: TokenPurpose) -> Token | None:
    """Return the token of a link (its hash), whether a person or only an address bears it."""
    return db.session.scalar(select(Token).where(Token.digest == link, Token.purpose == purpose))


def whose(model: Any, person_id: int | None, email: str | None) -> ColumnElement[bool]:
    """The condition for what is a person's, or a guest's by their address."""
    if person_id is not None:
        return cast("ColumnElement[bool]", model.person_id == person_id)
    return cast("ColumnElement[bool]", model.email == email)


def rhythms_of(person_id: int | None, email: str | None = None) -> dict[NoticeKind, Rhythm]:
    """Return how often a person, or a guest by their address, hears of each kind."""
    rows = db.session.execute(
        select(Preference.kind, Preference.rhythm).where(whose(Preference, person_id, email))
    )
    return DEFAULTS | {row.kind: row.rhythm for row in rows}


def quiet_of(person_id: int | None) -> Quiet | None:
    """Return the hours in which somebody wants no notice; guests have none."""
    row = db.session.get(QuietHours, person_id) if person_id is not None else None
    return quiet_in(row) if row is not None else None


def quiet_in(row: Any) -> Quiet | None:
    """Return the quiet hours of a row that has both, or neither when its person chose none."""
    return None if row.first_hour is None else Quiet(row.first_hour, row.last_hour)


def due_threads(at: datetime, limit: int = 100) -> list[Thread]:
    """Return what may be told now; each is told in one mail: a thread, or somebody's digest."""
    n = Notification
    parts = (n.person_id, n.email, n.in_digest,
             case((n.in_digest, ""), else_=n.thread).label("thread"))  # fmt: skip
    rows = db.session.execute(
        select(*parts)
        .where(n.due_at <= at, n.sent_at.is_(None))
        .group_by(*parts)
        .order_by(func.min(n.due_at), func.min(n.id))
        .limit(limit)
    )
    return [Thread(r.person_id, r.email, r.in_digest, r.thread)
            for r in rows]  # fmt: skip


def waiting(thread: Thread, at: datetime) -> Sequence[Notification]:
    """Return what somebody has not been told: all of a storm, or what is due of a digest."""
    n = Notification
    which = (
        and_(n.in_digest, n.due_at <= at)
        if thread.is_digest
        else and_(~n.in_digest, n.thread == thread.thread, n.due_at.is_not(None))
    )
    return db.session.scalars(
        select(n)
        .where(whose(n, thread.person_id, thread.email), n.sent_at.is_(None), which)
        .order_by(n.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def owed_of(kind: NoticeKind, *, person_id: int | None, email: str | None) -> list[Notification]:
    """Return all that somebody has not been told of a kind, with what they want none of."""
    rows = select(Notification).where(
        whose(Notification, person_id, email), Notification.kind == kind,
        Notification.sent_at.is_(None),
    )  # fmt: skip
    return list(db.session.scalars(rows.order_by(Notification.id).with_for_update()))


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
    """Return how many searches a person, or an address, keeps: what anybody typed counts not."""
    kept = whose(SavedSearch, person.id if person else None, email)
    rows = select(func.count(SavedSearch.id)).where(kept, SavedSearch.confirmed_at.is_not(None))
    return db.session.scalar(rows) or 0


def speaking_searches(morning: datetime, thread: Thread | None = None) -> list[Any]:
    """Return every confirmed search that may speak: at once, when anything was published since it
    spoke; in a digest, when it was not looked at since this `morning`. Of one reader, or of all.

    Rows of (id, person_id, email, query, rhythm, since, looked, first_hour, last_hour).
    """
    since = func.coalesce(SavedSearch.told_at, SavedSearch.confirmed_at)
    looked = func.coalesce(SavedSearch.looked_at, since)
    last = select(func.max(Post.published_at)).scalar_subquery()
    at_once = SavedSearch.rhythm == Rhythm.AT_ONCE
    theirs = whose(SavedSearch, thread.person_id, thread.email) if thread else true()
    return list(
        db.session.execute(
            select(SavedSearch.id, SavedSearch.person_id, SavedSearch.email, SavedSearch.query,
                   SavedSearch.rhythm, since.label("since"), looked.label("looked"),
                   QuietHours.first_hour, QuietHours.last_hour)
            .outerjoin(QuietHours, QuietHours.person_id == SavedSearch.person_id)
            .where(SavedSearch.confirmed_at.is_not(None), SavedSearch.rhythm != Rhythm.NEVER,
                   or_(and_(at_once, since < last), and_(~at_once, looked < morning)), theirs)
            .order_by(SavedSearch.person_id, SavedSearch.email, SavedSearch.id)
        )
    )  # fmt: skip


def published_since(ids: Sequence[int], since: datetime) -> list[int]:
    """Return which of these posts were published after an instant, in their order."""
    fresh = set(
        db.session.scalars(select(Post.id).where(Post.id.in_(ids), Post.published_at > since))
    )
    return [post_id for post_id in ids if post_id in fresh]


def people_with_matches(person_id: int | None = None) -> list[Any]:
    """Return who may hear of matches (everybody, or whether one person may): they act for an
    organisation or have a profile.

    Rows of (id, rhythm or None for the default, looked_at, first_hour, last_hour).
    """
    chosen = and_(Preference.person_id == Person.id, Preference.kind == NoticeKind.MATCHES)
    acts = exists().where(Membership.person_id == Person.id, Membership.ended_at.is_(None))
    says = exists().where(PrivateLine.person_id == Person.id, PrivateLine.paused_at.is_(None))
    return list(
        db.session.execute(
            select(Person.id, Preference.rhythm, MatchLook.looked_at, QuietHours.first_hour,
                   QuietHours.last_hour)
            .outerjoin(Preference, chosen)
            .outerjoin(MatchLook, MatchLook.person_id == Person.id)
            .outerjoin(QuietHours, QuietHours.person_id == Person.id)
            .where(Person.confirmed_at.is_not(None), Person.erased_at.is_(None), or_(acts, says),
                   or_(Preference.rhythm.is_(None), Preference.rhythm != Rhythm.NEVER),
                   true() if person_id is None else Person.id == person_id)
            .order_by(Person.id)
        )
    )  # fmt: skip


def told_keys(person_id: int, kind: NoticeKind) -> set[str]:
    """Return the names of what a person was told of a kind."""
    rows = select(Notification.event_key).where(
        Notification.person_id == person_id, Notification.kind == kind
    )
    return set(db.session.scalars(rows.order_by(Notification.id)))


def told_to(person: Person) -> list[dict[str, Any]]:
    """Return what a person was told of, for their export."""
    rows = db.session.execute(
        select(Notification.kind, Notification.created_at, Notification.sent_at)
        .where(Notification.person_id == person.id)
        .order_by(Notification.id)
    )
    return [{"kind": r.kind.value, "created_at": r.created_at, "sent_at": r.sent_at} for r in rows]


def old_notifications(before: datetime, pairs_before: datetime) -> Any:
    """The condition for what was told, or given up, long ago; pairs are told again much later."""
    is_pair = Notification.kind == NoticeKind.MATCHES
    old = or_(Notification.sent_at < before, Notification.created_at < before)
    return and_(old, or_(~is_pair, Notification.created_at < pairs_before))
