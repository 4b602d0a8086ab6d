"""Keeping the index true: in the transaction that changed a post, or all of it again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from time import sleep

from sqlalchemy import select
from sqlalchemy.orm import Session

from board import news
from board.extensions import db
from board.posts.models import Post
from board.search import ready, sources
from board.search.embedded import Embedded, engine_of_app

BATCH = 50
PAUSE_S = 0.005


def listen() -> None:
    """Hear of every change that a document shows."""
    news.hears("post", _posts_changed)
    news.hears("organisation", _organisations_changed)
    news.hears("place", _places_changed)
    news.hears("concept", _concepts_changed)


def index_posts(post_ids: Collection[int]) -> None:
    """Index what of these posts may be found, forget the rest; in the transaction under way."""
    engine = engine_of_app()
    for ids in _batches(sorted(post_ids)):
        known = ready.take(ids)
        documents = [document for document in known.values() if document is not None]
        documents += sources.public_documents(set(ids) - known.keys())
        engine.index(documents)
        engine.remove(set(ids) - known.keys() - {document.post_id for document in documents})


def reindex(tell: Callable[[int, int], None], batch: int = BATCH, pause: float = PAUSE_S) -> int:
    """Index every post again, a few at a time, so that others read and write meanwhile."""
    engine = engine_of_app()
    ids = list(db.session.scalars(select(Post.id).order_by(Post.id)))
    db.session.commit()
    _remove_orphans(engine, set(ids), batch, pause)
    done = 0
    for some in _batches(ids, batch):
        index_posts(some)
        db.session.commit()
        done += len(some)
        tell(done, len(ids))
        sleep(pause)
    _move_on(engine)
    return done


def _remove_orphans(engine: Embedded, known: set[int], batch: int, pause: float) -> None:
    newest = max(known, default=0)
    gone = [i for i in engine.indexed_ids() if i not in known and (i <= newest or not known)]
    db.session.commit()
    for some in _batches(gone, batch):
        engine.remove(some)
        db.session.commit()
        sleep(pause)


def _move_on(engine: Embedded) -> None:
    """Mend the counts of words, then let every worker forget what it kept."""
    engine.mend_vocabulary()
    news.note("search", {0})
    news.commit()


def _posts_changed(_session: Session, ids: set[int]) -> None:
    index_posts(ids)


def _organisations_changed(_session: Session, ids: set[int]) -> None:
    index_posts(sources.ids_of_organisations(ids))


def _places_changed(_session: Session, ids: set[int]) -> None:
    index_posts(sources.ids_of_places(ids))


def _concepts_changed(_session: Session, ids: set[int]) -> None:
    index_posts(sources.ids_of_concepts(ids))


def _batches(ids: list[int], size: int = 500) -> Iterator[list[int]]:
    return (ids[i : i + size] for i in range(0, len(ids), size))
