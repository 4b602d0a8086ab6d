"""Addresses that nothing on the board names any more: nor does the mail that went to them.

Features say where they name addresses. A mail to one that none of them names keeps its
Message-ID and its times; the address becomes a keyed mark, which counts against the cap of a day
and then goes too: whoever signs up with another's address and leaves sends no more there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select, union, update

from board import jobs, mail
from board.bounces import PausedAddress
from board.clock import now
from board.extensions import db
from board.mail import MARK, Mail

KEEP_MARKS = timedelta(days=1)
AT_ONCE = 500
_named_by: list[Any] = []


def names(*columns: Any) -> None:
    """Let a feature say which of its columns hold addresses, empty once they are forgotten."""
    _named_by.extend(column for column in columns if column not in _named_by)


def forget(*addresses: str | None) -> None:
    """Let go of what was, or still is to be, written to these, unless somebody else has one."""
    db.session.flush()
    _forget({one.strip().lower() for one in addresses if one})


def forget_unnamed() -> int:
    """Take off settled mails, and pauses, the addresses that nothing names any more."""
    settled = select(Mail.recipient).where(
        Mail.due_at.is_(None), Mail.recipient.not_like(f"{MARK}%")
    )
    paused = select(PausedAddress.email.label("recipient"))
    every = union(settled, paused).subquery().c.recipient
    last, forgotten = "", 0
    while batch := list(
        db.session.scalars(select(every).where(every > last).order_by(every).limit(AT_ONCE))
    ):
        forgotten += _forget(set(batch), Mail.due_at.is_(None))
        last = batch[-1]
    old = Mail.recipient.like(f"{MARK}%") & (Mail.created_at < now() - KEEP_MARKS)
    db.session.execute(delete(Mail).where(old).execution_options(synchronize_session=False))
    return forgotten


def _forget(addresses: set[str], *which: ColumnElement[bool]) -> int:
    """Forget those of these addresses that no feature names."""
    unnamed = sorted(addresses)
    for column in _named_by if addresses else ():
        found = db.session.scalars(select(column).where(func.lower(column).in_(unnamed)))
        named = {address.lower() for address in found}
        unnamed = [address for address in unnamed if address not in named]
    for address in unnamed:
        _hide(address, *which)
    return len(unnamed)


def _hide(address: str, *which: ColumnElement[bool]) -> None:
    failed = case((Mail.sent_at.is_(None), now()), else_=Mail.failed_at)
    values: dict[str, Any] = {"recipient": mail.marked(address), "subject": "", "text": "",
                              "html": None, "headers": {}, "due_at": None,
                              "failed_at": failed}  # fmt: skip
    for statement in (
        update(Mail).where(Mail.recipient == address, *which).values(**values),
        delete(PausedAddress).where(PausedAddress.email == address),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


@jobs.job(minutes=60)
def forget_by_the_clock() -> None:
    """Forget what was written long ago, and to whom when nothing names them any more."""
    mail.forget_old()
    forget_unnamed()
