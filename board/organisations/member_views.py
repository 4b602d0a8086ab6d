"""Who acts for an organisation: invite, come in, change roles, leave, close."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from board.accounts import doors, links
from board.accounts.rules import MAIL_BY_ADDRESS, fold_email
from board.accounts.session import current_person, get_reader
from board.errors import Gone, Invalid, NotAllowed
from board.organisations import forms, invitations, queries, services, words
from board.organisations.access import editor_required, responsible_required
from board.organisations.models import Invitation, Organisation
from board.organisations.rules import Role
from board.organisations.views import bp
from board.web import commits, done, render, token_link
from board.web.forms import Form, submitted

LINK = "invitation"


@bp.route("/<slug>/members", methods=["GET", "POST"])
@responsible_required
@commits
def members(organisation: Organisation) -> ResponseReturnValue:
    """Show who acts for the organisation and who is invited; invite one more."""
    form = forms.InviteForm(request.form)
    invited = doors.attempt(form, lambda: _invite(organisation, form))
    if invited is None:
        return doors.answer("organisations/members.html", form, **_people(organisation))
    message = _("L’invitation est partie à %(email)s.", email=invited.email)
    return done(message, to=url_for("organisations.members", slug=organisation.slug))


@bp.post("/<slug>/invitations/<uuid:invitation_id>/revoke")
@responsible_required
@commits
def revoke(organisation: Organisation, invitation_id: UUID) -> ResponseReturnValue:
    """Call an invitation back."""
    invitation = queries.get_invitation(organisation.id, invitation_id)
    invitations.revoke(invitation=invitation)
    message = _("L’invitation ne sert plus.")
    return done(message, to=url_for("organisations.members", slug=organisation.slug))


@bp.post("/<slug>/members/<uuid:member_id>/role")
@responsible_required
@commits
def change_role(organisation: Organisation, member_id: UUID) -> ResponseReturnValue:
    """Let a member answer for the organisation, or only write for it."""
    membership, form = queries.get_member(organisation.id, member_id), forms.RoleForm(request.form)
    if not form.validate():
        return _refused(organisation, _("Choisissez un rôle."))
    try:
        services.change_role(membership=membership, role=Role(form.role.data))
    except Invalid as refused:
        return _refused(organisation, refused.message)
    return done(_("Le rôle est changé."), to=_after(organisation, membership.person_id))


@bp.post("/<slug>/members/<uuid:member_id>/remove")
@responsible_required
@commits
def remove(organisation: Organisation, member_id: UUID) -> ResponseReturnValue:
    """End what a member does for the organisation."""
    membership = queries.get_member(organisation.id, member_id)
    try:
        services.leave(membership=membership)
    except Invalid as refused:
        return _refused(organisation, refused.message)
    message = _("Cette personne n’agit plus pour l’organisation.")
    return done(message, to=_after(organisation, membership.person_id))


@bp.route("/<slug>/leave", methods=["GET", "POST"])
@editor_required
@commits
def leave(organisation: Organisation) -> ResponseReturnValue:
    """Stop acting for an organisation, after a question."""
    form = Form(request.form)
    if doors.attempt(form, lambda: _leave(organisation)) is None:
        return doors.answer("organisations/leave.html", form, organisation=organisation)
    message = _("Vous n’agissez plus pour %(name)s.", name=organisation.name)
    return done(message, to=url_for("accounts.home"))


@bp.route("/<slug>/close", methods=["GET", "POST"])
@responsible_required
@commits
def close(organisation: Organisation) -> ResponseReturnValue:
    """End an organisation, after a question."""
    if not submitted():
        return render("organisations/close.html", organisation=organisation)
    services.close(organisation=organisation)
    message = _("%(name)s est fermée et ses annonces sont retirées.", name=organisation.name)
    return done(message, to=url_for("accounts.home"))


@bp.route("/join", methods=["GET", "POST"])
@token_link
@commits
def join() -> ResponseReturnValue:
    """The page of an invitation's link: one button takes the seat, for its address only."""
    if moved := links.take_from_address(LINK, "organisations.join"):
        return moved
    link, person = links.held(LINK), current_person()
    invitation = queries.find_invitation(link)
    if invitation is None:
        return links.private(render("organisations/dead_invitation.html", status=410))
    if not submitted() or person is None:
        return _invitation_page(invitation)
    try:
        organisation = invitations.accept(link=link, by=person)
    except NotAllowed:
        return _invitation_page(invitation)
    except Gone:
        return links.private(render("organisations/dead_invitation.html", status=410))
    links.let_go(LINK)
    message = _("Bienvenue : vous agissez maintenant pour %(name)s.", name=organisation.name)
    return links.private(done(message, to=url_for("organisations.page", slug=organisation.slug)))


def _invitation_page(invitation: Invitation) -> ResponseReturnValue:
    """Say who invites whom to what, and what this reader can do about it."""
    person = current_person()
    fits = person is not None and invitations.is_for(invitation, person)
    same = person is not None and fold_email(person.email or "") == invitation.email_folded
    refused = (person is not None and not fits) or (submitted() and not fits)
    return links.private(
        render(
            "organisations/join.html",
            status=403 if refused else 200,
            invitation=invitation,
            role_label=str(words.ROLES[invitation.role]),
            reader=person,
            fits=fits,
            to_confirm=same and not fits,
            back=url_for("organisations.join", language=g.language),
        )
    )


def _invite(organisation: Organisation, form: forms.InviteForm) -> Invitation:
    email = form.email.address
    doors.count_tries("mail", (fold_email(email), MAIL_BY_ADDRESS))
    return invitations.invite(
        organisation=organisation, email=email, role=Role(form.role.data), by=get_reader()
    )


def _leave(organisation: Organisation) -> bool:
    membership = queries.find_member(organisation.id, get_reader().id)
    if membership is None:
        raise Gone
    services.leave(membership=membership)
    return True


def _people(organisation: Organisation) -> dict[str, Any]:
    invited = queries.open_invitations(organisation.id)
    return {
        "organisation": organisation,
        "members": queries.members_of(organisation.id),
        "invited": [(one, format_date(one.expires_at, "long")) for one in invited],
        "roles": {role.value: str(label) for role, label in words.ROLES.items()},
        "me": get_reader().id,
    }


def _refused(organisation: Organisation, problem: str) -> ResponseReturnValue:
    return render("organisations/members.html", status=422, form=forms.InviteForm(),
                  problem=problem, **_people(organisation))  # fmt: skip


def _after(organisation: Organisation, person_id: int) -> str:
    """Return where to go: who gave up their own part has no business with the members any more."""
    if person_id != get_reader().id:
        return url_for("organisations.members", slug=organisation.slug)
    return url_for("organisations.page", slug=organisation.slug)
