"""Posts that are still to be matched: owed in the change's own transaction, paid by the worker."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from time import sleep

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from board import debts, jobs, news
from board.database import begin_writing, will_write
from board.extensions import db
from board.matching import knowledge, links, pairing, reading
from board.matching.models import Match
from board.posts import visibility
from board.posts.models import Line, Post

CONSUMER, CHANGED, REBUILD = "matching", "post", "rebuild"
TOGETHER = 5
PAUSE_S = 0.005
CLOSED_AT_ONCE = 500
TRY_AGAIN_IN = timedelta(hours=1)
log = logging.getLogger(__name__)
Tell = Callable[[int], None]
Owe = Callable[[Session, set[int]], None]
_rebuilt_too: list[tuple[Callable[[], None], Callable[[], int]]] = []
_matchers: list[Owe] = []


def listen() -> None:
    """Owe matching every post that changed."""
    news.hears("post", owe)
    debts.consumes(CONSUMER)


def rebuilds_too(owe_theirs: Callable[[], None], pay_theirs: Callable[[], int]) -> None:
    """Let a feature owe, then pay, what it matches whenever everything is matched again."""
    if (owe_theirs, pay_theirs) not in _rebuilt_too:
        _rebuilt_too.append((owe_theirs, pay_theirs))


def matches_too(owe_theirs: Owe) -> None:
    """Let a feature owe what it matches to posts whose people are kept apart or no more."""
    if owe_theirs not in _matchers:
        _matchers.append(owe_theirs)


def owe_everybody(session: Session, ids: set[int]) -> None:
    """Owe these posts to matching, and to the features that match them too."""
    for owe_them in (owe, *_matchers):
        owe_them(session, ids)


def pay_theirs() -> None:
    """Match what others owed for a rebuild."""
    for _owe, pay_them in _rebuilt_too:
        pay_them()


def owe(session: Session, ids: set[int]) -> None:
    """Owe these posts to matching."""
    debts.owe(session, CONSUMER, CHANGED, ids)


def owe_all() -> int:
    """Owe every post that may be matched, or go on with what an earlier rebuild left."""
    left = len(debts.owed_ids(CONSUMER, REBUILD, 10_000_000))
    if left:
        return left
    rows = select(Post.id).where(visibility.published()).order_by(Post.id)
    ids = list(db.session.scalars(rows))
    begin_writing()
    debts.owe(db.session(), CONSUMER, REBUILD, ids)
    for owe_theirs, _pay in _rebuilt_too:
        owe_theirs()
    news.commit()
    return len(ids)


def pay(tell: Tell | None = None) -> int:
    """Match what is owed, a few posts in each short transaction; return how many posts."""
    done, changed = 0, False
    while not jobs.must_give_way() and (owing := _read_debts()):
        changed = _pay(owing) or changed
        done += len(owing)
        if tell is not None:
            tell(len(owing))
        sleep(PAUSE_S)
    if changed:
        begin_writing()
        news.note("match", {0})  # pages that show pairs to everybody are read anew
        news.commit()
    return done


def _link(post_ids: list[int], known: knowledge.Knowledge) -> None:
    """Keep what the words of these posts mean, before they are compared."""
    new, gone = links.missing(post_ids, known)
    if new or gone:
        begin_writing()
        links.keep(new, gone)
        news.commit()
        db.session.rollback()
        will_write(False)


def _read_debts() -> list[debts.Owed]:
    db.session.rollback()
    will_write(False)
    return debts.due(CONSUMER, TOGETHER)


def _pay(owing: list[debts.Owed]) -> bool:
    """Read first, then write: nobody waits while lines are compared."""
    known = knowledge.current()
    try:
        _link([debt.object_id for debt in owing], known)
        made = pairing.plan({debt.object_id for debt in owing}, known)
    except Exception as error:
        if len(owing) > 1:
            return sum(_pay([debt]) for debt in owing) > 0
        log.exception("post %s cannot be matched", owing[0].object_id)
        begin_writing()
        debts.put_off(owing, type(error).__name__, wait=TRY_AGAIN_IN)
        news.commit()
        return False
    begin_writing()
    changed = pairing.keep(made)
    debts.pay(owing)
    news.commit()
    return changed


def forget_closed() -> int:
    """Take away pairs of which one line can no longer be answered; return how many."""
    open_lines = select(Line.id).join(Post, Post.id == Line.post_id).where(reading.is_answerable())
    closed = (
        select(Match.id)
        .where(or_(Match.need_line_id.not_in(open_lines), Match.offer_line_id.not_in(open_lines)))
        .order_by(Match.id)
        .limit(CLOSED_AT_ONCE)
    )
    done = 0
    while ids := list(db.session.scalars(closed)):
        db.session.execute(delete(Match).where(Match.id.in_(ids)))
        news.commit()
        begin_writing()
        done += len(ids)
    return done
