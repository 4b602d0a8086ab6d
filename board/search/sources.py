"""Reading what documents are built from: a few statements for any number of posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, or_, select

from board.clock import now
from board.extensions import db
from board.organisations.models import Organisation
from board.photos.models import Upload
from board.posts import visibility
from board.posts.models import Line, LineConcept, Post, PostTag
from board.posts.rules import BELIEVED, Audience
from board.search.documents import Document, Source, build
from board.taxonomy import queries as taxonomy
from board.taxonomy.models import Place, PlaceName
from board.taxonomy.rules import Catalogue, Term

_posts = (
    select(
        Post.id,
        Post.title,
        Post.body_html,
        Post.place_id,
        Organisation.name,
        Place.label,
        Place.region,
    )
    .join(Organisation, Organisation.id == Post.organisation_id)
    .outerjoin(Place, Place.id == Post.place_id)
    .order_by(Post.id)
)
_lines = select(
    Line.id,
    Line.post_id,
    Line.title,
    Line.unit,
    Line.effort,
    Line.conditions,
    Line.kind,
    Line.category_id,
).order_by(Line.post_id, Line.position, Line.id)

# What is not described yet is seen by nobody; a decorative one says nothing.
_alts = (
    select(Upload.post_id, Upload.alt)
    .where(Upload.alt != "")
    .order_by(Upload.post_id, Upload.position, Upload.id)
)


class PlaceWords(NamedTuple):
    """What documents show of a place."""

    label: str
    region: str
    spelled: tuple[str, ...]


def in_index() -> ColumnElement[bool]:
    """What everybody may see is indexed; what is paused, met or expired, until it is closed."""
    seen = and_(visibility.published(), Post.audience == Audience.PUBLIC)
    return and_(seen, ~visibility.closed_sql(now()))


def public_documents(ids: Collection[int]) -> list[Document]:
    """Build the documents of those of the posts that may be indexed."""
    if not ids:
        return []
    return documents(and_(Post.id.in_(sorted(ids)), in_index()))


def documents(which: ColumnElement[bool]) -> list[Document]:
    """Build the documents of the posts that meet a condition, whoever may see them."""
    posts: list[Any] = list(db.session.execute(_posts.where(which)))
    if not posts:
        return []
    ids = [post.id for post in posts]
    lines = _grouped(_lines.where(Line.post_id.in_(ids), Line.removed_at.is_(None)), "post_id")
    tags = _grouped(
        select(PostTag.post_id, PostTag.text, PostTag.concept_id)
        .where(PostTag.post_id.in_(ids))
        .order_by(PostTag.id),
        "post_id",
    )
    more = _grouped(
        select(Line.post_id, LineConcept.concept_id)
        .join(Line, Line.id == LineConcept.line_id)
        .where(Line.post_id.in_(ids), Line.removed_at.is_(None), LineConcept.by.in_(BELIEVED))
        .order_by(LineConcept.line_id, LineConcept.concept_id),
        "post_id",
    )
    names = _names({post.place_id for post in posts if post.place_id is not None})
    known = taxonomy.catalogue("fr")
    alts = _grouped(_alts.where(Upload.post_id.in_(ids)), "post_id")
    return [
        build(
            replace(
                _source(post, lines[post.id], tags[post.id], more[post.id], spelled, known),
                alts=[row.alt for row in alts[post.id]],
            )
        )
        for post in posts
        for spelled in ([row.folded for row in names[post.place_id]],)
    ]


def document_of(
    post: Any, lines: Sequence[Any], tags: Sequence[Any], spelled: Sequence[str], known: Catalogue
) -> Document:
    """Build the document of a post that is still to be written, from rows alike."""
    return build(_source(post, lines, tags, (), spelled, known))


def places(ids: Collection[int]) -> dict[int, PlaceWords]:
    """Return what documents show of these places."""
    rows = db.session.execute(select(Place.id, Place.label, Place.region).where(Place.id.in_(ids)))
    names = _names(ids)
    return {
        row.id: PlaceWords(row.label, row.region, tuple(one.folded for one in names[row.id]))
        for row in rows
    }


def _names(place_ids: Collection[int]) -> defaultdict[int, list[Row[Any]]]:
    names = select(PlaceName.place_id, PlaceName.folded).where(PlaceName.place_id.in_(place_ids))
    return _grouped(names.order_by(PlaceName.id), "place_id")


def ids_of_organisations(ids: Collection[int]) -> list[int]:
    """Posts in the index that show one of these organisations."""
    return _indexed(Post.organisation_id.in_(ids))


def ids_of_places(ids: Collection[int]) -> list[int]:
    """Posts in the index that are at one of these places."""
    return _indexed(Post.place_id.in_(ids))


def ids_of_concepts(ids: Collection[int]) -> list[int]:
    """Posts in the index that carry one of these concepts, or a narrower one."""
    known = taxonomy.catalogue("fr").by_id
    keys = {known[concept_id].key for concept_id in ids if concept_id in known}
    wide = {*ids, *(narrower for key in keys for narrower in taxonomy.narrower_ids(key))}
    of_lines = select(Line.post_id).where(Line.category_id.in_(wide))
    of_kinds = select(Line.post_id).where(Line.kind.in_([k for k in keys if k in _KINDS]))
    of_more = (
        select(Line.post_id)
        .join(LineConcept, LineConcept.line_id == Line.id)
        .where(LineConcept.concept_id.in_(wide), LineConcept.by.in_(BELIEVED))
    )
    of_tags = select(PostTag.post_id).where(PostTag.concept_id.in_(wide))
    return _indexed(or_(*(Post.id.in_(each) for each in (of_lines, of_kinds, of_more, of_tags))))


_KINDS = frozenset({"tool", "space", "knowledge", "volunteer"})


def _indexed(condition: ColumnElement[bool]) -> list[int]:
    return list(db.session.scalars(select(Post.id).where(condition, in_index()).order_by(Post.id)))


def _grouped(statement: Any, key: str) -> defaultdict[int, list[Row[Any]]]:
    groups: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in db.session.execute(statement):
        groups[getattr(row, key)].append(row)
    return groups


def _source(
    post: Any,
    lines: Sequence[Any],
    tags: Sequence[Any],
    more: Sequence[Any],
    spelled: Sequence[str],
    known: Catalogue,
) -> Source:
    carried: list[int] = [row.category_id for row in lines]
    carried += [row.concept_id for row in (*more, *tags)]
    kinds = tuple(dict.fromkeys(str(row.kind) for row in lines))
    labels, broader_labels = _called(tuple(dict.fromkeys(carried)), kinds, known)
    return Source(
        post_id=post.id,
        title=post.title,
        body_html=post.body_html,
        organisation=post.name,
        line_words=[row.title for row in lines],
        line_details=[d for row in lines for d in (row.unit, row.effort, row.conditions) if d],
        tags=[row.text for row in tags],
        labels=labels,
        broader_labels=broader_labels,
        place_names=[*filter(None, (post.label, post.region)), *spelled],
    )


@lru_cache(maxsize=1_024)
def _called(
    carried: tuple[int, ...], kinds: tuple[str, ...], known: Catalogue
) -> tuple[list[str], list[str]]:
    """Return what these concepts are called, and all that is broader, with the kinds of lines."""
    terms = [known.by_id[c] for c in carried if c in known.by_id]
    above = [*_broader(terms, known), *(known.by_key[k] for k in kinds if k in known.by_key)]
    return _labels(terms), _labels(above)


def _labels(terms: Iterable[Term]) -> list[str]:
    return list(dict.fromkeys(label.text for term in terms for label in term.labels))


def _broader(terms: list[Term], known: Catalogue) -> list[Term]:
    """Everything above these concepts, each once; a circle in the data ends there."""
    found: dict[int, Term] = {}
    waiting = [concept_id for term in terms for concept_id in term.broader]
    while waiting:
        concept_id = waiting.pop()
        if concept_id not in found and concept_id in known.by_id:
            found[concept_id] = known.by_id[concept_id]
            waiting.extend(found[concept_id].broader)
    return [term for term in found.values() if term not in terms]
