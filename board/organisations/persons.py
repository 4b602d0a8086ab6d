"""What organisations show a person on their home, know about them, and how they forget them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from board import erasures, mail
from board.accounts.models import Person
from board.accounts.panels import Panel, register_erasure, register_export, register_panel
from board.accounts.rules import fold_email
from board.clock import now
from board.extensions import db
from board.organisations import queries, services
from board.organisations.models import Invitation, Membership, Organisation
from board.organisations.rules import Role


def panel(person: Person) -> Panel | None:
    """« Mes organisations »."""
    mine = queries.organisations_of(person)
    if not mine:
        return None
    return Panel("organisations/panel.html", {"organisations": mine}, position=60)


def known_of(person: Person) -> dict[str, Any]:
    """Return what organisations know about a person: for whom they act, who invited them."""
    memberships = db.session.execute(
        select(Organisation.name, Organisation.slug, Membership.role, Membership.created_at,
               Membership.ended_at)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person.id)
        .order_by(Membership.id)
    )  # fmt: skip
    invitations = db.session.execute(
        select(Organisation.name, Invitation.email, Invitation.role, Invitation.created_at,
               Invitation.expires_at, Invitation.accepted_at)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.email_folded == fold_email(person.email_folded or ""))
        .order_by(Invitation.id)
    )  # fmt: skip
    return {
        "memberships": [
            {"organisation": name, "slug": slug, "role": role.value, "since": since, "until": until}
            for name, slug, role, since, until in memberships
        ],
        "invitations": [
            {"organisation": name, "email": email, "role": role.value, "sent_at": sent,
             "expires_at": expires, "accepted_at": accepted}
            for name, email, role, sent, expires, accepted in invitations
        ],
    }  # fmt: skip


def forget(person: Person) -> None:
    """Hand over or close what only this person answered for, and forget who invited them where."""
    mine = db.session.scalars(
        select(Membership)
        .where(Membership.person_id == person.id, Membership.ended_at.is_(None))
        .order_by(Membership.organisation_id)
    ).all()
    for membership in mine:
        _hold_still(membership)
        _let_go(membership)
    if person.email_folded:
        db.session.execute(
            delete(Invitation)
            .where(Invitation.email_folded == person.email_folded)
            .execution_options(synchronize_session=False)
        )


def _hold_still(membership: Membership) -> None:
    """Let nobody else leave at this moment: of two last ones, the second sees that they are it."""
    db.session.execute(
        select(Organisation.id)
        .where(Organisation.id == membership.organisation_id)
        .with_for_update()
    )


def _let_go(membership: Membership) -> None:
    organisation = membership.organisation
    others = [m for m in queries.members_of(organisation.id) if m.id != membership.id]
    if not others and organisation.closed_at is None:
        services.close(organisation=organisation)
        return
    if others and not any(other.role is Role.RESPONSIBLE for other in others):
        others[0].role = Role.RESPONSIBLE
        _tell_successor(others[0].person, organisation)
    membership.ended_at = now()
    db.session.flush()


def _tell_successor(person: Person, organisation: Organisation) -> None:
    if person.email:
        url = mail.link("organisations.members", language=person.language, slug=organisation.slug)
        mail.compose("handed_over", to=person.email, language=person.language, url=url,
                     organisation=organisation.name)  # fmt: skip


def register() -> None:
    """Tell accounts what organisations have for a person."""
    register_panel(panel)
    register_export("organisations", known_of)
    register_erasure(forget)
    erasures.is_replayed("organisation", services.close_again)
