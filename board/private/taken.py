"""Needs that the owner of a private line answered: suggested no more while the answer stands.

Answers tell: they know private lines, private lines do not know them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import select

from board.extensions import db
from board.private.models import PrivateLine, PrivateMatch, PrivateView
from board.private.rules import Answer

AT_ONCE = 1_000
Answered = Collection[tuple[int, int | None, int | None]]  # need line, person, organisation
Tell = Callable[[Collection[int]], Answered]
_tellers: list[Tell] = []


def told_by(tell: Tell) -> None:
    """Let `tell` say who has an answer that stands to some lines."""
    _tellers[:] = [tell]


def follow_new(line_ids: Collection[int]) -> None:
    """A need that fits only after it was answered is not suggested to whoever answered it."""
    for tell in _tellers if line_ids else ():
        follow(line_ids, tell(line_ids))


def follow(line_ids: Collection[int], by: Answered) -> None:
    """Note which of these needs were answered; `by`: need line, and the person or organisation."""
    people = {(need, person) for need, person, _organisation in by if person is not None}
    organisations = {(need, one) for need, _person, one in by if one is not None}
    _give_back(line_ids, people, organisations)
    views = _views(line_ids)
    rows = (
        select(PrivateMatch.need_line_id, PrivateLine.id, PrivateLine.person_id,
               PrivateLine.organisation_id)
        .join(PrivateLine, PrivateLine.id == PrivateMatch.private_line_id)
        .where(PrivateMatch.need_line_id.in_({one[0] for one in by}))
        .order_by(PrivateMatch.id)
    )  # fmt: skip
    for need, line_id, person, organisation in db.session.execute(rows) if by else ():
        # Who answers for an organisation answers for themselves too.
        if (need, person) in people or (need, organisation) in organisations:
            _take_up(views.get((line_id, need)), line_id, need)
    db.session.flush()


def _views(line_ids: Collection[int]) -> dict[tuple[int, int], PrivateView]:
    """Return what was said of these needs, by private line and need."""
    rows = select(PrivateView).where(PrivateView.need_line_id.in_(line_ids))
    found = db.session.scalars(rows.order_by(PrivateView.id))
    return {(view.private_line_id, view.need_line_id): view for view in found}


def _take_up(view: PrivateView | None, line_id: int, need: int) -> None:
    if view is None:
        db.session.add(PrivateView(private_line_id=line_id, need_line_id=need, answer=Answer.YES))
    elif view.answer in {Answer.LATER, Answer.YES}:
        view.answer, view.until, view.draft_id = Answer.YES, None, None


def _give_back(
    line_ids: Collection[int],
    people: Collection[tuple[int, int]],
    organisations: Collection[tuple[int, int]],
) -> None:
    """An answer that does not stand is none: the need fits its owner again."""
    rows = (
        select(PrivateView, PrivateLine.person_id, PrivateLine.organisation_id)
        .join(PrivateLine, PrivateLine.id == PrivateView.private_line_id)
        .where(PrivateView.need_line_id.in_(line_ids), PrivateView.answer == Answer.YES)
        .where(PrivateView.draft_id.is_(None))
        .order_by(PrivateView.id)
        .limit(AT_ONCE)
    )
    for view, person, organisation in db.session.execute(rows):
        need = view.need_line_id
        if (need, person) not in people and (need, organisation) not in organisations:
            db.session.delete(view)
    db.session.flush()
