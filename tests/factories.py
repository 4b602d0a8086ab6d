"""Plain functions that make one row each, with overrides; they flush and the caller commits."""

from __future__ import annotations

import itertools
from typing import Any

from board.accounts.models import Person
from board.clock import now
from board.database import will_write
from board.extensions import db
from board.folding import fold
from board.organisations.models import Membership, Organisation
from board.organisations.rules import Role
from board.posts.models import Line, Post
from board.posts.rules import Basis, Kind, Purpose

_count = itertools.count(1)


def make_person(**values: Any) -> Person:
    """Somebody with a confirmed account (no usable password unless given)."""
    will_write()
    n = next(_count)
    email = values.pop("email", f"personne{n}@example.org")
    person = Person(**{"name": f"Personne {n}", "email": email, "email_folded": fold(email),
                       "confirmed_at": now(), "terms_accepted_at": now(), "language": "fr",
                       **values})  # fmt: skip
    db.session.add(person)
    db.session.flush()
    return person


def make_organisation(*, responsible: Person | None = None, **values: Any) -> Organisation:
    """An organisation, with one responsible when given."""
    will_write()
    n = next(_count)
    name = values.pop("name", f"Organisation {n}")
    organisation = Organisation(**{"slug": f"organisation-{n}", "name": name,
                                   "name_folded": fold(name), **values})  # fmt: skip
    db.session.add(organisation)
    db.session.flush()
    if responsible is not None:
        make_membership(responsible, organisation)
    return organisation


def make_membership(
    person: Person, organisation: Organisation, role: Role = Role.RESPONSIBLE
) -> Membership:
    """Let a person act for an organisation."""
    will_write()
    membership = Membership(person=person, organisation=organisation, role=role)
    db.session.add(membership)
    db.session.flush()
    return membership


def make_post(
    *, by: Organisation | None = None, lines: list[dict[str, Any]] | None = None, **values: Any
) -> Post:
    """A published public post with one line unless told otherwise; `published_at=None`: a draft."""
    will_write()
    post = Post(**{"organisation": by or make_organisation(), "purpose": Purpose.OFFER,
                   "title": "Chaises pliantes", "language": "fr", "timezone": "America/Toronto",
                   "published_at": now(), **values})  # fmt: skip
    if post.published_at is not None:
        post.confirmed_at = values.get("confirmed_at", post.published_at)
        post.ranked_at = values.get("ranked_at", post.confirmed_at or post.published_at)
    for position, line in enumerate(lines if lines is not None else [{}]):
        post.all_lines.append(make_line(position=position, **line))
    db.session.add(post)
    db.session.flush()
    return post


def make_line(**values: Any) -> Line:
    """A line, not yet on a post."""
    return Line(**{"kind": Kind.TOOL, "basis": Basis.LOAN, "title": "Chaises pliantes", **values})
