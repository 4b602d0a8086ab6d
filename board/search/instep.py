"""Keeping the search server in step: what is owed is paid, what differs is found and owed again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from flask import current_app
from sqlalchemy import insert, or_, update
from sqlalchemy.orm import Session

from board import debts, jobs, news
from board.clock import now
from board.config import Settings
from board.database import reading_apart
from board.debts import Owed
from board.extensions import db
from board.search import server_key
from board.search.away import AT_ONCE, Away
from board.search.indexes import NOUNS, POSTS, Row, settings_for, uid
from board.search.models import SearchServer
from board.search.served import CONSUMER
from board.search.server_documents import documents

if TYPE_CHECKING:
    from board.search.meili import Admin


LEASE = timedelta(seconds=40)
log = logging.getLogger(__name__)


def admin() -> Admin:
    """Return the server with the admin key: for commands and the worker."""
    from board.search.meili import Admin

    board = settings()
    if not board.meilisearch_url or not board.meilisearch_key:
        raise Away("BABILLARD_MEILISEARCH_URL and BABILLARD_MEILISEARCH_KEY are not both set")
    return Admin(board.meilisearch_url, board.meilisearch_key)


def find_admin() -> Admin | None:
    """Return the server with the admin key, or None where this process has none."""
    return admin() if settings().meilisearch_url and settings().meilisearch_key else None


def settings() -> Settings:
    """Return the settings of the running application."""
    board: Settings = current_app.config["BOARD"]
    return board


def uid_of(index: str) -> str:
    """Return the name of one of this board's indexes on the server."""
    return uid(settings().meilisearch_index, index)


def listen() -> None:
    """Owe the server every change, in the transaction that made it.

    A post that is no longer fresh has the same words, but another version: it is told as well, or
    the versions of the two sides would differ for ever.
    """
    for noun, listener in _listeners.items():
        news.hears(noun, listener)


def _owes(noun: str) -> Callable[[Session, set[int]], None]:
    def owe(session: Session, ids: set[int]) -> None:
        if settings().meilisearch_url:
            debts.owe(session, CONSUMER, noun, ids)

    return owe


_listeners = {noun: _owes(noun) for noun in NOUNS.values()}
_listeners["freshness"] = _listeners[NOUNS[POSTS]]


def wanted_of(index: str) -> Row:
    """Return the settings that an index must have; no transaction stays open for them."""
    with reading_apart():
        return settings_for(index)


def set_up(server: Admin) -> None:
    """Make the indexes or give them their settings; make and keep a search-only key."""
    for index in NOUNS:
        server.create(uid_of(index), wanted_of(index))
    keep_search_key(server)


def keep_search_key(server: Admin) -> None:
    """Make and keep this server's search-only key, unless a setting gives one."""
    if not settings().meilisearch_search_key:
        identity = uuid5(NAMESPACE_URL, f"{settings().base_url}/{settings().meilisearch_index}")
        pattern = f"{settings().meilisearch_index}-*"
        server_key.keep(settings(), server.search_key(str(identity), pattern))


def try_search_key() -> None:
    """Ask one question with the web processes' key; `Away` when they would have no answer."""
    from board.search.meili import COMMAND_TIMEOUT_S, Searcher

    board = settings()
    searcher = Searcher(board.meilisearch_url, server_key.read(board), COMMAND_TIMEOUT_S)
    try:
        searcher.search([{"indexUid": uid_of(POSTS), "q": "", "limit": 0}])
    finally:
        searcher.close()


def pay(server: Admin) -> int:
    """Tell the server what it is owed, oldest first, until nothing is due; returns how much.

    One payer at a time, so that a post's versions arrive in their order; another one returns 0.
    """
    if not _lease():
        return 0
    paid = 0
    try:
        while not jobs.must_give_way() and (owed := debts.due(CONSUMER, AT_ONCE)):
            try:
                _tell(server, owed)
            except Away as error:
                debts.put_off(owed, str(error))
                raise
            debts.pay(owed)
            paid += len(owed)
            _renew()
    finally:
        _give_back()
    return paid


def _lease() -> bool:
    """Become the one payer for a while; False when another is. Commits."""
    row = SearchServer.index_uid == uid_of(POSTS)
    if db.session.get(SearchServer, uid_of(POSTS)) is None:
        db.session.add(SearchServer(index_uid=uid_of(POSTS), problem="not looked at yet"))
        db.session.flush()
    free = or_(SearchServer.told_until.is_(None), SearchServer.told_until < now())
    taken = db.session.execute(
        update(SearchServer).where(row, free).values(told_until=now() + LEASE)
    )
    db.session.commit()
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _renew() -> None:
    _lease_until(now() + LEASE)


def _give_back() -> None:
    _lease_until(None)


def _lease_until(end: datetime | None) -> None:
    row = SearchServer.index_uid == uid_of(POSTS)
    db.session.execute(update(SearchServer).where(row).values(told_until=end))
    db.session.commit()


def _tell(server: Admin, owed: list[Owed]) -> None:
    """Write what may be found, delete the rest; no transaction is open while the server works."""
    for index, noun in NOUNS.items():
        ids = {debt.object_id for debt in owed if debt.noun == noun}
        if ids:
            with reading_apart():
                rows = documents(index, ids)
            if server.settings_of(uid_of(index)) is None:
                raise Away(f"the index {uid_of(index)} is missing")
            server.put(uid_of(index), rows)
            server.remove(uid_of(index), sorted(ids - {row["id"] for row in rows}))


def note(problem: str | None) -> None:
    """Leave word for the web processes of how the worker found the server, and since when."""
    found = {"problem": problem and problem[:200], "seen_at": now()}
    if problem is not None and (since := noted())[0] == found["problem"]:
        found["seen_at"] = since[1]
    row = update(SearchServer).where(SearchServer.index_uid == uid_of(POSTS)).values(**found)
    if db.session.execute(row).rowcount == 0:  # type: ignore[attr-defined]
        db.session.execute(insert(SearchServer).values(index_uid=uid_of(POSTS), **found))
    db.session.commit()


def noted() -> tuple[str | None, datetime | None]:
    """Return what keeps the web processes from asking the server, and since when."""
    row = db.session.get(SearchServer, uid_of(POSTS), populate_existing=True)
    if row is None:
        return "flask search setup has not run", None
    return row.problem, row.seen_at


def lag() -> dict[str, object]:
    """Return what the server is owed, since how long, and what the worker found wrong with it."""
    owed, seconds = debts.lag(CONSUMER)
    row = db.session.get(SearchServer, uid_of(POSTS)) if settings().meilisearch_url else None
    problem = row.problem if row else None
    return {"owed": owed, "oldest_owed_seconds": round(seconds), "problem": problem}
