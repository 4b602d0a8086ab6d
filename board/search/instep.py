"""Keeping the search server in step: what is owed is paid, what differs is found and owed again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from flask import current_app
from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from board import debts, news
from board.clock import now
from board.config import Settings
from board.database import reading_apart
from board.debts import Owed
from board.extensions import db
from board.posts.models import Post
from board.search import server_key, sources
from board.search.away import AT_ONCE, Away
from board.search.indexes import NOUNS, POSTS, Row, differences, settings_for, uid
from board.search.models import SearchServer
from board.search.served import CONSUMER
from board.search.server_documents import documents, every_id

if TYPE_CHECKING:
    from board.search.meili import Admin

OLDEST, NEWEST = (1, 40), (2, 0)
LEASE = timedelta(seconds=40)
log = logging.getLogger(__name__)


def is_missing(problem: str | None) -> bool:
    """Whether what is wrong is that an index is not there, or has none of its settings."""
    return problem is not None and problem.endswith("is missing")


class UnknownVersion(Away):
    """The server answers, but is too old or too new for this board."""


@dataclass(slots=True)
class Difference:
    """What an index of the server holds otherwise than the database."""

    index: str
    held: int = 0
    wanted: int = 0
    missing: list[int] = field(default_factory=list)
    outdated: list[int] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        """Everything that must be told again."""
        return sorted({*self.missing, *self.outdated, *self.extra})


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


def pay(server: Admin) -> int:
    """Tell the server what it is owed, oldest first, until nothing is due; returns how much.

    One payer at a time, so that a post's versions arrive in their order; another one returns 0.
    """
    if not _lease():
        return 0
    paid = 0
    try:
        while owed := debts.due(CONSUMER, AT_ONCE):
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


def problem_of(server: Admin) -> str | None:
    """Return why the web processes should not ask the server; None when all is well.

    A server that was wiped makes an index of its own, without any setting, of what it is told:
    that one counts as missing.
    """
    try:
        check_version(server)
    except UnknownVersion as error:
        return str(error)
    for index in NOUNS:
        held = server.settings_of(uid_of(index))
        wanted = wanted_of(index)
        differing = list(wanted) if held is None else differences(wanted, held)
        if len(differing) == len(wanted):
            return f"the index {uid_of(index)} is missing"
        if differing:
            return f"{uid_of(index)} has other settings: {', '.join(differing)}"
    return None


def check_version(server: Admin) -> None:
    """Say no to a server of another time: settings and answers may mean something else there."""
    version = server.version()
    if not OLDEST <= _release(version) < NEWEST:
        first, last = (".".join(map(str, each)) for each in (OLDEST, NEWEST))
        raise UnknownVersion(
            f"version {version} is not known to this board ({first} to below {last})"
        )


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def note(problem: str | None) -> None:
    """Leave word for the web processes of how the worker found the server."""
    found = {"problem": problem and problem[:200], "seen_at": now()}
    row = update(SearchServer).where(SearchServer.index_uid == uid_of(POSTS)).values(**found)
    if db.session.execute(row).rowcount == 0:  # type: ignore[attr-defined]
        db.session.execute(insert(SearchServer).values(index_uid=uid_of(POSTS), **found))
    db.session.commit()


def lag() -> dict[str, object]:
    """Return what the server is owed, since how long, and what the worker found wrong with it."""
    owed, seconds = debts.lag(CONSUMER)
    row = db.session.get(SearchServer, uid_of(POSTS)) if settings().meilisearch_url else None
    problem = row.problem if row else None
    return {"owed": owed, "oldest_owed_seconds": round(seconds), "problem": problem}


def compare(server: Admin, index: str) -> Difference:
    """Compare each object's version with what the server holds."""
    with reading_apart():
        wanted = every_id(index)
    held = dict(server.versions(uid_of(index)))
    return Difference(
        index,
        held=len(held),
        wanted=len(wanted),
        missing=sorted(wanted.keys() - held.keys()),
        outdated=sorted(i for i in wanted.keys() & held.keys() if wanted[i] != held[i]),
        extra=sorted(held.keys() - wanted.keys()),
    )


def owe_again(differing: Iterable[Difference]) -> int:
    """Owe the server everything that differs; returns how much."""
    count = 0
    for difference in differing:
        debts.owe(db.session(), CONSUMER, NOUNS[difference.index], difference.ids)
        count += len(difference.ids)
    db.session.commit()
    return count


def has_lost_posts(server: Admin) -> bool:
    """Whether an index holds another number of documents than it was told."""
    with reading_apart():
        wanted = db.session.scalar(select(func.count(Post.id)).where(sources.in_index())) or 0
        owed = len(debts.owed_ids(CONSUMER, NOUNS[POSTS], AT_ONCE))
    held = server.count(uid_of(POSTS))
    return held is None or abs(held - wanted) > owed


def reindex(server: Admin, tell: Callable[[int, int], None]) -> int:
    """Fill fresh indexes, let them take the places of the old ones, and drop those.

    What changes meanwhile is owed to the index in service; after the exchange versions are
    compared, and what the fresh one lacks is owed again. Interrupted, it simply starts anew.
    """
    fresh = {index: f"{uid_of(index)}-fresh" for index in NOUNS}
    done = 0
    with reading_apart():
        wanted = {index: sorted(every_id(index)) for index in NOUNS}
    total = sum(map(len, wanted.values()))
    for index, name in fresh.items():
        server.drop(name)
        server.create(name, wanted_of(index))
        for start in range(0, len(wanted[index]), AT_ONCE):
            some = wanted[index][start : start + AT_ONCE]
            with reading_apart():
                rows = documents(index, some)
            server.put(name, rows)
            done += len(some)
            tell(done, total)
    for index in NOUNS:
        if server.settings_of(uid_of(index)) is None:
            server.create(uid_of(index), wanted_of(index))
    server.swap((uid_of(index), name) for index, name in fresh.items())
    owe_again([compare(server, index) for index in NOUNS])
    for name in fresh.values():
        server.drop(name)
    return done
