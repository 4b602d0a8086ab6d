"""What private lines are still owed: written with the change, paid by the worker."""

from __future__ import annotations

import logging
from datetime import timedelta
from time import sleep

from sqlalchemy import select
from sqlalchemy.orm import Session

from board import debts, jobs, news
from board.database import begin_writing, will_write
from board.extensions import db
from board.matching import knowledge, owed
from board.posts.models import Post
from board.posts.rules import Purpose
from board.private import pairing
from board.private.models import PrivateLine

CONSUMER, POST, LINE = "private", "post", "line"
TOGETHER = 5
PAUSE_S = 0.005
TRY_AGAIN_IN = timedelta(hours=1)
log = logging.getLogger(__name__)


def listen() -> None:
    """Owe private lines the needs that changed, and needs the private lines that did.

    Not among the board's figures: what is owed here would count who keeps something privately.
    """
    news.hears("post", owe_posts)
    news.hears("private", owe_lines)
    owed.matches_too(owe_posts)
    owed.rebuilds_too(owe_all, pay)


def owe_posts(session: Session, ids: set[int]) -> None:
    """Owe the needs among these posts; an offer concerns no private line."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), debts.AT_ONCE):
        some = ordered[start : start + debts.AT_ONCE]
        needs = select(Post.id).where(Post.id.in_(some), Post.purpose == Purpose.NEED)
        debts.owe(session, CONSUMER, POST, list(session.scalars(needs.order_by(Post.id))))


def owe_lines(session: Session, ids: set[int]) -> None:
    """Owe these private lines."""
    debts.owe(session, CONSUMER, LINE, ids)


def owe_all() -> None:
    """Owe every private line: all its needs are found again."""
    ids = select(PrivateLine.id).order_by(PrivateLine.id)
    debts.owe(db.session(), CONSUMER, LINE, list(db.session.scalars(ids)))


def pay() -> int:
    """Match what is owed, a few in each short transaction; return how many."""
    done = 0
    while not jobs.must_give_way():
        db.session.rollback()
        will_write(False)
        owing = debts.due(CONSUMER, TOGETHER)
        if not owing:
            break
        for debt in owing:
            _pay(debt)
        done += len(owing)
        sleep(PAUSE_S)
    return done


def _pay(debt: debts.Owed) -> None:
    """Read first, then write: nobody waits while lines are compared."""
    known = knowledge.current()
    try:
        if debt.noun == LINE:
            made = pairing.plan_line(debt.object_id, known)
        else:
            made = pairing.plan_posts([debt.object_id], known)
    except Exception as error:
        log.exception("%s %s cannot be matched privately", debt.noun, debt.object_id)
        begin_writing()
        debts.put_off([debt], type(error).__name__, wait=TRY_AGAIN_IN)
        news.commit()
        return
    begin_writing()
    pairing.keep(made)
    debts.pay([debt])
    news.commit()
