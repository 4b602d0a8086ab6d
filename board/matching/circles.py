"""Circles: found each night from public lines, shown to each of their organisations, or gone.

A circle names organisations and lines only; whether it still holds is asked each time it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from board import news
from board.clock import now
from board.database import begin_writing, reading_apart
from board.errors import NotFound
from board.extensions import db
from board.matching import blocks, cycles, queries, reading
from board.matching.cycles import Cycle, Link
from board.matching.models import Block, Circle, CircleParty, Match, MatchView
from board.organisations.models import Organisation
from board.posts.models import Line, Post
from board.posts.rules import Audience

# A circle asks more of people than a pair: only what fits well.
CIRCLE_FLOOR = 0.45
RESTING = timedelta(days=90)
MOST_SHOWN = 10
AT_ONCE = 2_000
TOGETHER = 100
MOST_BLOCKS = 100_000
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """A circle as one of its organisations sees it: what it would get, what it would give."""

    uuid: UUID
    lines: str
    size: int
    gets: Match
    gives: Match


def find_all() -> int:
    """Find tonight's circles and keep them in place of last night's; return how many."""
    with reading_apart():
        dismissed, resting = _unwanted()
        found = cycles.find(cycles.graph_of(_links()), apart=_apart())
        chosen = cycles.choose(found, dismissed=dismissed, resting=resting)
    wanted = {cycle.key: cycle for cycle in chosen}
    begin_writing()
    kept = {row.lines: row.id for row in db.session.execute(
        select(Circle.lines, Circle.id).where(Circle.dismissed_at.is_(None)))}  # fmt: skip
    _forget([kept[key] for key in sorted(kept.keys() - wanted.keys())])
    new = [wanted[key] for key in wanted if key not in kept]
    for start in range(0, len(new), TOGETHER):
        db.session.add_all([_row(cycle) for cycle in new[start : start + TOGETHER]])
        news.commit()
        begin_writing()
    return len(wanted)


def circles_of(organisation: Organisation) -> list[Seen]:
    """Return the circles that hold and that nobody dismissed, the shortest and best first."""
    return _holding(organisation, Circle.dismissed_at.is_(None))


def taken_away_by(organisation: Organisation) -> list[Seen]:
    """Return the circles that hold, and that only this organisation's word keeps away."""
    return _holding(organisation, Circle.dismissed_by_id == organisation.id)


def _holding(organisation: Organisation, which: ColumnElement[bool]) -> list[Seen]:
    mine = select(CircleParty.circle_id).where(CircleParty.organisation_id == organisation.id)
    rows = (
        select(Circle)
        .where(Circle.id.in_(mine), which)
        .options(selectinload(Circle.parties))
        .order_by(Circle.score.desc(), Circle.id)
        .limit(MOST_SHOWN)
    )
    found = list(db.session.scalars(rows))
    standing = _standing({i for circle in found for i in _lines(circle)}) if found else {}
    apart = blocks.apart({party.organisation_id for one in found for party in one.parties})
    out = []
    for circle in sorted(found, key=lambda one: (len(one.parties), -one.score, one.id)):
        if _holds(circle, standing, apart):
            out.append(_seen(circle, organisation, standing))
    return out


def get_circle(organisation: Organisation, uuid: UUID) -> Circle:
    """Return a circle of which this organisation is one, or raise NotFound."""
    circle = db.session.scalar(select(Circle).where(Circle.uuid == uuid))
    if circle is None or organisation.id not in {one.organisation_id for one in circle.parties}:
        raise NotFound
    return circle


def is_dismissed_by(organisation: Organisation, uuid: UUID) -> bool:
    """Whether this organisation took a circle away."""
    rows = select(Circle.id).where(Circle.uuid == uuid, Circle.dismissed_by_id == organisation.id)
    return db.session.scalar(rows) is not None


def dismiss(*, organisation: Organisation, circle: Circle) -> None:
    """Take a circle away from all of its organisations; none of the others is told who did."""
    if circle.dismissed_at is None:
        circle.dismissed_at, circle.dismissed_by_id = now(), organisation.id
        db.session.flush()


def undo(*, organisation: Organisation, circle: Circle) -> None:
    """Bring a circle back; only who took it away can."""
    if circle.dismissed_by_id != organisation.id:
        raise NotFound
    circle.dismissed_at, circle.dismissed_by_id = None, None
    db.session.flush()


def _links() -> Iterator[tuple[int, int, Link]]:
    """Every pair of public lines that fits well, from whose need to whose offer it is."""
    owner = dict(_public_lines())
    refused = _refused()
    rows = select(Match.need_line_id, Match.offer_line_id, Match.score)
    rows = rows.where(Match.score >= CIRCLE_FLOOR).order_by(Match.id)
    for need, offer, score in db.session.execute(rows.execution_options(yield_per=AT_ONCE)):
        if need in owner and offer in owner and (need, offer) not in refused:
            yield owner[need], owner[offer], Link(need, offer, score)


def _public_lines() -> Iterator[Pair]:
    rows = (
        select(Line.id, Post.organisation_id)
        .join(Post, Post.id == Line.post_id)
        .where(Post.audience == Audience.PUBLIC, reading.is_answerable())
        .order_by(Line.id)
    )
    for row in db.session.execute(rows.execution_options(yield_per=AT_ONCE)):
        yield row[0], row[1]


def _refused(line_ids: set[int] | None = None) -> set[Pair]:
    """Pairs that one of both sides set aside, or that were answered already."""
    rows = select(MatchView.need_line_id, MatchView.offer_line_id)
    rows = rows.where(MatchView.state.in_(queries.AWAY)).order_by(MatchView.id)
    if line_ids is not None:
        rows = rows.where(MatchView.need_line_id.in_(sorted(line_ids)))
    return {(row[0], row[1]) for row in db.session.execute(rows)}


def _apart() -> set[frozenset[int]]:
    rows = select(Block.organisation_id, Block.other_id).where(Block.other_id.is_not(None))
    rows = rows.order_by(Block.id).limit(MOST_BLOCKS)
    return {frozenset((one, int(other or 0))) for one, other in db.session.execute(rows)}


def _unwanted() -> tuple[set[str], set[frozenset[int]]]:
    """Return the circles that somebody dismissed, and who is left in peace for a while."""
    rows = (
        select(Circle)
        .where(Circle.dismissed_at.is_not(None))
        .options(selectinload(Circle.parties))
        .order_by(Circle.id)
    )
    dismissed = list(db.session.scalars(rows))
    since = now() - RESTING
    resting = {
        frozenset(party.organisation_id for party in circle.parties)
        for circle in dismissed
        if circle.dismissed_at is not None and circle.dismissed_at > since
    }
    return {circle.lines for circle in dismissed}, resting


def _row(cycle: Cycle) -> Circle:
    """Each needs from the next, and gives what the one before needs."""
    given = (cycle.links[-1], *cycle.links[:-1])
    parties = [
        CircleParty(position=position, organisation_id=organisation,
                    need_line_id=gets.need, offer_line_id=gives.offer)
        for position, (organisation, gets, gives) in enumerate(
            zip(cycle.organisations, cycle.links, given, strict=True))
    ]  # fmt: skip
    return Circle(lines=cycle.key, score=cycle.score, parties=parties)


def _forget(ids: list[int]) -> None:
    for start in range(0, len(ids), TOGETHER):
        rows = select(Circle).where(Circle.id.in_(ids[start : start + TOGETHER]))
        for circle in db.session.scalars(rows.order_by(Circle.id)):
            db.session.delete(circle)
        news.commit()
        begin_writing()


def _lines(circle: Circle) -> list[int]:
    return [i for party in circle.parties for i in (party.need_line_id, party.offer_line_id)]


def _standing(line_ids: set[int]) -> dict[Pair, Match]:
    """Return the pairs between these lines that may be shown now, by their lines."""
    open_ones = (
        select(Line.id)
        .join(Post, Post.id == Line.post_id)
        .where(Line.id.in_(sorted(line_ids)), Post.audience == Audience.PUBLIC)
        .where(reading.is_answerable())
    )
    rows = select(Match).where(
        Match.need_line_id.in_(open_ones), Match.offer_line_id.in_(open_ones)
    )
    found = {(m.need_line_id, m.offer_line_id): m for m in db.session.scalars(rows)}
    refused = _refused(line_ids) if found else set()
    return {pair: match for pair, match in found.items() if pair not in refused}


def _pairs(circle: Circle) -> list[Pair]:
    parties = circle.parties
    return [
        (party.need_line_id, parties[(i + 1) % len(parties)].offer_line_id)
        for i, party in enumerate(parties)
    ]


def _holds(circle: Circle, standing: dict[Pair, Match], apart: set[frozenset[int]]) -> bool:
    """Whether every link of a circle still stands, between organisations on speaking terms."""
    ids = [party.organisation_id for party in circle.parties]
    if any(frozenset((one, other)) in apart for one in ids for other in ids if one < other):
        return False
    return all(pair in standing for pair in _pairs(circle))


def _seen(circle: Circle, organisation: Organisation, standing: dict[Pair, Match]) -> Seen:
    pairs = _pairs(circle)
    at = next(i for i, p in enumerate(circle.parties) if p.organisation_id == organisation.id)
    gets, gives = standing[pairs[at]], standing[pairs[at - 1]]
    return Seen(circle.uuid, circle.lines, len(pairs), gets, gives)
