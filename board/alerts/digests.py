"""One digest for each person (or guest) and morning: all kinds that are due, in one mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from board.accounts.models import Person
from board.alerts import letters, matches, notices, queries, rules, searches
from board.alerts.letters import Section
from board.alerts.matches import News
from board.alerts.models import Notification, SavedSearch
from board.alerts.queries import Thread
from board.alerts.recipients import Recipient
from board.alerts.rules import Rhythm
from board.clock import now
from board.database import reading_apart
from board.extensions import db
from board.web.context import settings


class Found(NamedTuple):
    """What was looked for without a lock: which searches were due, what is new; of matches too."""

    looked: Sequence[int]
    new: dict[int, list[int]]
    matches: News | None


class Due(NamedTuple):
    """What is due, as it is once nobody else can tell it."""

    person: Person | None
    rows: Sequence[Notification]
    kept: Sequence[SavedSearch]
    matches: News | None


def tell(thread: Thread) -> bool:
    """Owe somebody the digest of what is due of all kinds; nothing to say is no mail."""
    with reading_apart():
        found = _look(thread)
    due = _hold(thread, found)
    if not notices.is_awake(due.rows, thread.person_id):
        return False
    to = _recipient(thread, due)
    sections = _sections(to, due, found) if to is not None and to.is_reached else []
    if to is not None and sections and not letters.send(to, sections, must_come=True):
        quiet = queries.quiet_of(thread.person_id)
        return notices.in_the_morning(due.rows, quiet, settings().timezone)
    notices.note_told(due.rows)
    searches.note_told(due.kept)
    searches.note_looked(found.looked)
    if due.person is not None and due.matches is not None:
        if sections:
            matches.note_told(due.person.id, due.matches)
        matches.note_looked([due.person.id])
    return bool(sections)


def _look(thread: Thread) -> Found:
    rows = [row for row in searches.due(thread) if row.rhythm is not Rhythm.AT_ONCE]
    person_id = thread.person_id
    is_due = person_id is not None and matches.is_due(person_id)
    return Found([row.id for row in rows], searches.look(rows),
                 matches.look(person_id) if person_id is not None and is_due else None)  # fmt: skip


def _hold(thread: Thread, found: Found) -> Due:
    """Take what is due until the commit; another worker may have told some of it meanwhile."""
    person = None
    if thread.person_id is not None:
        person = db.session.get(Person, thread.person_id, with_for_update=True,
                                populate_existing=True)  # fmt: skip
    rows = queries.waiting(thread._replace(is_digest=True), now())
    morning = rules.last_morning(now(), settings().timezone)
    kept = [one for one in searches.hold(found.new) if _spoke_before(one, morning)]
    still = person is not None and found.matches is not None and matches.is_due(person.id)
    return Due(person, rows, kept, found.matches if still else None)


def _spoke_before(kept: SavedSearch, morning: datetime) -> bool:
    looked = kept.looked_at or kept.told_at or kept.confirmed_at
    return looked is not None and looked < morning


def _recipient(thread: Thread, due: Due) -> Recipient | None:
    if due.person is not None:
        return Recipient.of(due.person)
    if due.rows:
        return notices.recipient(due.rows[0])
    return searches.recipient(thread, due.kept) if due.kept else None


def _sections(to: Recipient, due: Due, found: Found) -> list[Section]:
    said = notices.sections(to, due.rows)
    if due.kept:
        said.append(searches.section(to, due.kept, found.new))
    if due.person is not None and due.matches is not None:
        fits = matches.section(to, due.person, due.matches)
        said += [fits] if fits is not None else []
    return said
