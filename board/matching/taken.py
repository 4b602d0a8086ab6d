"""Pairs of which one side answered the other: proposed no more while the answer stands.

Answers tell (they know matching, matching does not know them); both organisations' views follow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlalchemy import or_, select

from board.clock import now
from board.extensions import db
from board.matching.models import Match, MatchView
from board.matching.rules import State
from board.posts.models import Line, Post

AT_ONCE = 1_000
Answered = Mapping[int, Collection[int]]  # which organisations answered a line
Tell = Callable[[Collection[int]], Answered]
_tellers: list[Tell] = []


def told_by(tell: Tell) -> None:
    """Let `tell` say which organisations have an answer that stands to some lines."""
    _tellers[:] = [tell]


def follow_new(pairs: Collection[tuple[int, int]]) -> None:
    """A pair that is found after one side answered the other is taken up from its first minute."""
    lines = sorted({line for pair in pairs for line in pair})
    for tell in _tellers if lines else ():
        answered = tell(lines)
        follow([pair for pair in pairs if any(line in answered for line in pair)], answered)


def pairs_with(line_ids: Collection[int]) -> list[tuple[int, int]]:
    """Return the pairs that these lines are in, kept now or taken up before."""
    taken = MatchView.state == State.TAKEN_UP
    found = set[tuple[int, int]]()
    for table, which in ((Match, Match.id > 0), (MatchView, taken)):
        rows = select(table.need_line_id, table.offer_line_id).where(
            or_(table.need_line_id.in_(line_ids), table.offer_line_id.in_(line_ids)), which
        )
        rows = rows.order_by(table.id).limit(AT_ONCE)
        found |= {(row[0], row[1]) for row in db.session.execute(rows)}
    return sorted(found)


def follow(pairs: Collection[tuple[int, int]], answered: Answered) -> None:
    """Note for both organisations which of these pairs are taken up; the others are no more."""
    owner = _owners({line for pair in pairs for line in pair})
    views = _views(pairs)
    for need, offer in pairs:
        both = owner[need], owner[offer]
        taken = both[1] in answered.get(need, ()) or both[0] in answered.get(offer, ())
        for organisation_id in both:
            key = organisation_id, need, offer
            _follow(views.get(key), key, taken=taken)
    db.session.flush()


def _views(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int, int], MatchView]:
    """Return what organisations did with these pairs, by organisation, need and offer."""
    rows = select(MatchView).where(
        MatchView.need_line_id.in_({need for need, _offer in pairs}),
        MatchView.offer_line_id.in_({offer for _need, offer in pairs}),
    )
    found = db.session.scalars(rows.order_by(MatchView.id)) if pairs else ()
    return {(one.organisation_id, one.need_line_id, one.offer_line_id): one for one in found}


def _follow(view: MatchView | None, key: tuple[int, int, int], *, taken: bool) -> None:
    if taken and view is None:
        organisation_id, need, offer = key
        db.session.add(MatchView(organisation_id=organisation_id, need_line_id=need,
                                 offer_line_id=offer, state=State.TAKEN_UP))  # fmt: skip
    elif view is not None and _moves(view.state, taken=taken):
        view.state = State.TAKEN_UP if taken else State.SUGGESTED
        view.updated_at = now()


def _moves(state: State, *, taken: bool) -> bool:
    """What was set aside stays so; what was not taken up cannot be given back."""
    if taken:
        return state in {State.SUGGESTED, State.SEEN}
    return state is State.TAKEN_UP


def _owners(line_ids: Collection[int]) -> dict[int, int]:
    rows: Any = select(Line.id, Post.organisation_id).join(Post, Post.id == Line.post_id)
    rows = rows.where(Line.id.in_(sorted(line_ids))).order_by(Line.id)
    return {row[0]: row[1] for row in db.session.execute(rows)} if line_ids else {}
