"""Seats kept for an address: sent by mail, taken by whoever holds that address, once, in time."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select

from board import mail
from board.accounts import queries as people
from board.accounts.models import Person
from board.accounts.rules import LIFETIME, TokenPurpose, digest, fold_email
from board.clock import now
from board.errors import Gone, Invalid, NotAllowed
from board.extensions import db
from board.organisations import queries
from board.organisations.models import Invitation, Membership, Organisation
from board.organisations.rules import INVITATIONS_A_DAY, KEEP_INVITATIONS, Role


def invite(*, organisation: Organisation, email: str, role: Role, by: Person) -> Invitation:
    """Keep a seat for an address and mail its link; an earlier link to it stops working."""
    _check(organisation, email, by)
    holder = people.find_by_email(email)
    _forget_old()
    for earlier in queries.open_invitations(organisation.id):
        if earlier.email_folded == fold_email(email):
            earlier.revoked_at = now()
    raw = secrets.token_urlsafe(32)
    invitation = Invitation(
        organisation=organisation, email=email, email_folded=fold_email(email), role=role,
        digest=digest(raw), invited_by=by, expires_at=now() + LIFETIME[TokenPurpose.INVITATION],
    )  # fmt: skip
    db.session.add(invitation)
    db.session.flush()
    language = holder.language if holder else by.language
    url = mail.link("organisations.join", language=language, token=raw)
    mail.compose("invitation", to=email, language=language, url=url, organisation=organisation.name,
                 days=LIFETIME[TokenPurpose.INVITATION].days)  # fmt: skip
    return invitation


def revoke(*, invitation: Invitation) -> None:
    """Call an invitation back: its link stops working."""
    if invitation.accepted_at is not None:
        raise Gone
    invitation.revoked_at = invitation.revoked_at or now()


def is_for(invitation: Invitation, person: Person) -> bool:
    """Whether this person holds the address that the seat is kept for, and proved it."""
    return person.confirmed_at is not None and person.email_folded == invitation.email_folded


def accept(*, link: str | None, by: Person) -> Organisation:
    """Take a seat, once, by who holds its address."""
    invitation = queries.find_invitation(link)
    if invitation is None:
        raise Gone
    db.session.execute(
        select(Invitation.id).where(Invitation.id == invitation.id).with_for_update()
    )
    db.session.refresh(invitation)
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise Gone
    if not is_for(invitation, by):
        raise NotAllowed
    organisation = invitation.organisation
    invitation.accepted_at = now()
    present = queries.find_member(organisation.id, by.id)
    if present is None:
        db.session.add(Membership(person=by, organisation=organisation, role=invitation.role))
    elif invitation.role is Role.RESPONSIBLE:
        present.role = invitation.role
    db.session.flush()
    return organisation


def _check(organisation: Organisation, email: str, by: Person) -> None:
    if by.confirmed_at is None:
        raise Invalid("email", _("Confirmez d’abord votre propre adresse : un lien vous attend."))
    holder = people.find_by_email(email)
    if holder is not None and queries.find_role(organisation.id, holder.id) is not None:
        raise Invalid("email", _("Cette personne agit déjà pour l’organisation."))
    today = select(func.count(Invitation.id)).where(
        Invitation.organisation_id == organisation.id,
        Invitation.created_at > now() - timedelta(days=1),
    )
    if (db.session.scalar(today) or 0) >= INVITATIONS_A_DAY:
        raise Invalid("email", _("C’est assez d’invitations pour aujourd’hui. Continuez demain."))


def _forget_old() -> None:
    """Addresses of people who never came are not kept."""
    old = now() - KEEP_INVITATIONS
    db.session.execute(
        delete(Invitation)
        .where(or_(Invitation.expires_at < old, Invitation.accepted_at < old,
                   Invitation.revoked_at < old))
        .execution_options(synchronize_session=False)
    )  # fmt: skip
