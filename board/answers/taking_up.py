"""Matching hears which of its pairs were answered, in the transaction of the answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from board import news
from board.answers.models import Commitment, Response, ResponseLine
from board.answers.rules import State
from board.extensions import db
from board.matching import taken
from board.organisations.models import Membership
from board.posts.models import Line
from board.private import taken as taken_privately

FALLEN = (State.DECLINED, State.WITHDRAWN, State.RELEASED, State.NO_SHOW)
MOST = 5_000


def tell(_session: Session, ids: set[int]) -> None:
    """Tell what stands now of every pair that these answers concern."""
    posts = select(Response.post_id).where(Response.id.in_(sorted(ids)))
    rows = select(Line.id).where(Line.post_id.in_(posts)).order_by(Line.id)
    lines = list(db.session.scalars(rows))
    if not lines:
        return
    pairs = taken.pairs_with(lines)
    by = _standing({*lines, *(line for pair in pairs for line in pair)})
    taken.follow(pairs, _sides(by))
    here = set(lines)
    taken_privately.follow(lines, [one for one in by if one[0] in here])


def answered(lines: Collection[int]) -> dict[int, set[int]]:
    """Return which organisations have an answer that stands to each of these lines."""
    return _sides(_standing(lines))


def _standing(lines: Collection[int]) -> list[tuple[int, int | None, int | None]]:
    """Return who has an answer that stands: line, person (who wrote), organisation.

    What was lent and came back stands no more: it can go out again.
    """
    came_back = (
        select(Commitment.id)
        .where(Commitment.response_line_id == ResponseLine.id, Commitment.returned_at.is_not(None))
        .exists()
    )
    rows = (
        select(ResponseLine.line_id, Response.person_id, Response.organisation_id)
        .join(Response, Response.id == ResponseLine.response_id)
        .where(ResponseLine.line_id.in_(sorted(lines)), Response.confirmed_at.is_not(None))
        .where(Response.state.not_in(FALLEN), ~came_back)
        .where(or_(Response.person_id.is_not(None), Response.organisation_id.is_not(None)))
        .order_by(ResponseLine.id)
        .limit(MOST)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(rows)]


def _sides(by: Collection[tuple[int, int | None, int | None]]) -> dict[int, set[int]]:
    """Return which organisations answered each line: by name, or by one of their people."""
    alone = {person for _line, person, organisation in by if person and organisation is None}
    rows = select(Membership.person_id, Membership.organisation_id)
    rows = rows.where(Membership.person_id.in_(sorted(alone)), Membership.ended_at.is_(None))
    theirs = defaultdict[int, set[int]](set)
    for row in db.session.execute(rows.order_by(Membership.id)) if alone else ():
        theirs[row[0]].add(row[1])
    sides = defaultdict[int, set[int]](set)
    for line, person, organisation in by:
        sides[line] |= {organisation} if organisation else theirs.get(person or 0, set())
    return sides


def listen() -> None:
    """Hear of every answer that moves, and tell of those that were there before a pair."""
    news.hears("response", tell)
    taken.told_by(answered)
    taken_privately.told_by(_standing)
