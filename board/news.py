"""What changed: noted at flush, heard before the commit, told after it, forgotten by a rollback.

Features that hold a copy of something (an index, a cache, a debt) register here; the feature that
changed never knows who listens.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from flask import g, has_app_context
from sqlalchemy import String, bindparam, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from board.clock import now
from board.extensions import Model, db

News = dict[str, set[int]]
Listener = Callable[[Session, set[int]], None]
Messenger = Callable[[News], None]

_at_flush: dict[str, list[Listener]] = defaultdict(list)
_after_commit: list[Messenger] = []
HANDED = "board_version"
PRIVATE = frozenset({"mail", "block", "private", "response"})
log = logging.getLogger(__name__)


class BoardVersion(Model):
    """One row that moves on whenever something public changed; caches follow it."""

    __tablename__ = "board_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    concepts_in: Mapped[int] = mapped_column(default=0, server_default="0")
    removals_in: Mapped[int] = mapped_column(default=0, server_default="0")
    figures: Mapped[str] = mapped_column(String(200), default="", server_default="")


class Version(NamedTuple):
    """Where the board stands: the number, and at which number concepts changed or a post went.

    `figures` is what the board counts of itself now and then: it is read here, asking no more.
    """

    number: int = 0
    changed_at: datetime | None = None
    concepts_in: int = 0
    removals_in: int = 0
    figures: str = ""


VERSION = select(*(getattr(BoardVersion, name) for name in Version._fields)).where(
    BoardVersion.id == 1
)
_MOVE = (
    update(BoardVersion.__table__)  # type: ignore[arg-type]
    .where(BoardVersion.id == 1)
    .values(number=BoardVersion.number + 1, changed_at=bindparam("at"))
)
_kept_things: list[Callable[[], None]] = []


def hears(noun: str, listener: Listener) -> None:
    """Call `listener(session, ids)` in the transaction that changed some of `noun`."""
    if listener not in _at_flush[noun]:
        _at_flush[noun].append(listener)


def is_told(messenger: Messenger) -> None:
    """Call `messenger(news)` right after each commit that changed something."""
    if messenger not in _after_commit:
        _after_commit.append(messenger)


def note(noun: str, ids: Iterable[int]) -> None:
    """Say that rows changed which the session did not see (a bulk statement)."""
    _pending(db.session()).setdefault(noun, set()).update(ids)


def commit() -> None:
    """Commit the session, then tell the news; what a messenger gets wrong harms nobody."""
    session = db.session()
    session.commit()
    told: News = session.info.pop("told", {})
    for messenger in _after_commit if told else ():
        try:
            messenger(told)
        except Exception:
            log.exception("a messenger failed")


def version() -> Version:
    """Return what moves with every public change, asked once in a transaction."""
    info = db.session().info
    if "version" not in info:
        info["version"] = g.pop(HANDED, None) or _ask()
    known: Version = info["version"]
    return known


def _ask() -> Version:
    row = db.session.connection().execute(VERSION).first()
    return Version(*row) if row else Version()


def version_is(known: Version | None) -> None:
    """Take a version that was just read elsewhere; None: ask again."""
    if db.session.registry.has():
        db.session().info.pop("version", None)
    setattr(g, HANDED, known)


def keeps(forget: Callable[[], None]) -> None:
    """Call `forget` when another database takes this one's place."""
    _kept_things.append(forget)


def forget_kept() -> None:
    """Let every copy in this process be read anew."""
    for forget in _kept_things:
        forget()


def moved(session: Session, column: str) -> None:
    """Note beside the version that the change under way is of this sort (a listener calls it)."""
    session.execute(
        update(BoardVersion)
        .where(BoardVersion.id == 1)
        .values({column: BoardVersion.number})
        .execution_options(synchronize_session=False)
    )


def say_figures(figures: str) -> bool:
    """Keep other figures beside the version, which moves on with them; says whether it did."""
    if _ask().figures == figures:
        return False
    db.session.execute(update(BoardVersion).where(BoardVersion.id == 1).values(figures=figures))
    note("figures", {0})
    return True


def _pending(session: Session) -> News:
    pending: News = session.info.setdefault("news", {})
    return pending


def _collect(session: Session, _context: Any) -> None:
    changed = (row for row in session.dirty if session.is_modified(row))
    for row in (*session.new, *session.deleted, *changed):
        told = row.news() if hasattr(row, "news") else None
        if told is not None and told[1] is not None:
            _pending(session).setdefault(told[0], set()).add(told[1])


def _hear(session: Session) -> None:
    """Let listeners write, until none of them changes anything more."""
    session.flush()
    done: News = session.info.setdefault("told", {})
    pending = _pending(session)
    if pending.keys() - PRIVATE:
        _move_version(session)
    while pending:
        noun, ids = pending.popitem()
        done.setdefault(noun, set()).update(ids)
        for listener in _at_flush[noun]:
            listener(session, ids)
        session.flush()
        for again, more in list(pending.items()):
            pending[again] = more - done.get(again, set())
            if not pending[again]:
                del pending[again]


def _move_version(session: Session) -> None:
    moved = session.connection().execute(_MOVE, {"at": now()})
    if moved.rowcount == 0:
        session.execute(insert(BoardVersion).values(id=1, number=1, changed_at=now()))


def _forget(session: Session, *_: Any) -> None:
    session.info.pop("news", None)
    session.info.pop("told", None)
    _ask_again(session)


def _ask_again(session: Session, *_: Any) -> None:
    session.info.pop("version", None)
    if has_app_context():
        g.pop(HANDED, None)


event.listen(Session, "after_flush", _collect)
event.listen(Session, "before_commit", _hear)
event.listen(Session, "after_commit", _ask_again)
event.listen(Session, "after_rollback", _forget)
