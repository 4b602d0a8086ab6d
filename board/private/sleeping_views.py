"""The reserve: what an organisation could share without saying so, and « offer this to X? »."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import doors, kept
from board.accounts.kept import keeps_typed
from board.accounts.session import get_reader
from board.errors import Invalid
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.posts import drafts
from board.posts.fields import member
from board.posts.rules import Kind, Purpose
from board.private import choosing, forms, offering, queries, services, shown
from board.private.models import PrivateLine
from board.private.rules import LATER_DAYS, Answer
from board.private.views import bp, find_place
from board.taxonomy import queries as taxonomy
from board.web import commits, done, render
from board.web.forms import submitted


@bp.get("/organisations/<slug>/reserve")
@editor_required
def reserve(organisation: Organisation) -> ResponseReturnValue:
    """Show what an organisation could share, and which needs it fits; to its editors alone."""
    lines = queries.sleeping_of(organisation.id)
    return render(
        "private/reserve.html",
        organisation=organisation,
        lines=[shown.sleeping(line) for line in lines],
        questions=shown.questions(organisation, lines),
        delays=shown.DELAYS,
        may_answer=offering.has_answers(),
        answered=shown.answered(organisation, lines),
    )


@bp.route("/organisations/<slug>/reserve/add", methods=["GET", "POST"])
@editor_required
@commits
@keeps_typed
def add_sleeping(organisation: Organisation) -> ResponseReturnValue:
    """Put something into the reserve."""
    return _say(organisation, None)


@bp.route("/organisations/<slug>/reserve/<uuid:line_id>", methods=["GET", "POST"])
@editor_required
@commits
@keeps_typed
def edit_sleeping(organisation: Organisation, line_id: UUID) -> ResponseReturnValue:
    """Change something in the reserve."""
    return _say(organisation, queries.get_sleeping(organisation.id, line_id))


@bp.post("/organisations/<slug>/reserve/<uuid:line_id>/remove")
@editor_required
@commits
def remove_sleeping(organisation: Organisation, line_id: UUID) -> ResponseReturnValue:
    """Take something out of the reserve."""
    services.forget_sleeping(line=queries.get_sleeping(organisation.id, line_id))
    return done(_("C’est retiré de votre réserve."), to=_reserve(organisation))


@bp.post("/organisations/<slug>/reserve/<uuid:line_id>/<uuid:need>/answer")
@editor_required
@commits
def answer(organisation: Organisation, line_id: UUID, need: UUID) -> ResponseReturnValue:
    """« Offer this to X? »: yes, not now, or never to them."""
    line = queries.get_sleeping(organisation.id, line_id)
    match, said = queries.get_match(line, need), request.form.get("do", "")
    if said == "answer" and offering.has_answers():
        return redirect(offering.answering(organisation, line, match), code=303)
    if said in {"publish", "answer"}:
        post = offering.draft(organisation, line, by=get_reader())
        return redirect(offering.publishing(line, match, post), code=303)
    if said == "never":
        services.answer(line=line, match=match, said=Answer.NEVER)
        return done(_("Nous ne vous le demanderons plus pour cette organisation."),
                    to=_reserve(organisation))  # fmt: skip
    later = request.form.get("later", "")
    if said != "later" or later not in LATER_DAYS:
        raise Invalid("", _("Choisissez ce que vous décidez, parmi ce qui est proposé."))
    services.answer(line=line, match=match, said=Answer.LATER, later=later)
    return done(_("Nous vous le demanderons de nouveau plus tard."), to=_reserve(organisation))


@bp.post("/organisations/<slug>/reserve/<uuid:line_id>/<uuid:need>/undo")
@editor_required
@commits
def ask_again(organisation: Organisation, line_id: UUID, need: UUID) -> ResponseReturnValue:
    """Take an answer back: the question may be asked again."""
    line = queries.get_sleeping(organisation.id, line_id)
    services.take_back(view=queries.get_view(line, need))
    return done(_("La question peut de nouveau vous être posée."), to=_reserve(organisation))


def _say(organisation: Organisation, line: PrivateLine | None) -> ResponseReturnValue:
    form = _form(line)
    if doors.attempt(form, lambda: _keep(organisation, form, line)) is None:
        return doors.answer("private/sleeping.html", form, organisation=organisation, line=line)
    kept.forget()
    return done(_("C’est gardé, pour votre organisation seule."), to=_reserve(organisation))


def _form(line: PrivateLine | None) -> forms.SleepingForm:
    sent = request.form if submitted() else kept.find()
    saved = _saved(line) if line is not None else {}
    form = forms.SleepingForm(sent, data=saved)
    form.category.choices = drafts.category_choices({saved.get("category", "")} - {""})
    return form


def _saved(line: PrivateLine) -> dict[str, Any]:
    return {
        **choosing.saved_window(line),
        "kind": line.kind.value,
        "category": next((one.concept.key for one in line.concepts), ""),
        "quantity": "" if line.quantity is None else str(line.quantity),
        "unit": line.unit or "",
        "basis": line.basis.value if line.basis else "",
        "conditions": line.conditions or "",
    }


def _keep(
    organisation: Organisation, form: forms.SleepingForm, line: PrivateLine | None
) -> PrivateLine:
    """What is left open comes from the words, as on the form of a post."""
    said_kind, said_category = drafts.kind_and_category(form.title.data or "", Purpose.OFFER)
    kind = member(Kind, form.kind.data) or Kind(said_kind)
    key = form.category.data or (said_category if kind.value == said_kind else "")
    term = taxonomy.catalogue(g.language).by_key.get(key)
    if term is not None and term.kind and not form.kind.data:
        kind = Kind(term.kind)
    concepts = (term.id,) if term is not None else ()
    about = form.about(kind, concepts, find_place(form.place.data or ""), g.language)
    return services.keep_sleeping(organisation=organisation, about=about, line=line)


def _reserve(organisation: Organisation) -> str:
    return url_for("private.reserve", slug=organisation.slug)
