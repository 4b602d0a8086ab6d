"""Who looks at posts, in the words of the rules."""

from __future__ import annotations

from board.accounts.models import Person
from board.accounts.session import current_person
from board.posts import queries, rules
from board.posts.models import Post
from board.posts.rules import VISITOR, Audience, Reader
from board.web import reader_pages


def current_reader(organisation_id: int | None = None) -> Reader:
    """Return who reads now; `organisation_id` asks whether they edit for it."""
    sort = reader_pages.sort()
    if sort is not None and organisation_id is None:
        return Reader(moderates=sort.moderates, is_member=sort.is_member)
    person = current_person()
    return VISITOR if person is None else reader_of(person, organisation_id)


def reader_of(person: Person, organisation_id: int | None = None) -> Reader:
    """Return this person as a reader; `organisation_id` asks whether they edit for it."""
    rows = queries.memberships_of(person.id)
    return Reader(
        edits=any(row[0] == organisation_id for row in rows),
        moderates=person.moderates,
        is_member=any(row[1] for row in rows),
    )


def misses_what_members_read(reader: Reader) -> bool:
    """Whether lists leave out what is for members, though this reader may have written it."""
    return not (reader.is_member or reader.moderates)


def misses_their_own(post: Post, reader: Reader) -> bool:
    """Whether the editors of a post open it by its address and find it in no list."""
    is_inside = post.audience is Audience.MEMBERS and reader.edits
    shown = rules.publication(post) is rules.Publication.PUBLISHED
    return is_inside and shown and misses_what_members_read(reader)
