"""Taking an import back: what it added is withdrawn, what it changed gets its words again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from board import news
from board.clock import now
from board.database import begin_writing
from board.errors import BoardError, Conflict, NotFound
from board.extensions import db
from board.interchange.models import ImportBatch, ImportRow
from board.posts import rules
from board.posts import services as posts
from board.posts.models import Post
from board.posts.values import from_snapshot

AT_ONCE = 20
EDITED = "edited on the board since: left as it is"


def undo(uuid: UUID, tell: Callable[[str], None]) -> Counter[str]:
    """Take a batch back, a few posts in each transaction; says what became of them."""
    batch = db.session.scalar(select(ImportBatch).where(ImportBatch.uuid == uuid))
    if batch is None:
        raise NotFound
    batch_id, counts = batch.id, Counter[str]()
    ids = select(ImportRow.id).where(ImportRow.batch_id == batch_id).order_by(ImportRow.id.desc())
    rows = list(db.session.scalars(ids))
    for at in range(0, len(rows), AT_ONCE):
        begin_writing()
        found = select(ImportRow).where(ImportRow.id.in_(rows[at : at + AT_ONCE]))
        for row in db.session.scalars(found.order_by(ImportRow.id.desc())).all():
            counts[_undo(row, tell)] += 1
        news.commit()
    begin_writing()
    db.session.get_one(ImportBatch, batch_id).undone_at = now()
    news.commit()
    return counts


def _undo(row: ImportRow, tell: Callable[[str], None]) -> str:
    post = db.session.get_one(Post, row.post_id)
    if rules.publication(post) is rules.Publication.WITHDRAWN and row.before is None:
        return "undone"
    try:
        if post.edit_version != row.edit_version:
            raise Conflict
        if row.before is None:
            posts.withdraw(post=post, by=None)
        else:
            words = from_snapshot(row.before)
            posts.save(post=post, values=words, by=None, edit_version=post.edit_version)
            row.edit_version = post.edit_version
    except BoardError:
        tell(f"{row.external_id}: {EDITED}")
        return "left"
    row.digest = ""  # the same row, imported again, is no longer known
    return "undone"
