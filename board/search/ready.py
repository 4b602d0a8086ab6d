"""Documents built before the transaction that writes their posts, which is then short.

Whoever builds them makes sure that what they show (concepts, places, the organisation's name) is
still so in that transaction; otherwise they are built again from what it wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from board.extensions import db
from board.search.documents import Document
from board.search.text import stems

_HELD = "documents"


def warm(document: Document) -> None:
    """Find the stems of its words now: the vocabulary will ask for those that are new to it."""
    for word in document.words():
        stems(word)


def hold(documents: Mapping[int, Document | None]) -> None:
    """Hold documents for the transaction under way, by the ids of posts; None: not indexed."""
    db.session().info.setdefault(_HELD, {}).update(documents)


def take(ids: Collection[int]) -> dict[int, Document | None]:
    """Return what is held of these posts; a second change is read from the database."""
    held: dict[int, Document | None] = db.session().info.get(_HELD, {})
    return {post_id: held.pop(post_id) for post_id in ids if post_id in held}


def _forget(session: Session, *_: Any) -> None:
    session.info.pop(_HELD, None)


event.listen(Session, "after_commit", _forget)
event.listen(Session, "after_rollback", _forget)
