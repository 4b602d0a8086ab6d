"""What people do with organisations: found them, edit them, act for them, leave and close them."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from board import erasures, news
from board.accounts.models import Person
from board.clock import now
from board.contacts import find_contacts, mask_contacts
from board.errors import Conflict, Gone, Invalid, OrganisationGone
from board.extensions import db
from board.folding import fold
from board.markdown import to_html
from board.organisations import panels, queries
from board.organisations.models import Membership, Organisation
from board.organisations.rules import (
    DESCRIPTION_MAX,
    NAME_MAX,
    Role,
    free_slug,
    holds_link,
    is_name,
    known_languages,
    plain_name,
    slug_of,
    website_of,
)
from board.taxonomy.models import Place

HIDDEN = "•••"
FOUNDING = 0x0F0D


@dataclass(frozen=True, slots=True)
class About:
    """What an organisation says of itself, beside its name."""

    description: str = ""
    place: Place | None = None
    website: str = ""
    languages: list[str] = field(default_factory=list)


def create(*, name: str, by: Person, about: About | None = None) -> Organisation:
    """Found an organisation, unverified, its founder responsible; a look-alike name is flagged."""
    name = checked_name(name)
    _one_at_a_time()
    alike = queries.find_look_alike(name)
    organisation = Organisation(
        slug=free_slug(name, queries.slugs_like(slug_of(name))),
        name=name,
        name_folded=fold(name)[:160],
        resembles_id=alike.id if alike else None,
        languages=by.language,
    )
    _describe(organisation, about or About(languages=[by.language]))
    db.session.add(organisation)
    db.session.flush()
    db.session.add(Membership(person=by, organisation=organisation, role=Role.RESPONSIBLE))
    db.session.flush()
    return organisation


def edit(*, organisation: Organisation, name: str, about: About, seen_version: int) -> None:
    """Change what an organisation says; Conflict when somebody did since `seen_version`.

    Its address stays. Under another name it is no longer the one that was verified.
    """
    _lock(organisation)
    if organisation.edit_version != seen_version:
        raise Conflict
    name = checked_name(name)
    if name != organisation.name:
        alike = queries.find_look_alike(name, but=organisation.id)
        organisation.resembles_id = alike.id if alike else None
        if fold(name) != fold(organisation.name):
            organisation.verified_at = None
        organisation.reviewed_at = None
        organisation.name, organisation.name_folded = name, fold(name)[:160]
    _describe(organisation, about)
    _changed(organisation)
    organisation.edit_version += 1


def set_logo(*, organisation: Organisation, digest: str | None) -> None:
    """Show another logo, or none."""
    _lock(organisation)
    _show_logo(organisation, digest)
    _changed(organisation)


def change_role(*, membership: Membership, role: Role) -> None:
    """Let a member answer for the organisation, or only write for it."""
    _lock(membership.organisation)
    db.session.refresh(membership)
    if role is not Role.RESPONSIBLE:
        _keep_one_responsible(membership)
    membership.role = role


def leave(*, membership: Membership) -> None:
    """End what a person does for an organisation; the last responsible stays."""
    _lock(membership.organisation)
    db.session.refresh(membership)
    if membership.ended_at is not None:
        raise Gone
    _keep_one_responsible(membership)
    membership.ended_at = now()


def close(*, organisation: Organisation) -> None:
    """End an organisation: its page, its posts and everybody's part in it."""
    _lock(organisation)
    for membership in queries.members_of(organisation.id):
        membership.ended_at = now()
    organisation.closed_at = now()
    _show_logo(organisation, None)
    _changed(organisation)
    panels.tell_closed(organisation)
    erasures.note("organisation", organisation.uuid)


def close_again(uuid: UUID) -> bool:
    """End an organisation that a restored backup brought back."""
    organisation = db.session.scalar(select(Organisation).where(Organisation.uuid == uuid))
    if organisation is None or organisation.closed_at is not None:
        return False
    close(organisation=organisation)
    return True


def checked_name(name: str) -> str:
    """Return a name as it is kept, or refuse it with a sentence."""
    name = plain_name(name)
    if not is_name(name):
        raise Invalid("name", _("Écrivez le nom de l’organisation, comme sur son affiche."))
    if find_contacts(name):
        raise Invalid("name", _("Un nom ne contient ni téléphone ni adresse."))
    if len(name) > NAME_MAX:
        raise Invalid(
            "name", _("Ce nom est trop long : %(max)s\u00a0caractères au plus.", max=NAME_MAX)
        )
    if holds_link(name):
        raise Invalid("name", _("Écrivez le nom seul ; l’adresse du site a son propre champ."))
    return name


def _describe(organisation: Organisation, about: About) -> None:
    if len(about.description) > DESCRIPTION_MAX:
        raise Invalid("description", _("La description est trop longue."))
    website = website_of(about.website) if about.website else None
    if about.website and website is None:
        raise Invalid("website", _("Écrivez une adresse Web, par exemple https://exemple.org."))
    organisation.description_md = about.description
    organisation.description_html = to_html(mask_contacts(about.description, HIDDEN))
    organisation.website = website
    organisation.place = about.place
    organisation.languages = known_languages(about.languages) or organisation.languages


def _show_logo(organisation: Organisation, digest: str | None) -> None:
    """Show another logo; the one before is owed its end."""
    if organisation.logo_digest not in {None, digest}:
        news.note("upload", [organisation.id])
    organisation.logo_digest = digest


def _changed(organisation: Organisation) -> None:
    organisation.version += 1


def _keep_one_responsible(membership: Membership) -> None:
    if membership.role is not Role.RESPONSIBLE or membership.ended_at is not None:
        return
    if queries.count_responsibles(membership.organisation_id) <= 1:
        raise Invalid(
            "", _("Il faut au moins une personne responsable. Nommez-en d’abord une autre.")
        )


def _one_at_a_time() -> None:
    """Two founders of one name get two addresses (SQLite's writers wait for each other anyway)."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(FOUNDING)))


def _lock(organisation: Organisation) -> None:
    """Let nobody else change it before this transaction ends, and read it as it is now."""
    db.session.execute(
        select(Organisation.id).where(Organisation.id == organisation.id).with_for_update()
    )
    db.session.refresh(organisation)
    if organisation.closed_at is not None:
        raise OrganisationGone
