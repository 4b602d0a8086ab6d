"""Whom an organisation blocks: its list, one more, one less; only its editors see it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import doors
from board.accounts.session import get_reader
from board.errors import Invalid
from board.folding import fold
from board.matching import block_words, blocks, forms
from board.matching.views import bp
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.web import commits, done, render


@bp.get("/organisations/<slug>/blocks")
@editor_required
def blocked(organisation: Organisation) -> ResponseReturnValue:
    """Show whom an organisation wants nothing to do with."""
    return render("matching/blocks.html", **_page(organisation))


@bp.post("/organisations/<slug>/blocks/organisation")
@editor_required
@commits
def block_organisation(organisation: Organisation) -> ResponseReturnValue:
    """Block an organisation by its name; when several have it, ask which."""
    form = forms.BlockOrganisationForm(request.form)
    blocked = doors.attempt(form, lambda: _block(organisation, form))
    if blocked is None:
        alike = blocks.organisations_named(form.name.data or "", but=organisation)
        page = {**_page(organisation), "form": form, "alike": alike}
        return doors.answer("matching/blocks.html", **page)
    return done(block_words.said(*blocked), to=url_for("matching.blocked", slug=organisation.slug))


@bp.post("/organisations/<slug>/blocks/person")
@editor_required
@commits
def block_person(organisation: Organisation) -> ResponseReturnValue:
    """Block a person by their address, whether or not it has an account."""
    form = forms.BlockPersonForm(request.form)
    if doors.attempt(form, lambda: _block_address(organisation, form)) is None:
        return doors.answer("matching/blocks.html", **{**_page(organisation), "person_form": form,
                            "form": forms.BlockOrganisationForm()})  # fmt: skip
    return done(
        block_words.said_of_person(form.email.address),
        to=url_for("matching.blocked", slug=organisation.slug),
    )


@bp.post("/organisations/<slug>/blocks/<int:block_id>/lift")
@editor_required
@commits
def lift_block(organisation: Organisation, block_id: int) -> ResponseReturnValue:
    """Block somebody no more."""
    lifted = blocks.lift(organisation=organisation, block_id=block_id)
    message = _("%(name)s n’est plus bloquée.", name=lifted.name)
    return done(message, to=url_for("matching.blocked", slug=organisation.slug))


def _page(organisation: Organisation) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "blocked": blocks.list_of(organisation.id),
        "form": forms.BlockOrganisationForm(),
        "person_form": forms.BlockPersonForm(),
    }


def _block(organisation: Organisation, form: forms.BlockOrganisationForm) -> tuple[str, list[str]]:
    """Block the one that was chosen, or the only one of exactly that name; say what stands."""
    named = blocks.organisations_named(form.name.data or "", but=organisation)
    asked = request.form.get("slug") or ""
    exact = [one for one in named if one.name_folded == fold(form.name.data or "")]
    chosen = [one for one in named if one.slug == asked] if asked else exact
    if not named:
        raise Invalid("name", _("Aucune organisation du babillard ne porte ce nom."))
    if len(chosen) != 1:
        raise Invalid("name", _("De laquelle s’agit-il\u00a0? Choisissez-la ci-dessous."))
    stands = blocks.block_organisation(organisation=organisation, other=chosen[0], by=get_reader())
    return chosen[0].name, stands


def _block_address(organisation: Organisation, form: forms.BlockPersonForm) -> bool:
    blocks.block_address(organisation=organisation, email=form.email.address, by=get_reader())
    return True
