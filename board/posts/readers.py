"""Who looks at posts, in the words of the rules."""

from __future__ import annotations

from board.accounts.session import current_person
from board.posts import queries
from board.posts.rules import VISITOR, Reader
from board.web import reader_pages


def current_reader(organisation_id: int | None = None) -> Reader:
    """Return who reads now; `organisation_id` asks whether they edit for it."""
    sort = reader_pages.sort()
    if sort is not None and organisation_id is None:
        return Reader(moderates=sort.moderates, is_member=sort.is_member)
    person = current_person()
    if person is None:
        return VISITOR
    rows = queries.memberships_of(person.id)
    return Reader(
        edits=any(row[0] == organisation_id for row in rows),
        moderates=person.moderates,
        is_member=any(row[1] for row in rows),
    )
