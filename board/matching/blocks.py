"""Whom an organisation wants nothing to do with: asked before every match and every answer.

Blocking is quiet: whoever is blocked is told nothing and cannot find out from a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select

from board.accounts.mailboxes import is_mailbox_of
from board.accounts.models import Person
from board.accounts.rules import fold_email, mailbox_of
from board.errors import Invalid, NotFound
from board.extensions import db
from board.folding import fold
from board.matching import services
from board.matching.models import Block
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.organisations.rules import NAME_MAX

MOST = 300
MOST_ALIKE = 8


@dataclass(frozen=True, slots=True)
class Blocked:
    """One row of an organisation's list: whom it is about, and how it names them."""

    id: int
    name: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """All whom an organisation has nothing to do with, read at once."""

    organisations: frozenset[int]
    people: frozenset[int]
    mailboxes: frozenset[str]

    def has(self, person: Person) -> bool:
        """Whether a person is among them, by the account or by its address."""
        return person.id in self.people or self.has_address(person.email or "")

    def has_address(self, email: str) -> bool:
        """Whether the mailbox of an address is among them."""
        return bool(email) and mailbox_of(email) in self.mailboxes


Listener = Callable[[Organisation, Person | None], list[str]]
_listeners: list[Listener] = []


def register_listener(listener: Listener) -> None:
    """Call `listener(organisation, by)` in the transaction of each block; it says what stands."""
    if listener not in _listeners:
        _listeners.append(listener)


def names_of(organisation_id: int) -> Names:
    """Return all whom an organisation has nothing to do with."""
    rows = (
        select(Block.other_id, Block.person_id, Block.email_folded, Person.email_folded)
        .outerjoin(Person, Person.id == Block.person_id)
        .where(Block.organisation_id == organisation_id)
    )
    found = db.session.execute(rows).all()
    mailboxes = {mailbox_of(email) for row in found for email in row[2:] if email}
    return Names(frozenset(row[0] for row in found if row[0]),
                 frozenset(row[1] for row in found if row[1]), frozenset(mailboxes))  # fmt: skip


def is_blocked(
    organisation_id: int, *, other_id: int | None = None, person: Person | None = None
) -> bool:
    """Whether an organisation has nothing to do with another (by the word of either), or a person.

    Give both when a person acts for an organisation.
    """
    conditions = _between(organisation_id, other_id) + _of_person(organisation_id, person)
    if not conditions:
        return False
    return db.session.scalar(select(Block.id).where(or_(*conditions)).limit(1)) is not None


def is_blocked_address(organisation_id: int, email: str) -> bool:
    """Whether an organisation has nothing to do with who writes from this address.

    By the address, or by the account that it belongs to: signing out changes nothing.
    """
    accounts = select(Person.id).where(is_mailbox_of(Person.email_folded, email))
    rows = select(Block.id).where(
        Block.organisation_id == organisation_id,
        or_(is_mailbox_of(Block.email_folded, email), Block.person_id.in_(accounts)),
    )
    return db.session.scalar(rows.limit(1)) is not None


def organisations_that_block(person: Person) -> set[int]:
    """Return the organisations that have nothing to do with a person: none matches them."""
    return set(db.session.scalars(whoever_blocks(person)))


def whoever_blocks(person: Person) -> Select[int]:
    """Select the same organisations: by the account, or by its address."""
    return select(Block.organisation_id).where(_names(person))


def apart(ids: Collection[int]) -> set[frozenset[int]]:
    """Return which of these organisations have nothing to do with each other, by twos."""
    rows = select(Block.organisation_id, Block.other_id).where(
        Block.organisation_id.in_(sorted(ids)), Block.other_id.in_(sorted(ids))
    )
    pairs = db.session.execute(rows) if ids else ()
    return {frozenset((one, int(other or 0))) for one, other in pairs}


def list_of(organisation_id: int) -> list[Blocked]:
    """Return whom an organisation blocks, organisations first, by name."""
    rows = (
        select(Block, Organisation.name, Organisation.slug, Person.name)
        .outerjoin(Organisation, Organisation.id == Block.other_id)
        .outerjoin(Person, Person.id == Block.person_id)
        .where(Block.organisation_id == organisation_id)
        .order_by(Block.other_id.is_(None), Organisation.name_folded, Block.id)
        .limit(MOST)
    )
    return [
        Blocked(block.id, name or block.name or person or block.email or "", slug or "")
        for block, name, slug, person in db.session.execute(rows)
    ]


def organisations_named(typed: str, *, but: Organisation) -> list[Organisation]:
    """Return the organisations of the directory whose name holds what was typed."""
    wanted = fold(typed)
    if not wanted or len(typed) > NAME_MAX:
        return []
    rows = (
        select(Organisation)
        .where(organisations.is_listed(), Organisation.id != but.id)
        .where(Organisation.name_folded.contains(wanted, autoescape=True))
        .order_by(Organisation.name_folded != wanted, Organisation.name_folded, Organisation.id)
        .limit(MOST_ALIKE)
    )
    return list(db.session.scalars(rows))


def block_organisation(
    *, organisation: Organisation, other: Organisation, by: Person | None = None
) -> list[str]:
    """Keep two organisations apart; says what stays promised between them."""
    if other.id == organisation.id:
        raise Invalid("name", _("C’est votre organisation."))
    _count(organisation)
    services.block(organisation=organisation, other_id=other.id)
    return _tell(organisation, by)


def block_person(
    *, organisation: Organisation, person: Person, name: str = "", by: Person | None = None
) -> None:
    """Have nothing to do any more with somebody who wrote, under the name that they gave."""
    _count(organisation)
    known = select(Block.id).where(
        Block.organisation_id == organisation.id, Block.person_id == person.id
    )
    if db.session.scalar(known) is None:
        row = Block(organisation_id=organisation.id, person_id=person.id, name=name)
        _add(organisation, row)
        _tell(organisation, by)


def block_address(
    *, organisation: Organisation, email: str, name: str = "", by: Person | None = None
) -> None:
    """Have nothing to do any more with whoever holds an address, now or later; with a name, the
    list shows that one alone.
    """
    _count(organisation)
    known = select(Block.id).where(
        Block.organisation_id == organisation.id, is_mailbox_of(Block.email_folded, email)
    )
    if db.session.scalar(known) is None:
        row = Block(organisation_id=organisation.id, email=email, email_folded=fold_email(email),
                    name=name)  # fmt: skip
        _add(organisation, row)
        _tell(organisation, by)


def lift(*, organisation: Organisation, block_id: int) -> Blocked:
    """Take one row off an organisation's list, and return what it was."""
    found = next((one for one in list_of(organisation.id) if one.id == block_id), None)
    row = db.session.get(Block, block_id) if found else None
    if found is None or row is None:
        raise NotFound
    if row.other_id is not None:
        services.unblock(organisation=organisation, other_id=row.other_id)
    else:
        db.session.delete(row)
        services.match_again(organisation)
    return found


def forget(person: Person) -> None:
    """Nobody stays blocked who is no more."""
    rows = delete(Block).where(_names(person)).execution_options(synchronize_session=False)
    db.session.execute(rows)


def _add(organisation: Organisation, row: Block) -> None:
    db.session.add(row)
    services.match_again(organisation)


def _tell(organisation: Organisation, by: Person | None) -> list[str]:
    """Tell who listens; return what they say still stands."""
    db.session.flush()
    return [said for listener in _listeners for said in listener(organisation, by)]


def _count(organisation: Organisation) -> None:
    rows = select(func.count(Block.id)).where(Block.organisation_id == organisation.id)
    if (db.session.scalar(rows) or 0) >= MOST:
        raise Invalid("", _("Votre liste est pleine. Retirez-en d’abord quelqu’un."))


def _between(organisation_id: int, other_id: int | None) -> list[ColumnElement[bool]]:
    if other_id is None:
        return []
    return [
        and_(Block.organisation_id == organisation_id, Block.other_id == other_id),
        and_(Block.organisation_id == other_id, Block.other_id == organisation_id),
    ]


def _of_person(organisation_id: int, person: Person | None) -> list[ColumnElement[bool]]:
    if person is None:
        return []
    return [and_(Block.organisation_id == organisation_id, _names(person))]


def _names(person: Person) -> ColumnElement[bool]:
    """A row names a person by the account, or by its address."""
    by_account = Block.person_id == person.id
    if not person.email:
        return by_account
    return or_(by_account, is_mailbox_of(Block.email_folded, person.email))
