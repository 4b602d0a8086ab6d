"""Reading what moderation knows: holds, names, decisions, reports; bounded and ordered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from board import news
from board.clock import now
from board.errors import NotFound
from board.extensions import db
from board.moderation import marks
from board.moderation.marks import Subject
from board.moderation.models import Appeal, Consent, Decision, Doubt, Hold, Report
from board.moderation.rules import Answer, Cause
from board.organisations.models import Membership, Organisation
from board.organisations.queries import is_listed
from board.organisations.rules import Role
from board.organisations.rules import words_of as name_words
from board.photos.queries import photos_of
from board.posts.models import Post
from board.taxonomy.models import ConceptLabel, Place

MOST_NAMES = 20_000
MOST_HOLDS = 100
DAY = timedelta(days=1)


def open_hold(post_id: int, cause: Cause) -> Hold | None:
    """Return why a post is held by this cause, if it is."""
    return next(iter(open_holds(post_id, cause)), None)


def open_holds(post_id: int, cause: Cause | None = None) -> list[Hold]:
    """Return everything that holds a post now."""
    rows = select(Hold).where(Hold.post_id == post_id, Hold.ended_at.is_(None))
    if cause is not None:
        rows = rows.where(Hold.cause == cause)
    rows = rows.options(joinedload(Hold.named)).order_by(Hold.id).limit(MOST_HOLDS)
    return list(db.session.scalars(rows))


def due_newcomers(limit: int) -> list[int]:
    """Return the newcomers' holds that are over, the oldest first."""
    rows = (
        select(Hold.id)
        .where(Hold.cause == Cause.NEWCOMER, Hold.ended_at.is_(None), Hold.due_at <= now())
        .order_by(Hold.due_at, Hold.id)
        .limit(limit)
    )
    return list(db.session.scalars(rows))


def newcomers_of(organisation_id: int) -> list[Hold]:
    """Return what is held of an organisation because it is new."""
    rows = (
        select(Hold)
        .join(Post, Post.id == Hold.post_id)
        .where(Post.organisation_id == organisation_id)
        .where(Hold.cause == Cause.NEWCOMER, Hold.ended_at.is_(None))
        .order_by(Hold.post_id)
        .limit(MOST_HOLDS)
    )
    return list(db.session.scalars(rows))


def is_newcomer(post: Post) -> bool:
    """Whether its organisation is unverified and never had a post up that stood the look."""
    if post.organisation.verified_at is not None:
        return False
    stood = exists().where(
        Post.organisation_id == post.organisation_id,
        Post.published_at.is_not(None),
        Post.hidden_at.is_(None),
        Post.declined_at.is_(None),
    )
    return not db.session.scalar(select(stood))


def was_cleared(post_id: int, named_id: int) -> bool:
    """Whether a moderator let this post name that organisation."""
    cleared = exists().where(
        Hold.post_id == post_id,
        Hold.named_id == named_id,
        Hold.ended_at.is_not(None),
        or_(Hold.answer.is_(None), Hold.answer != Answer.DROPPED),
    )
    return bool(db.session.scalar(select(cleared)))


def names_of_others(author_id: int, person_id: int) -> dict[int, str]:
    """Return the listed organisations (id: name) whose yes this author does not have.

    Who answers for the named organisation too needs to ask nobody.
    """
    agreed = exists().where(
        Consent.organisation_id == author_id,
        Consent.named_id == Organisation.id,
        Consent.revoked_at.is_(None),
    )
    mine = exists().where(
        Membership.organisation_id == Organisation.id,
        Membership.person_id == person_id,
        Membership.role == Role.RESPONSIBLE,
        Membership.ended_at.is_(None),
    )
    rows = (
        select(Organisation.id, Organisation.name)
        .where(is_listed(), Organisation.id != author_id)
        .where(~agreed.correlate(Organisation), ~mine.correlate(Organisation))
        .order_by(Organisation.id)
        .limit(MOST_NAMES)
    )
    return {row.id: row.name for row in db.session.execute(rows)}


def words_of(post: Post) -> str:
    """Return all that readers of a post would read, in the author's words."""
    texts = [post.title, post.body_md, *(tag.text for tag in post.tags)]
    for line in post.lines:
        texts += [line.title, line.unit or "", line.effort or "", line.conditions or ""]
    texts += [photo.alt or "" for photo in photos_of(post.id)]
    return "\n".join(text for text in texts if text)


def common_words() -> frozenset[str]:
    """Return the words of categories and places: alone they name nobody."""
    return _common_words(db.engine.url.render_as_string(), news.version().number // 500)


@lru_cache(maxsize=4)
def _common_words(_board: str, _version: int) -> frozenset[str]:
    labels = db.session.scalars(select(ConceptLabel.text).order_by(ConceptLabel.id))
    places = db.session.scalars(select(Place.name).order_by(Place.id).limit(MOST_NAMES))
    return frozenset(word for text in (*labels, *places) for word in name_words(text))


def organisations(ids: Sequence[int]) -> list[Organisation]:
    """Return these organisations by name."""
    rows = select(Organisation).where(Organisation.id.in_(ids[:100]))
    rows = rows.order_by(Organisation.name_folded, Organisation.id)
    return list(db.session.scalars(rows)) if ids else []


def was_asked_today(named_id: int) -> bool:
    """Whether an organisation had its mail of the day about its name."""
    asked = exists().where(Hold.named_id == named_id, Hold.asked_at > now() - DAY)
    return bool(db.session.scalar(select(asked)))


def unasked_holds(named_id: int) -> list[Hold]:
    """Return the holds about which an organisation has had no mail yet."""
    rows = select(Hold).where(
        Hold.named_id == named_id, Hold.ended_at.is_(None), Hold.asked_at.is_(None)
    )
    return list(db.session.scalars(rows.order_by(Hold.id).limit(MOST_HOLDS)))


def unasked_organisations(limit: int = 500) -> list[Organisation]:
    """Return the named organisations that wait for their mail of the day."""
    waiting = exists().where(
        Hold.named_id == Organisation.id, Hold.ended_at.is_(None), Hold.asked_at.is_(None)
    )
    rows = select(Organisation).where(waiting.correlate(Organisation))
    return list(db.session.scalars(rows.order_by(Organisation.id).limit(limit)))


def questions_to(named_id: int) -> list[Hold]:
    """Return the posts that wait for an organisation's word, the oldest first."""
    rows = (
        select(Hold)
        .where(Hold.named_id == named_id, Hold.ended_at.is_(None))
        .options(joinedload(Hold.post).joinedload(Post.organisation))
        .order_by(Hold.id)
        .limit(MOST_HOLDS)
    )
    return list(db.session.scalars(rows))


def questions_for(person_id: int) -> list[tuple[str, str, int]]:
    """Return, of the organisations that a person answers for, how many posts ask to name each."""
    rows = (
        select(Organisation.slug, Organisation.name, func.count(Hold.id))
        .join(Hold, Hold.named_id == Organisation.id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, Membership.role == Role.RESPONSIBLE,
               Membership.ended_at.is_(None), Hold.ended_at.is_(None), Hold.answer.is_(None))
        .group_by(Organisation.id, Organisation.slug, Organisation.name)
        .order_by(Organisation.id)
    )  # fmt: skip
    return [tuple(row) for row in db.session.execute(rows.limit(MOST_HOLDS))]  # type: ignore[misc]


def get_question(named_id: int, uuid: UUID) -> Hold:
    """Return one question put to this organisation, not to another."""
    hold = db.session.scalar(select(Hold).where(Hold.uuid == uuid, Hold.named_id == named_id))
    if hold is None:
        raise NotFound
    return hold


def consents_of(named_id: int) -> list[Consent]:
    """Return who may name an organisation."""
    rows = (
        select(Consent)
        .where(Consent.named_id == named_id, Consent.revoked_at.is_(None))
        .options(joinedload(Consent.organisation))
        .order_by(Consent.id)
        .limit(500)
    )
    return list(db.session.scalars(rows))


def find_consent(organisation_id: int, named_id: int) -> Consent | None:
    """Return the yes of the second organisation to the first one."""
    return db.session.scalar(
        select(Consent).where(
            Consent.organisation_id == organisation_id,
            Consent.named_id == named_id,
            Consent.revoked_at.is_(None),
        )
    )


def get_consent(named_id: int, uuid: UUID) -> Consent:
    """Return one yes of this organisation, not of another."""
    found = db.session.scalar(
        select(Consent).where(Consent.uuid == uuid, Consent.named_id == named_id)
    )
    if found is None:
        raise NotFound
    return found


def decisions_on(subject: Subject) -> list[Decision]:
    """Return what was decided about a subject, newest first."""
    rows = (
        select(Decision)
        .where(marks.about(Decision, subject))
        .options(joinedload(Decision.by), joinedload(Decision.appeal))
        .order_by(Decision.id.desc())
        .limit(100)
    )
    return list(db.session.scalars(rows))


def open_reports(subject: Subject) -> list[Report]:
    """Return the reports about a subject that wait for a decision, the oldest first."""
    rows = (
        select(Report)
        .where(marks.about(Report, subject), Report.settled_at.is_(None))
        .options(joinedload(Report.by))
        .order_by(Report.id)
        .limit(MOST_HOLDS)
    )
    return list(db.session.scalars(rows))


def count_open_reports(subject: Subject) -> int:
    """Return how many reports about a subject wait."""
    rows = select(func.count(Report.id)).where(
        marks.about(Report, subject), Report.settled_at.is_(None)
    )
    return db.session.scalar(rows) or 0


def open_appeals(subject: Subject) -> list[Appeal]:
    """Return the appeals about a subject that wait."""
    rows = (
        select(Appeal)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(marks.about(Decision, subject), Appeal.settled_at.is_(None))
        .options(joinedload(Appeal.decision))
        .order_by(Appeal.id)
    )
    return list(db.session.scalars(rows))


def latest_doubt(post_id: int) -> Doubt | None:
    """Return when a reader last thought that a post is no longer true."""
    rows = select(Doubt).where(Doubt.post_id == post_id).order_by(Doubt.id.desc()).limit(1)
    return db.session.scalar(rows)


def doubted_at() -> Any:
    """When a reader last doubted a post, beside its columns; one whose people were asked is past.

    (Their asking is noted by the mail of the day; `asked_at` is of boards that asked apart.)
    """
    rows = select(func.max(Doubt.created_at)).where(Doubt.post_id == Post.id)
    return rows.where(Doubt.asked_at.is_(None)).correlate(Post).scalar_subquery()
