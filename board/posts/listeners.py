"""What a change owes: each post that shows it gets a new version, and its readers hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.orm import Session

from board import news
from board.posts.models import Line, LineConcept, Post, PostTag

AT_ONCE = 500
_MOVE_ON = (
    update(Post.__table__)  # type: ignore[arg-type]
    .where(Post.id.in_(bindparam("ids", expanding=True)))
    .values(
        version=Post.version + 1,
        changed_in=select(news.BoardVersion.number)
        .where(news.BoardVersion.id == 1)
        .scalar_subquery(),
    )
)


def bump_versions(session: Session, ids: set[int]) -> None:
    """Move the public version of changed posts on, and say in which state of the board it was."""
    for some in _batches(ids):
        there = session.connection().execute(_MOVE_ON, {"ids": some})
        if there.rowcount < len(some):
            news.moved(session, "removals_in")


def organisations_changed(session: Session, ids: set[int]) -> None:
    """An organisation's name stands on all its posts."""
    _note(session, (select(Post.id).where(Post.organisation_id.in_(s)) for s in _batches(ids)))


def places_changed(session: Session, ids: set[int]) -> None:
    """A place's name stands on all posts that are there."""
    _note(session, (select(Post.id).where(Post.place_id.in_(s)) for s in _batches(ids)))


def concepts_changed(session: Session, ids: set[int]) -> None:
    """The labels of a concept are words of every post that carries it."""
    _note(session, (_carrying(some) for some in _batches(ids)))


def _carrying(ids: list[int]) -> Select[int]:
    lines = select(Line.post_id).where(Line.category_id.in_(ids))
    further = select(Line.post_id).join(LineConcept).where(LineConcept.concept_id.in_(ids))
    tags = select(PostTag.post_id).where(PostTag.concept_id.in_(ids))
    return select(Post.id).where(or_(Post.id.in_(lines), Post.id.in_(further), Post.id.in_(tags)))


def _note(session: Session, questions: Iterable[Select[int]]) -> None:
    for question in questions:
        if found := set(session.scalars(question)):
            news.note("post", found)


def _batches(ids: set[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    return (ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE))


def listen() -> None:
    """Hear of every change that a post shows."""
    news.hears("post", bump_versions)
    news.hears("freshness", bump_versions)
    news.hears("organisation", organisations_changed)
    news.hears("place", places_changed)
    news.hears("concept", concepts_changed)
