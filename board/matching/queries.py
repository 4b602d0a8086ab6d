"""Reading pairs: what an organisation is proposed, what it dismissed; nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from board.errors import NotFound
from board.extensions import db
from board.matching import reading
from board.matching.effects import (
    Dismissed,
    Effects,
    adjusted,
    concepts_of,
    effects,
    is_beyond,
    kilometres_of,
)
from board.matching.models import Block, Match, MatchView
from board.matching.rules import Dismissal, State
from board.organisations.models import Organisation
from board.posts import waiting, within_reach
from board.posts.models import Line, Post
from board.posts.rules import Audience

MOST = 500
MOST_DISMISSED = 2_000
AWAY = (State.DISMISSED, State.TAKEN_UP)


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as an organisation sees it: its own line beside another's."""

    own: int
    other: int
    need: int
    offer: int
    score: float
    parts: dict[str, Any]
    reasons: list[dict[str, Any]]
    is_new: bool
    is_beyond: bool


def pairs_of(
    organisation: Organisation, changed: Effects, post_id: int | None = None
) -> tuple[list[Shown], int]:
    """Return what an organisation is proposed, best first, and how many its dismissals hide."""
    own = _lines_of(organisation.id, post_id)
    rows = (
        select(Match)
        .where(or_(Match.need_line_id.in_(own), Match.offer_line_id.in_(own)))
        .order_by(Match.score.desc(), Match.id)
        .limit(MOST)
    )
    found = list(db.session.scalars(rows))
    lines = open_lines({i for m in found for i in (m.need_line_id, m.offer_line_id)}, organisation)
    seen = _views(organisation.id)
    out, hidden = [], 0
    for match in found:
        need, offer = match.need_line_id, match.offer_line_id
        state = seen.get((need, offer), State.SUGGESTED)
        if need not in lines or offer not in lines or state in AWAY:
            continue
        value = adjusted(match.parts, concepts_of(match.reasons), changed)
        if value is None:
            hidden += 1
            continue
        mine_first = lines[need].organisation_id == organisation.id
        own_line, other = (need, offer) if mine_first else (offer, need)
        out.append(
            Shown(own_line, other, need, offer, value, match.parts, match.reasons,
                  state is State.SUGGESTED, _is_far(match, lines[other], changed))
        )  # fmt: skip
    others = {one.other: lines[one.other] for one in out}
    waits = waiting.since({line.post_id: line.published_at for line in others.values()})
    out.sort(key=lambda one: (one.is_beyond, -one.score, waits[others[one.other].post_id],
                              one.other))  # fmt: skip
    return out, hidden


def _is_far(match: Match, other: Any, changed: Effects) -> bool:
    """Farther than this organisation said, or than people go for what must be fetched or joined."""
    kilometres = kilometres_of(match.parts)
    usual = kilometres is None or within_reach.is_within(other, kilometres)
    return not usual or is_beyond(match.parts, changed)


def count_new(organisation: Organisation) -> tuple[int, int]:
    """Return how many pairs an organisation is proposed, and how many it has not seen."""
    shown, _hidden = pairs_of(organisation, effects_of(organisation.id))
    return len(shown), sum(one.is_new for one in shown)


def effects_of(organisation_id: int) -> Effects:
    """Return what an organisation's dismissals change."""
    return effects(
        Dismissed(
            view.reason or Dismissal.WRONG_THING,
            (view.need_concept, view.offer_concept)
            if view.need_concept and view.offer_concept
            else None,
            view.kilometres,
        )
        for view in dismissed_by(organisation_id)
        if view.counted
    )


def dismissed_by(organisation_id: int) -> list[MatchView]:
    """Return what an organisation dismissed, the last first."""
    rows = select(MatchView).where(
        MatchView.organisation_id == organisation_id, MatchView.state == State.DISMISSED
    )
    rows = rows.order_by(MatchView.updated_at.desc(), MatchView.id.desc()).limit(MOST_DISMISSED)
    return list(db.session.scalars(rows))


def blocked_by(organisation_id: int) -> list[Organisation]:
    """Return the organisations with which this one wants no more pairs, by name."""
    rows = (
        select(Organisation)
        .join(Block, Block.other_id == Organisation.id)
        .where(Block.organisation_id == organisation_id)
        .order_by(Organisation.name_folded, Organisation.id)
        .limit(MOST)
    )
    return list(db.session.scalars(rows))


def get_pair(organisation: Organisation, need: UUID, offer: UUID) -> Match:
    """Return a pair that this organisation may be shown, or raise NotFound."""
    match = db.session.scalar(_pair(need, offer))
    if match is None or not _is_of(organisation, match.need_line_id, match.offer_line_id):
        raise NotFound
    lines = {match.need_line_id, match.offer_line_id}
    if len(open_lines(lines, organisation)) < 2:
        raise NotFound
    return match


def get_view(organisation: Organisation, need: UUID, offer: UUID) -> MatchView:
    """Return what this organisation did with a pair, or raise NotFound."""
    need_line, offer_line = aliased(Line), aliased(Line)
    view = db.session.scalar(
        select(MatchView)
        .join(need_line, need_line.id == MatchView.need_line_id)
        .join(offer_line, offer_line.id == MatchView.offer_line_id)
        .where(need_line.uuid == need, offer_line.uuid == offer)
        .where(MatchView.organisation_id == organisation.id)
    )
    if view is None:
        raise NotFound
    return view


def find_view(organisation_id: int, need_id: int, offer_id: int) -> MatchView | None:
    """Return what an organisation did with a pair."""
    return db.session.scalar(
        select(MatchView).where(
            MatchView.organisation_id == organisation_id,
            MatchView.need_line_id == need_id,
            MatchView.offer_line_id == offer_id,
        )
    )


def find_block(organisation_id: int, other_id: int) -> Block | None:
    """Return what keeps two organisations apart, by the first one's word."""
    return db.session.scalar(
        select(Block).where(Block.organisation_id == organisation_id, Block.other_id == other_id)
    )


def other_organisation(organisation: Organisation, need_id: int, offer_id: int) -> int:
    """Return whose the other line of a pair is."""
    rows = select(Post.organisation_id).join(Line, Line.post_id == Post.id)
    rows = rows.where(Line.id.in_((need_id, offer_id)), Post.organisation_id != organisation.id)
    return db.session.scalars(rows.order_by(Line.id)).one()


def post_ids_of(organisation_id: int) -> list[int]:
    """Return the published posts of an organisation."""
    rows = select(Post.id).where(
        Post.organisation_id == organisation_id, Post.published_at.is_not(None)
    )
    return list(db.session.scalars(rows.order_by(Post.id)))


def line_uuids(ids: Collection[int]) -> dict[int, UUID]:
    """Return the public names of lines."""
    rows = select(Line.id, Line.uuid).where(Line.id.in_(sorted(ids))).order_by(Line.id)
    return {row.id: row.uuid for row in db.session.execute(rows)}


def line_ids(uuids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the lines of these public names."""
    rows = select(Line.uuid, Line.id).where(Line.uuid.in_(uuids)).order_by(Line.id)
    return {row.uuid: row.id for row in db.session.execute(rows)} if uuids else {}


def _lines_of(organisation_id: int, post_id: int | None) -> Select[int]:
    own = select(Line.id).join(Post, Post.id == Line.post_id)
    own = own.where(Post.organisation_id == organisation_id)
    return own if post_id is None else own.where(Post.id == post_id)


def open_lines(line_ids: Collection[int], organisation: Organisation) -> dict[int, Any]:
    """Of these lines, those that may be proposed now to this organisation."""
    rows = (
        select(
            Line.id,
            Line.kind,
            Line.attendance,
            Line.reach_km,
            Line.post_id,
            Post.organisation_id,
            Post.published_at,
        )
        .join(Post, Post.id == Line.post_id)
        .where(Line.id.in_(sorted(line_ids)), reading.is_answerable(), _may_see(organisation))
        .where(Post.organisation_id.not_in(_kept_apart(organisation.id)))
        .order_by(Line.id)
    )
    return {row.id: row for row in db.session.execute(rows)} if line_ids else {}


def _may_see(organisation: Organisation) -> ColumnElement[bool]:
    public = Post.audience == Audience.PUBLIC
    own = Post.organisation_id == organisation.id
    return Post.id > 0 if organisation.verified_at is not None else or_(public, own)


def _kept_apart(organisation_id: int) -> Select[int]:
    theirs = select(Block.organisation_id).where(Block.other_id == organisation_id)
    ours = select(Block.other_id).where(
        Block.organisation_id == organisation_id, Block.other_id.is_not(None)
    )
    return ours.union(theirs)  # type: ignore[return-value]


def _views(organisation_id: int) -> dict[tuple[int, int], State]:
    rows = (
        select(MatchView.need_line_id, MatchView.offer_line_id, MatchView.state)
        .where(MatchView.organisation_id == organisation_id)
        .order_by(MatchView.id.desc())
        .limit(20_000)
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(rows)}


def _pair(need: UUID, offer: UUID) -> Select[Match]:
    need_line, offer_line = aliased(Line), aliased(Line)
    return (
        select(Match)
        .join(need_line, need_line.id == Match.need_line_id)
        .join(offer_line, offer_line.id == Match.offer_line_id)
        .where(and_(need_line.uuid == need, offer_line.uuid == offer))
    )


def _is_of(organisation: Organisation, *ids: int) -> bool:
    rows = select(func.count(Line.id)).join(Post, Post.id == Line.post_id)
    rows = rows.where(Line.id.in_(ids), Post.organisation_id == organisation.id)
    return bool(db.session.scalar(rows))


def posts_of_lines(ids: Collection[int]) -> dict[int, int]:
    """Return the post of each line."""
    rows = select(Line.id, Line.post_id).where(Line.id.in_(sorted(ids))).order_by(Line.id)
    return {row.id: row.post_id for row in db.session.execute(rows)}


def own_pairs(organisation_id: int, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of the pairs that are kept and have a line of this organisation."""
    wanted = {line_id for pair in pairs for line_id in pair}
    own = select(Line.id).join(Post, Post.id == Line.post_id)
    own = own.where(Post.organisation_id == organisation_id)
    rows = (
        select(Match.need_line_id, Match.offer_line_id)
        .where(Match.need_line_id.in_(wanted), Match.offer_line_id.in_(wanted))
        .where(or_(Match.need_line_id.in_(own), Match.offer_line_id.in_(own)))
        .order_by(Match.id)
    )
    kept = {(row[0], row[1]) for row in db.session.execute(rows)} if wanted else set()
    return [pair for pair in dict.fromkeys(pairs) if pair in kept]
