"""Reading organisations: one named question each, bounded and ordered."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from board.accounts.models import Person
from board.clock import now
from board.errors import NotFound, OrganisationGone
from board.extensions import db
from board.organisations.models import Invitation, Membership, Organisation
from board.organisations.rules import Role, looks_alike

MOST_NAMES = 20_000
MOST_MEMBERS = 200


def find_organisation(slug: str) -> Organisation | None:
    """Return an organisation, closed ones included, with its place."""
    return db.session.scalar(
        select(Organisation)
        .where(Organisation.slug == slug)
        .options(joinedload(Organisation.place))
    )


def get_for_page(slug: str, *, by: Person | None) -> tuple[Organisation, Role | None]:
    """Return an organisation that this reader may see, and what they do for it."""
    organisation = find_organisation(slug)
    if organisation is None:
        raise NotFound
    if organisation.closed_at is not None:
        raise OrganisationGone
    role = find_role(organisation.id, by.id) if by is not None else None
    if role is not None or (by is not None and by.moderates):
        return organisation, role
    if organisation.hidden_at is not None:
        raise OrganisationGone
    if not _is_vouched_for(organisation.id):
        raise NotFound
    return organisation, role


def find_role(organisation_id: int, person_id: int) -> Role | None:
    """Return what a person does for an organisation now."""
    return db.session.scalar(
        select(Membership.role).where(
            Membership.organisation_id == organisation_id,
            Membership.person_id == person_id,
            Membership.ended_at.is_(None),
        )
    )


def organisations_of(person: Person) -> list[tuple[Organisation, Role]]:
    """Return the open organisations for whom a person acts, by name."""
    rows = db.session.execute(
        select(Organisation, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Membership.person_id == person.id,
            Membership.ended_at.is_(None),
            Organisation.closed_at.is_(None),
        )
        .order_by(Organisation.name_folded, Organisation.id)
        .limit(MOST_MEMBERS)
    )
    return [(organisation, role) for organisation, role in rows]


def is_listed() -> ColumnElement[bool]:
    """The directory shows it: open, not taken out, and somebody confirmed answers for it."""
    return and_(
        Organisation.closed_at.is_(None),
        Organisation.hidden_at.is_(None),
        Organisation.unlisted_at.is_(None),
        _vouched_for(),
    )


def find_look_alike(name: str, *, but: int | None = None) -> Organisation | None:
    """Return the organisation whose name could be taken for this one, verified ones first.

    Whoever may know of it or not: this is for the flag, `find_namesake` for what a reader is told.
    """
    return _alike(name, Organisation.id != (but or 0))


def find_namesake(name: str, *, by: Person) -> Organisation | None:
    """Return a look-alike that this reader may know of: one of the directory, or their own."""
    return _alike(name, or_(is_listed(), _members(Person.id == by.id)))


def namesake_of(organisation: Organisation) -> Organisation | None:
    """Return the organisation of the directory that an unverified one could be taken for."""
    if organisation.resembles_id is None or organisation.verified_at is not None:
        return None
    return db.session.scalar(
        select(Organisation).where(Organisation.id == organisation.resembles_id, is_listed())
    )


def resembled_by(organisation: Organisation) -> Organisation | None:
    """Return the open organisation whose name this one's resembles, for moderators."""
    return db.session.scalar(
        select(Organisation).where(
            Organisation.id == organisation.resembles_id,
            Organisation.closed_at.is_(None),
            Organisation.hidden_at.is_(None),
        )
    )


def slugs_like(slug: str) -> list[str]:
    """Return the slugs that begin like this one."""
    rows = select(Organisation.slug).where(Organisation.slug.startswith(slug, autoescape=True))
    return list(db.session.scalars(rows.order_by(Organisation.slug).limit(MOST_NAMES)))


def members_of(organisation_id: int) -> list[Membership]:
    """Return who acts for an organisation now, the longest first."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.organisation_id == organisation_id, Membership.ended_at.is_(None))
            .options(joinedload(Membership.person))
            .order_by(Membership.created_at, Membership.id)
            .limit(MOST_MEMBERS)
        )
    )


def get_member(organisation_id: int, uuid: UUID) -> Membership:
    """Return one active membership of this organisation, not of another."""
    found = db.session.scalar(
        select(Membership).where(
            Membership.uuid == uuid,
            Membership.organisation_id == organisation_id,
            Membership.ended_at.is_(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def find_member(organisation_id: int, person_id: int) -> Membership | None:
    """Return the active membership of a person."""
    return db.session.scalar(
        select(Membership).where(
            Membership.organisation_id == organisation_id,
            Membership.person_id == person_id,
            Membership.ended_at.is_(None),
        )
    )


def count_responsibles(organisation_id: int) -> int:
    """Return how many people answer for an organisation now."""
    return db.session.scalar(
        select(func.count(Membership.id)).where(
            Membership.organisation_id == organisation_id,
            Membership.role == Role.RESPONSIBLE,
            Membership.ended_at.is_(None),
        )
    ) or 0  # fmt: skip


def open_invitations(organisation_id: int) -> list[Invitation]:
    """Return the invitations that still work, latest first."""
    return list(
        db.session.scalars(
            select(Invitation)
            .where(Invitation.organisation_id == organisation_id, _works())
            .order_by(Invitation.created_at.desc(), Invitation.id.desc())
            .limit(MOST_MEMBERS)
        )
    )


def get_invitation(organisation_id: int, uuid: UUID) -> Invitation:
    """Return one invitation of this organisation, not of another."""
    found = db.session.scalar(
        select(Invitation).where(
            Invitation.uuid == uuid, Invitation.organisation_id == organisation_id
        )
    )
    if found is None:
        raise NotFound
    return found


def find_invitation(link: str | None) -> Invitation | None:
    """Return the invitation of a link (its hash) when it still works."""
    if not link:
        return None
    return db.session.scalar(
        select(Invitation)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.digest == link, _works(), Organisation.closed_at.is_(None))
        .options(joinedload(Invitation.organisation))
    )


def _alike(name: str, which: ColumnElement[bool]) -> Organisation | None:
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.closed_at.is_(None), which)
        .order_by(Organisation.verified_at.is_(None), Organisation.id)
        .limit(MOST_NAMES)
    )
    for organisation_id, other in rows:
        if looks_alike(name, other):
            return db.session.get(Organisation, organisation_id)
    return None


def _works() -> ColumnElement[bool]:
    return and_(
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now(),
    )


def _members(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Membership.organisation_id == Organisation.id,
            Membership.ended_at.is_(None),
            Person.id == Membership.person_id,
            *more,
        )
        .correlate(Organisation)
    )


def _vouched_for() -> ColumnElement[bool]:
    """Not only people with an unconfirmed address act for it."""
    return or_(_members(Person.confirmed_at.is_not(None)), ~_members())


def _is_vouched_for(organisation_id: int) -> bool:
    found = select(Organisation.id).where(Organisation.id == organisation_id, _vouched_for())
    return db.session.scalar(found) is not None
