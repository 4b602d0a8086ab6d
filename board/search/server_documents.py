"""What each index of the search server holds, built from the rows: only what everybody may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from zlib import crc32

from sqlalchemy import select

from board.extensions import db
from board.organisations.models import Organisation
from board.posts import visibility
from board.posts.models import Line, LineConcept, Post, PostTag
from board.posts.rules import BELIEVED
from board.search import sources
from board.search.documents import Document
from board.search.indexes import ORGANISATIONS, POSTS, WRITTEN, Row
from board.search.text import neutral, words
from board.taxonomy import queries as taxonomy
from board.taxonomy.models import Place
from board.taxonomy.rules import Scheme, Term

# The server puts a column that is the words, or begins with them, before the same words elsewhere;
# the board does not: each column begins with a word that folding leaves to nobody.
BEGINNING = "ø"
# Said in every version: boards that held documents of another form tell them all again.
FORM, FORMS = 1, 100
NEVER = 253_402_300_799  # the last second of the year 9999


def documents(index: str, ids: Collection[int] | None = None) -> list[Row]:
    """Build the documents of an index, for these objects or all; what may not be found has none."""
    if index == POSTS:
        return [] if ids is None else _posts(ids)
    if index == ORGANISATIONS:
        return _organisations(ids)
    known = taxonomy.catalogue("fr").scheme(Scheme.CATEGORY)
    return [_concept(term) for term in known if ids is None or term.id in ids]


def every_id(index: str) -> dict[int, int]:
    """Return the version of every object that an index should hold, by its id."""
    if index == POSTS:
        rows = db.session.execute(select(Post.id, Post.version).where(sources.in_index()))
        return {row.id: _told(row.version) for row in rows}
    return {row["id"]: row["version"] for row in documents(index)}


def _posts(ids: Collection[int]) -> list[Row]:
    built = sources.public_documents(ids)
    wanted = [document.post_id for document in built]
    heads = {
        row.id: row
        for row in db.session.execute(
            select(
                Post.id, Post.version, Post.purpose, Post.language, Post.place_id,
                Post.paused_at, Post.expires_at, Post.ranked_at, Organisation.slug,
                visibility.met_sql().label("is_met"), Place.public_latitude, Place.public_longitude,
            )
            .join(Organisation, Organisation.id == Post.organisation_id)
            .outerjoin(Place, Place.id == Post.place_id)
            .where(Post.id.in_(wanted))
        )
    }  # fmt: skip
    values = _values_of_lines(wanted)
    tags = _tags(wanted)
    return [
        _post(each, heads[each.post_id], values[each.post_id], tags[each.post_id]) for each in built
    ]


def _post(document: Document, head: Any, values: Row, tags: list[str]) -> Row:
    closed = head.paused_at is not None or head.is_met
    row: Row = {
        "id": document.post_id,
        "version": _told(head.version),
        **{name: _begun(map(neutral, held)) for name, held in document.columns().items()},
        WRITTEN: _begun(document.title),
        **values,
        "tag": tags,
        "purpose": head.purpose.value,
        "language": head.language,
        "organisation_slug": head.slug,
        "place_id": head.place_id,
        "paused": head.paused_at is not None,
        "listed_until": 0 if closed else _second(head.expires_at, NEVER),
        "ranked_at": _second(head.ranked_at, 0),
    }
    if head.public_latitude is not None:
        row["_geo"] = {"lat": head.public_latitude, "lng": head.public_longitude}
    return row


def _begun(held: Iterable[str]) -> str:
    return " ".join((BEGINNING, *held))


def _told(version: int) -> int:
    return version * FORMS + FORM


def _values_of_lines(ids: list[int]) -> defaultdict[int, Row]:
    """Return the kinds, terms, attendances and categories (with broader ones) of each post."""
    known = taxonomy.catalogue("fr").by_id
    found: defaultdict[int, Row] = defaultdict(
        lambda: {"kind": set(), "basis": set(), "attendance": set(), "category": set()}
    )
    lines = select(Line.post_id, Line.kind, Line.basis, Line.attendance, Line.category_id).where(
        Line.post_id.in_(ids), Line.removed_at.is_(None)
    )
    for post_id, kind, basis, attendance, category in db.session.execute(lines):
        for name, value in (("kind", kind), ("basis", basis), ("attendance", attendance)):
            if value is not None:
                found[post_id][name].add(value.value)
        found[post_id]["category"] |= _with_broader(known, [category])
    more = select(Line.post_id, LineConcept.concept_id).join(Line, Line.id == LineConcept.line_id)
    more = more.where(
        Line.post_id.in_(ids), Line.removed_at.is_(None), LineConcept.by.in_(BELIEVED)
    )
    for post_id, concept_id in db.session.execute(more):
        found[post_id]["category"] |= _with_broader(known, [concept_id])
    for row in found.values():
        row.update({name: sorted(held) for name, held in row.items()})
    return found


def _with_broader(known: Any, ids: Iterable[int | None]) -> set[str]:
    """Return the keys of concepts and of all that is broader."""
    keys: set[str] = set()
    waiting = [concept_id for concept_id in ids if concept_id in known]
    while waiting:
        term = known[waiting.pop()]
        if term.key not in keys:
            keys.add(term.key)
            waiting.extend(concept_id for concept_id in term.broader if concept_id in known)
    return keys


def _tags(ids: list[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = select(PostTag.post_id, PostTag.folded).where(PostTag.post_id.in_(ids))
    for post_id, folded in db.session.execute(rows.order_by(PostTag.id)):
        found[post_id].append(folded)
    return found


def _organisations(ids: Collection[int] | None) -> list[Row]:
    rows = (
        select(Organisation.id, Organisation.name, Place.label)
        .outerjoin(Place, Place.id == Organisation.place_id)
        .where(
            Organisation.closed_at.is_(None),
            Organisation.hidden_at.is_(None),
            Organisation.unlisted_at.is_(None),
        )
    )
    if ids is not None:
        rows = rows.where(Organisation.id.in_(ids))
    return [
        {"id": row.id, "version": _mark(row.name, row.label or ""), "name": _joined(row.name),
         "place": _joined(row.label or "")}
        for row in db.session.execute(rows.order_by(Organisation.id))
    ]  # fmt: skip


def _concept(term: Term) -> Row:
    labels = [label.text for label in term.labels]
    return {"id": term.id, "version": _mark(*labels), "label": [_joined(text) for text in labels]}


def _joined(text: str) -> str:
    return " ".join(words(text))


def _mark(*texts: str) -> int:
    """Return a number that changes with the texts: a version for rows that keep none."""
    return crc32("\n".join(texts).encode())


def _second(at: datetime | None, otherwise: int) -> int:
    return int(at.timestamp()) if at is not None else otherwise
