"""How the search server differs from what it should hold, and how that is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from board import debts
from board.database import reading_apart
from board.extensions import db
from board.posts.models import Post
from board.search import sources
from board.search.away import AT_ONCE, Away
from board.search.indexes import NOUNS, POSTS, differences
from board.search.instep import uid_of, wanted_of
from board.search.served import CONSUMER
from board.search.server_documents import documents, every_id

if TYPE_CHECKING:
    from board.search.meili import Admin

OLDEST, NEWEST = (1, 40), (2, 0)
MOST_OWED = 100_000


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
    foreign: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[int]:
        """Everything that must be told again."""
        return sorted({*self.missing, *self.outdated, *self.extra})

    @property
    def count(self) -> int:
        """How many documents differ."""
        return len(self.ids) + len(self.foreign)


def is_missing(problem: str | None) -> bool:
    """Whether what is wrong is that an index is not there, or has none of its settings."""
    return problem is not None and problem.endswith("is missing")


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


def compare(server: Admin, index: str) -> Difference:
    """Compare each object's version with what the server holds."""
    with reading_apart():
        wanted = every_id(index)
    every = dict(server.versions(uid_of(index)))
    held = {found: version for found, version in every.items() if isinstance(found, int)}
    return Difference(
        index,
        held=len(every),
        wanted=len(wanted),
        missing=sorted(wanted.keys() - held.keys()),
        outdated=sorted(i for i in wanted.keys() & held.keys() if wanted[i] != held[i]),
        extra=sorted(held.keys() - wanted.keys()),
        foreign=sorted(found for found in every if isinstance(found, str)),
    )


def mend(server: Admin, differing: Iterable[Difference]) -> int:
    """Take away what is none of the board's and owe everything that differs; returns how much."""
    count = 0
    for difference in differing:
        server.remove(uid_of(difference.index), difference.foreign)
        debts.owe(db.session(), CONSUMER, NOUNS[difference.index], difference.ids)
        count += difference.count
    db.session.commit()
    return count


def has_lost(server: Admin, index: str) -> bool:
    """Whether an index holds another number of documents than it was told."""
    with reading_apart():
        wanted = _count(index)
        owed = len(debts.owed_ids(CONSUMER, NOUNS[index], AT_ONCE))
    held = server.count(uid_of(index))
    return held is None or abs(held - wanted) > owed


def _count(index: str) -> int:
    if index == POSTS:
        return db.session.scalar(select(func.count(Post.id)).where(sources.in_index())) or 0
    return len(every_id(index))


def count_owed(found: Iterable[Difference]) -> int:
    """Return how much of what differs is owed already: the worker is about to tell it."""
    return sum(
        len(set(debts.owed_ids(CONSUMER, NOUNS[one.index], MOST_OWED)).intersection(one.ids))
        for one in found
    )


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
    mend(server, [compare(server, index) for index in NOUNS])
    for name in fresh.values():
        server.drop(name)
    return done
