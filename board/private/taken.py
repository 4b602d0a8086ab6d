"""Needs that the owner of a private line answered: suggested no more while the answer stands."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select

from board.extensions import db
from board.private.models import PrivateLine, PrivateMatch, PrivateView
from board.private.rules import Answer

AT_ONCE = 1_000


def follow(line_ids: Collection[int], by: Collection[tuple[int, int | None, int | None]]) -> None:
    """Note which of these needs were answered; `by`: need line, and the person or organisation."""
    _give_back(line_ids, {(need, person) for need, person, _organisation in by})
    for need, person, organisation in by:
        rows = (
            select(PrivateMatch)
            .join(PrivateLine, PrivateLine.id == PrivateMatch.private_line_id)
            .where(PrivateMatch.need_line_id == need, _owned(person, organisation))
            .order_by(PrivateMatch.id)
            .limit(AT_ONCE)
        )
        for match in db.session.scalars(rows):
            _take_up(match)
    db.session.flush()


def _take_up(match: PrivateMatch) -> None:
    rows = select(PrivateView).where(
        PrivateView.private_line_id == match.private_line_id,
        PrivateView.need_line_id == match.need_line_id,
    )
    view = db.session.scalar(rows)
    if view is None:
        db.session.add(PrivateView(private_line_id=match.private_line_id,
                                   need_line_id=match.need_line_id, answer=Answer.YES))  # fmt: skip
    elif view.answer is Answer.LATER:
        view.answer, view.until = Answer.YES, None


def _give_back(line_ids: Collection[int], standing: Collection[tuple[int, int | None]]) -> None:
    """An answer that does not stand is none: the need fits this person again."""
    rows = (
        select(PrivateView, PrivateLine.person_id)
        .join(PrivateLine, PrivateLine.id == PrivateView.private_line_id)
        .where(PrivateView.need_line_id.in_(line_ids), PrivateView.answer == Answer.YES)
        .where(PrivateLine.person_id.is_not(None))
        .order_by(PrivateView.id)
        .limit(AT_ONCE)
    )
    for view, person in db.session.execute(rows):
        if (view.need_line_id, person) not in standing:
            db.session.delete(view)


def _owned(person: int | None, organisation: int | None) -> ColumnElement[bool]:
    """Who answers for an organisation answers for themselves too."""
    return or_(PrivateLine.person_id == person, PrivateLine.organisation_id == organisation)
