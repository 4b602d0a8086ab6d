"""The ledgers of contacts, and taking contacts back from there."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.session import get_reader, signed_in
from board.answers import disclosing, ledger
from board.answers.blueprint import bp
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.web import commits, done, render
from board.web.security import safe_path


@bp.get("/account/contacts")
@signed_in
def my_contacts() -> ResponseReturnValue:
    """« Coordonnées »: what the reader gave to whom, and what they were given."""
    return render("answers/ledger.html", rows=ledger.rows_of_person(get_reader()),
                  organisation=None)  # fmt: skip


@bp.post("/account/contacts/<uuid:given_id>/take-back")
@signed_in
@commits
def take_contacts_back(given_id: UUID) -> ResponseReturnValue:
    """Take back what the reader, or an organisation of theirs, gave."""
    disclosing.take_back(ledger.get_own(given_id, get_reader()))
    back = safe_path(request.form.get("back")) or url_for("answers.my_contacts")
    return done(_("C’est repris : l’autre personne ne les voit plus ici."), to=back)


@bp.get("/organisations/<slug>/contacts")
@editor_required
def contacts(organisation: Organisation) -> ResponseReturnValue:
    """« Coordonnées » of an organisation: what was given in its name, and to it."""
    rows = ledger.rows_of_organisation(organisation.id)
    return render("answers/ledger.html", rows=rows, organisation=organisation)


@bp.get("/organisations/<slug>/contacts.csv")
@editor_required
def contacts_csv(organisation: Organisation) -> ResponseReturnValue:
    """The same as a table to keep."""
    text = ledger.as_csv(ledger.of_organisation(organisation.id), organisation.id)
    name = f"coordonnees-{organisation.slug}.csv"
    return Response("\ufeff" + text, mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="{name}"',
    })  # fmt: skip
