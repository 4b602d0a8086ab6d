"""Reading private lines and what fits them: each question names its owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import joinedload, selectinload

from board.accounts.models import Person
from board.clock import now
from board.errors import NotFound
from board.extensions import db
from board.matching import blocks
from board.matching.effects import (
    Dismissed,
    Effects,
    adjusted,
    concepts_of,
    effects,
    is_beyond,
    kilometres_of,
)
from board.matching.models import Block
from board.matching.reading import is_answerable
from board.matching.rules import Dismissal
from board.matching.scores import Window
from board.organisations.models import Membership, Organisation
from board.posts import queries as posts
from board.posts import waiting, within_reach
from board.posts.models import Line, Post
from board.posts.rules import Audience
from board.private import begun
from board.private.models import PrivateConcept, PrivateLine, PrivateMatch, PrivateView
from board.private.reading import may_be_asked
from board.private.rules import MOST_SLEEPING, Answer

MOST = 500
MOST_VIEWS = 2_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A need that fits a private line, as its owner may see it now."""

    private_id: int
    need_line_id: int
    post_id: int
    organisation_id: int
    score: float
    parts: dict[str, Any]
    reasons: list[dict[str, Any]]
    is_beyond: bool
    waiting_since: datetime
    window: Window


def find_profile(person: Person) -> PrivateLine | None:
    """Return what a person said of what they could do."""
    return db.session.scalar(_with_words().where(PrivateLine.person_id == person.id))


def sleeping_of(organisation_id: int) -> list[PrivateLine]:
    """Return what an organisation could share without publishing it, the newest first."""
    rows = _with_words().where(PrivateLine.organisation_id == organisation_id)
    return list(db.session.scalars(rows.order_by(PrivateLine.id.desc()).limit(MOST_SLEEPING)))


def get_sleeping(organisation_id: int, uuid: UUID) -> PrivateLine:
    """Return one thing that this organisation could share, or raise NotFound."""
    rows = _with_words().where(
        PrivateLine.organisation_id == organisation_id, PrivateLine.uuid == uuid
    )
    found = db.session.scalar(rows)
    if found is None:
        raise NotFound
    return found


def find_kept_for(person_id: int, uuid: UUID) -> PrivateLine | None:
    """Return one thing that an organisation of this person could share."""
    theirs = select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    rows = _with_words().where(PrivateLine.uuid == uuid, PrivateLine.organisation_id.in_(theirs))
    return db.session.scalar(rows)


def for_person(person: Person, line: PrivateLine) -> list[Suggestion]:
    """Return the needs that fit a person's profile, best first."""
    memberships = and_(Membership.person_id == person.id, Membership.ended_at.is_(None))
    own = select(Membership.organisation_id).where(memberships)
    turned_away = blocks.whoever_blocks(person)
    is_member = (
        select(Membership.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(memberships, posts.is_verified())
    )
    verified = db.session.scalar(is_member.limit(1)) is not None
    which = and_(_may_see(verified), Post.organisation_id.not_in(own),
                 Post.organisation_id.not_in(turned_away))  # fmt: skip
    return _suggestions([line], which)


def for_organisation(organisation: Organisation, lines: Sequence[PrivateLine]) -> list[Suggestion]:
    """Return the needs that fit all that an organisation could share (`lines`), best first."""
    ours = select(Block.other_id).where(
        Block.organisation_id == organisation.id, Block.other_id.is_not(None)
    )
    theirs = select(Block.organisation_id).where(Block.other_id == organisation.id)
    which = and_(
        _may_see(organisation.verified_at is not None),
        Post.organisation_id != organisation.id,
        Post.organisation_id.not_in(ours),
        Post.organisation_id.not_in(theirs),
    )
    return _suggestions(lines, which)


def get_match(line: PrivateLine, need: UUID) -> PrivateMatch:
    """Return a need that fits this private line, or raise NotFound."""
    rows = select(PrivateMatch).join(Line, Line.id == PrivateMatch.need_line_id)
    rows = rows.where(PrivateMatch.private_line_id == line.id, Line.uuid == need)
    found = db.session.scalar(rows)
    if found is None:
        raise NotFound
    return found


def get_view(line: PrivateLine, need: UUID) -> PrivateView:
    """Return what the owner of this private line said of a need, or raise NotFound."""
    rows = select(PrivateView).join(Line, Line.id == PrivateView.need_line_id)
    rows = rows.where(PrivateView.private_line_id == line.id, Line.uuid == need)
    found = db.session.scalar(rows)
    if found is None:
        raise NotFound
    return found


def names_of(need_line_id: int) -> tuple[UUID, UUID]:
    """Return the public names of a need's post and line."""
    rows = select(Post.uuid, Line.uuid).join(Line, Line.post_id == Post.id)
    row = db.session.execute(rows.where(Line.id == need_line_id)).one()
    return row[0], row[1]


def find_view(private_id: int, need_id: int) -> PrivateView | None:
    """Return what the owner of a private line said of a need."""
    return db.session.scalar(
        select(PrivateView).where(
            PrivateView.private_line_id == private_id, PrivateView.need_line_id == need_id
        )
    )


def answered(private_ids: Sequence[int]) -> list[tuple[PrivateView, UUID, str, str]]:
    """Return what was said of needs: (view, need line, title of its post, organisation)."""
    rows = (
        select(PrivateView, Line.uuid, Post.title, Organisation.name)
        .join(Line, Line.id == PrivateView.need_line_id)
        .join(Post, Post.id == Line.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(PrivateView.private_line_id.in_(private_ids), is_answerable())
        .order_by(PrivateView.updated_at.desc(), PrivateView.id.desc())
        .limit(MOST)
    )
    return [(row[0], row[1], row[2], row[3]) for row in db.session.execute(rows)]


def lapsed(private_ids: Sequence[int]) -> dict[tuple[int, int], datetime]:
    """Return which « not now » are over since when, by private line and need line."""
    at = now()
    return {
        (view.private_line_id, view.need_line_id): view.until
        for view in _views(private_ids)
        if view.answer is Answer.LATER and view.until is not None and view.until <= at
    }


def effects_of(line: PrivateLine) -> Effects:
    """Return what a person's dismissals change in what they are shown."""
    return effects(
        Dismissed(
            view.reason or Dismissal.WRONG_THING,
            (view.need_concept, view.own_concept)
            if view.need_concept and view.own_concept
            else None,
            view.kilometres,
        )
        for view in _views([line.id])
        if view.answer is Answer.DISMISSED and view.counted
    )


def views_of(private_ids: Sequence[int]) -> list[tuple[PrivateView, UUID]]:
    """Return everything that was said of needs, with the need's public name (for an export)."""
    rows = (
        select(PrivateView, Line.uuid)
        .join(Line, Line.id == PrivateView.need_line_id)
        .where(PrivateView.private_line_id.in_(private_ids))
        .order_by(PrivateView.id)
        .limit(MOST_VIEWS)
    )
    return [(row[0], row[1]) for row in db.session.execute(rows)]


def _with_words() -> Select[PrivateLine]:
    return select(PrivateLine).options(
        joinedload(PrivateLine.place),
        selectinload(PrivateLine.concepts).joinedload(PrivateConcept.concept),
    )


def _may_see(is_member: bool) -> ColumnElement[bool]:
    return Post.id > 0 if is_member else Post.audience == Audience.PUBLIC


def _suggestions(lines: Sequence[PrivateLine], which: ColumnElement[bool]) -> list[Suggestion]:
    ids = [line.id for line in lines]
    rows = (
        select(PrivateMatch, Line.post_id, Line.kind, Line.attendance, Line.reach_km,
               Line.needed_from, Line.needed_until, Post.organisation_id, Post.published_at)
        .join(Line, Line.id == PrivateMatch.need_line_id)
        .join(Post, Post.id == Line.post_id)
        .join(PrivateLine, PrivateLine.id == PrivateMatch.private_line_id)
        .where(PrivateMatch.private_line_id.in_(ids), may_be_asked(), is_answerable(), which)
        .order_by(PrivateMatch.score.desc(), PrivateMatch.id)
        .limit(MOST)
    )  # fmt: skip
    if not ids:
        return []
    said = _Said(ids)
    changed = {line.id: effects_of(line) for line in lines if line.person_id is not None}
    found = [
        _suggestion(row, changed.get(row.PrivateMatch.private_line_id, Effects()))
        for row in db.session.execute(rows)
        if not said.hides(row.PrivateMatch, row.organisation_id)
    ]
    shown = [one for one in found if one is not None]
    waits = waiting.since({one.post_id: one.waiting_since for one in shown})
    shown.sort(key=lambda one: (one.is_beyond, -one.score, waits[one.post_id], one.need_line_id))
    return shown


def _suggestion(row: Any, changed: Effects) -> Suggestion | None:
    match: PrivateMatch = row.PrivateMatch
    score = adjusted(match.parts, concepts_of(match.reasons), changed)
    if score is None:
        return None
    kilometres = kilometres_of(match.parts)
    usual = kilometres is None or within_reach.is_within(row, kilometres)
    return Suggestion(match.private_line_id, match.need_line_id, row.post_id, row.organisation_id,
                      score, match.parts, match.reasons,
                      not usual or is_beyond(match.parts, changed), row.published_at,
                      (row.needed_from, row.needed_until))  # fmt: skip


class _Said:
    """What the owner already answered: about a need, or for good about an organisation."""

    def __init__(self, ids: Sequence[int]) -> None:
        at, kept = now(), _views(ids)
        views = begun.standing(kept, begun.offers_of(kept))
        self._needs = {
            (view.private_line_id, view.need_line_id)
            for view in views
            if view.answer is not Answer.LATER or (view.until is not None and view.until > at)
        }
        for_good = [
            view.id for view in views
            if view.answer is Answer.NEVER or view.reason is Dismissal.NOT_THEM
        ]  # fmt: skip
        rows = (
            select(Post.organisation_id)
            .join(Line, Line.post_id == Post.id)
            .join(PrivateView, PrivateView.need_line_id == Line.id)
            .where(PrivateView.id.in_(for_good))
            .order_by(PrivateView.id)
        )
        said = db.session.execute(rows) if for_good else ()
        self._organisations = {row[0] for row in said}

    def hides(self, match: PrivateMatch, organisation_id: int) -> bool:
        """Whether this pair is not to be shown again."""
        pair = (match.private_line_id, match.need_line_id)
        return pair in self._needs or organisation_id in self._organisations


def _views(ids: Sequence[int]) -> list[PrivateView]:
    rows = select(PrivateView).where(PrivateView.private_line_id.in_(ids))
    rows = rows.order_by(PrivateView.id.desc()).limit(MOST_VIEWS)
    return list(db.session.scalars(rows))
