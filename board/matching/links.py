"""Concepts that the words of a line mean: kept beside what its author said, never over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from board import news
from board.extensions import db
from board.matching import meaning
from board.matching.knowledge import Knowledge
from board.posts.about import MOST, titles
from board.posts.models import Line, LineConcept, Post
from board.posts.rules import Source

BY_WORDS = (Source.RULE.value, Source.SUGGESTED.value)
Links = dict[tuple[int, int], str]


def missing(post_ids: Collection[int], known: Knowledge) -> tuple[Links, Links]:
    """Return which links by words are to be written, and which no words say any more."""
    rows = _lines(post_ids)
    held: Links = {
        (row.line_id, row.concept_id): row.by
        for row in db.session.execute(
            select(LineConcept.line_id, LineConcept.concept_id, LineConcept.by)
            .where(LineConcept.line_id.in_([row.id for row in rows]))
            .order_by(LineConcept.line_id, LineConcept.concept_id)
        )
    }
    lines = Counter(row.post_id for row in rows)
    meant: Links = {}
    for row in rows:
        meant |= _meant(row, lines[row.post_id] == 1, known)
    by_words = {pair: by for pair, by in held.items() if by in BY_WORDS}
    new = {
        pair: by for pair, by in meant.items()
        if by_words.get(pair) != by and (pair not in held or pair in by_words)
    }  # fmt: skip
    return new, {pair: by for pair, by in by_words.items() if pair not in meant}


def keep(new: Links, gone: Links) -> None:
    """Write them; the posts are told to have changed only where what counts did."""
    for (line_id, concept_id), by in new.items():
        which = (LineConcept.line_id == line_id, LineConcept.concept_id == concept_id)
        there = db.session.execute(
            update(LineConcept).where(*which, LineConcept.by.in_(BY_WORDS)).values(by=by)
        )
        if not there.rowcount and not db.session.scalar(  # type: ignore[attr-defined]
            select(func.count()).select_from(LineConcept).where(*which)
        ):
            row = {"line_id": line_id, "concept_id": concept_id, "by": by}
            db.session.execute(insert(LineConcept).values(**row))
    for line_id, concept_id in gone:
        db.session.execute(
            delete(LineConcept).where(
                LineConcept.line_id == line_id,
                LineConcept.concept_id == concept_id,
                LineConcept.by.in_(BY_WORDS),
            )
        )
    counted = {line_id for links in (new, gone) for (line_id, _concept), by in links.items()
               if by == Source.RULE}  # fmt: skip
    if counted:
        posts = select(Line.post_id).where(Line.id.in_(sorted(counted))).order_by(Line.id)
        news.note("post", set(db.session.scalars(posts)))


def _lines(post_ids: Collection[int]) -> list[Any]:
    rows = (
        select(
            Line.id,
            Line.title,
            Line.kind,
            Line.category_id,
            Line.post_id,
            Post.title.label("post_title"),
            Post.language,
        )
        .join(Post, Post.id == Line.post_id)
        .where(Line.post_id.in_(sorted(post_ids)), Line.removed_at.is_(None))
        .order_by(Line.id)
    )
    return list(db.session.execute(rows))


def _meant(row: Any, alone: bool, known: Knowledge) -> Links:
    by_id, by_key = known.catalogue.by_id, known.catalogue.by_key
    category = by_id.get(row.category_id or 0)
    found = meaning.read(
        titles(row.title, row.post_title, alone=alone),
        language=row.language,
        kind=row.kind.value,
        category=category.key if category else "",
        known=known,
    )
    return {
        (row.id, by_key[key].id): (Source.RULE if one.is_sure else Source.SUGGESTED).value
        for key, one in list(found.items())[:MOST]
    }
