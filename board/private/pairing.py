"""Needs beside private lines, both ways: the same gates and score as between posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select

from board import database
from board.clock import now
from board.extensions import db
from board.matching import reading as public
from board.matching.knowledge import Knowledge
from board.matching.pairing import is_kept, sought, told
from board.matching.pairs import Compared, kilometres_between
from board.matching.reading import Known
from board.matching.rules import KEPT_PER_LINE, contradiction
from board.posts.models import Line
from board.posts.rules import Purpose
from board.private import reading, taken
from board.private.models import PrivateLine, PrivateMatch
from board.private.reading import Private
from board.private.rules import refusal
from board.search import candidates_at_home

AT_ONCE = 200
AGAIN = ("score", "parts", "reasons", "engine_version", "updated_at")
Found = dict[tuple[int, int], Compared]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every pair worth keeping of some need lines, or of one private line."""

    which: ColumnElement[bool]
    found: Found


def plan_posts(post_ids: Collection[int], known: Knowledge) -> Plan:
    """Compare the need lines of these posts with every private line of their kind; reads only."""
    rows = select(Line.id).where(Line.post_id.in_(sorted(post_ids))).order_by(Line.id)
    ids = list(db.session.scalars(rows))
    found: Found = {}
    for need in public.lines(public.line_ids_of(post_ids), known).values():
        if need.purpose is Purpose.NEED and need.line.facts.answerable:
            found |= _of_need(need, known)
    return Plan(PrivateMatch.need_line_id.in_(ids), found)


def plan_line(private_id: int, known: Knowledge) -> Plan:
    """Compare one private line with the needs that it may fit; reads only."""
    one, found = reading.line(private_id, known), Found()
    if one is not None:
        seeking = sought(Known(one.id, 0, one.line, None), known)
        before = select(PrivateMatch.need_line_id).where(PrivateMatch.private_line_id == private_id)
        ids = {*candidates_at_home(seeking), *db.session.scalars(before)}
        for need in public.lines(ids, known).values():
            compared = compare(need, one, known)
            if compared is not None:
                found[need.id, one.id] = compared
    return Plan(PrivateMatch.private_line_id == private_id, found)


def compare(need: Known, one: Private, known: Knowledge) -> Compared | None:
    """Compare a need with a private line; None when a gate is closed or too little is alike."""
    kilometres = kilometres_between(need.line, one.line)
    if contradiction(need.line.facts, one.line.facts, kilometres) is not None:
        return None
    compared = known.reader.compare(need.line, one.line)
    if not is_kept(compared):
        return None
    written = reading.stems_of(
        need.line.title, *need.line.further_titles, *need.line.tags, need.line.description
    )
    if refusal(one.wishes, need.line, written, known.reader.kinship.broader) is not None:
        return None
    return compared


def keep(made: Plan) -> None:
    """Write what was found and forget what fits no more."""
    before = {
        (row.need_line_id, row.private_line_id): row.id
        for row in db.session.execute(
            select(PrivateMatch.id, PrivateMatch.need_line_id, PrivateMatch.private_line_id).where(
                made.which
            )
        )
    }
    _forget([row_id for pair, row_id in before.items() if pair not in made.found])
    _write(made.found)
    _trim({private_id for _need, private_id in made.found})
    taken.follow_new(sorted({pair[0] for pair in made.found.keys() - before.keys()}))


def _of_need(need: Known, known: Knowledge) -> Found:
    seeking = sought(need, known)
    near = (*seeking.concept_ids, *seeking.akin_ids)
    found: Found = {}
    for some in reading.scan(need.line.facts.kind, near, known):
        for one in some:
            compared = compare(need, one, known)
            if compared is not None:
                found[need.id, one.id] = compared
    return found


def _forget(ids: list[int]) -> None:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        db.session.execute(delete(PrivateMatch).where(PrivateMatch.id.in_(some)))


def _write(found: Found) -> None:
    """Write pairs whose private line still stands; whoever wrote one meanwhile is overwritten."""
    standing = _standing(private_id for _need, private_id in found)
    at = now()
    rows: list[dict[str, Any]] = [
        {"need_line_id": need, "private_line_id": private_id, **told(compared),
         "created_at": at, "updated_at": at}
        for (need, private_id), compared in found.items() if private_id in standing
    ]  # fmt: skip
    for start in range(0, len(rows), AT_ONCE):
        statement = database.insert(PrivateMatch).values(rows[start : start + AT_ONCE])
        fresh = {name: statement.excluded[name] for name in AGAIN}
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=[PrivateMatch.need_line_id, PrivateMatch.private_line_id],
                set_=fresh,
            )
        )


def _standing(private_ids: Iterable[int]) -> set[int]:
    ids, found = sorted(set(private_ids)), set[int]()
    for start in range(0, len(ids), AT_ONCE):
        rows = select(PrivateLine.id).where(PrivateLine.id.in_(ids[start : start + AT_ONCE]))
        found.update(db.session.scalars(rows))
    return found


def _trim(private_ids: set[int]) -> None:
    """Let go of what is beyond the fifty best of any private line."""
    column = PrivateMatch.private_line_id
    full = (
        select(column)
        .where(column.in_(sorted(private_ids)))
        .group_by(column)
        .having(func.count() > KEPT_PER_LINE)
        .order_by(column)
    )
    for private_id in list(db.session.scalars(full)) if private_ids else ():
        rows = select(PrivateMatch.id).where(column == private_id)
        rows = rows.order_by(PrivateMatch.score.desc(), PrivateMatch.id).offset(KEPT_PER_LINE)
        _forget(list(db.session.scalars(rows)))
