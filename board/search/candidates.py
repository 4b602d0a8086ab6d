"""Lines that a line may be matched with: by rare words, and by shared concepts nearest first.

Posts for members are in no index: they are few, and their words are read in the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from math import cos, radians
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    case,
    exists,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from board.clock import now
from board.extensions import db
from board.posts import visibility
from board.posts.models import Line, LineConcept, Post, PostTag
from board.posts.rules import BELIEVED
from board.search import similar
from board.search.dialects import Dialect
from board.search.engine import Sought
from board.search.text import PURPOSE_WORDS, words
from board.taxonomy.models import Place

BY_WORDS = 50
BY_CONCEPTS = 60
MOST_LINES = 400
MOST_MEMBERS_LINES = 500
# Written out, so that SQLite sees that the index of these posts alone holds them all.
FOR_MEMBERS = Post.audience == literal_column("'members'")


def find(dialect: Dialect, sought: Sought, *, of_posts: int) -> list[int]:
    """Return lines of the opposite purpose and of the same kind, the likeliest first."""
    of_posts_found = similar.closest(
        dialect, sought.words, _posts_of(sought), of_posts=of_posts, limit=BY_WORDS
    )
    by_words = _lines_of(of_posts_found, sought)
    by_concepts = _sharing(sought)
    return list(dict.fromkeys((*by_words, *_of_members(sought), *by_concepts)))


def _posts_of(sought: Sought) -> ColumnElement[bool]:
    """Public open posts of the other purpose with a standing line of that kind."""
    of_kind = exists().where(
        Line.post_id == Post.id, Line.kind == sought.kind, visibility.line_is_active()
    )
    return and_(visibility.public(now()), _of_others(sought), of_kind.correlate(Post))


def _of_others(sought: Sought) -> ColumnElement[bool]:
    other = Post.purpose == sought.purpose.opposite
    if sought.organisation_id is None:
        return other
    return and_(other, Post.organisation_id != sought.organisation_id)


def _lines_of(post_ids: Sequence[int], sought: Sought) -> list[int]:
    rows = (
        select(Line.id, Line.post_id)
        .where(Line.post_id.in_(post_ids), Line.kind == sought.kind, visibility.line_is_active())
        .order_by(Line.position, Line.id)
        .limit(MOST_LINES)
    )
    place = {post_id: n for n, post_id in enumerate(post_ids)}
    found = list(db.session.execute(rows)) if post_ids else []
    return [row.id for row in sorted(found, key=lambda row: place[row.post_id])][: 2 * BY_WORDS]


def _of_members(sought: Sought) -> list[int]:
    """Lines for members whose titles or tags are written most alike, typing errors and all."""
    if not sought.is_member or not sought.words:
        return []
    rows = (
        select(Line.id, Line.post_id, Line.title, Post.title.label("post_title"))
        .join(Post, Post.id == Line.post_id)
        .where(FOR_MEMBERS, visibility.is_open(now()), _of_others(sought))
        .where(Line.kind == sought.kind, visibility.line_is_active())
        .order_by(Post.ranked_at.desc(), Line.id)
        .limit(MOST_MEMBERS_LINES)
    )
    found = list(db.session.execute(rows))
    tags = _tags_of({row.post_id for row in found})
    own = _runs(sought.words)
    shared = {
        row.id: len(own & _runs(words(" ".join((row.title, row.post_title, *tags[row.post_id])))))
        for row in found
    }
    alike = sorted((row.id for row in found if shared[row.id]), key=lambda i: (-shared[i], i))
    return alike[:BY_WORDS]


def _tags_of(post_ids: Collection[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = select(PostTag.post_id, PostTag.text).where(PostTag.post_id.in_(sorted(post_ids)))
    for post_id, text in db.session.execute(rows.order_by(PostTag.id)) if post_ids else ():
        found[post_id].append(text)
    return found


def _runs(said: Collection[str]) -> set[str]:
    """Return the runs of three letters of words, their ends marked."""
    marked = [f" {word} " for word in said if word not in PURPOSE_WORDS and len(word) > 1]
    return {word[at : at + 3] for word in marked for at in range(len(word) - 2)}


def _sharing(sought: Sought) -> list[int]:
    """Lines that carry one of the concepts, the same before the akin, the nearest first."""
    if not sought.concept_ids:
        return []
    found = _carrying(sought, sought.concept_ids, BY_CONCEPTS)
    left = BY_CONCEPTS - len(found)
    if left and sought.akin_ids:
        akin = _carrying(sought, sought.akin_ids, BY_CONCEPTS)
        found += [line_id for line_id in akin if line_id not in found][:left]
    return found


def _carrying(sought: Sought, concept_ids: tuple[int, ...], limit: int) -> list[int]:
    exactly = case((Line.category_id.in_(concept_ids), 0), else_=1)
    rows = (
        select(Line.id)
        .join(Post, Post.id == Line.post_id)
        .outerjoin(Place, Place.id == Post.place_id)
        .where(Line.kind == sought.kind, visibility.line_is_active())
        .where(visibility.is_open(now()), _of_others(sought), Line.id.in_(_about(concept_ids)))
        .order_by(exactly, *_nearest(sought), Line.id)
        .limit(limit)
    )
    return list(db.session.scalars(rows))


def _about(concept_ids: tuple[int, ...]) -> CompoundSelect[int]:
    """Lines that carry a concept, each way by its own index: an OR would walk every line."""
    of_lines, of_tags = aliased(Line), aliased(Line)
    return union_all(
        select(of_lines.id).where(of_lines.category_id.in_(concept_ids)),
        select(LineConcept.line_id).where(
            LineConcept.concept_id.in_(concept_ids), LineConcept.by.in_(BELIEVED)
        ),
        select(of_tags.id)
        .join(PostTag, PostTag.post_id == of_tags.post_id)
        .where(PostTag.concept_id.in_(concept_ids)),
    )


def _nearest(sought: Sought) -> list[Any]:
    """Order by coarse distance on the flat: good enough to choose whom to look at."""
    if sought.point is None:
        return [Post.ranked_at.desc()]
    latitude, longitude = sought.point
    north = Place.public_latitude - latitude
    east = (Place.public_longitude - longitude) * cos(radians(latitude))
    far = func.coalesce(north * north + east * east, 1e9)
    return [far, Post.ranked_at.desc()]


def words_of(titles: Collection[str]) -> tuple[str, ...]:
    """Return the words of titles that say something, each once."""
    typed = (word for title in titles for word in words(title))
    return tuple(dict.fromkeys(w for w in typed if w not in PURPOSE_WORDS and len(w) > 1))
