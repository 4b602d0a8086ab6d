"""The first screen: one sentence, need or offer, whose organisation; anybody may begin."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import budget, doors, kept
from board.accounts.kept import keeps_typed
from board.accounts.models import Person
from board.accounts.session import current_person
from board.errors import Invalid
from board.folding import fold
from board.organisations import queries as organisation_queries
from board.organisations import rules as organisation_rules
from board.organisations import services as organisations
from board.organisations.models import Organisation
from board.posts import drafts, live, queries, services, whereabouts
from board.posts.blueprint import bp
from board.posts.first_form import NEW, ComposeForm
from board.posts.models import Post
from board.posts.rules import Purpose
from board.web import commits, done, public, render
from board.web.context import settings
from board.web.forms import clean
from board.web.unknown import unknown_words

LONGEST_SENTENCE = 400


@bp.route("/publish", methods=["GET", "POST"])
@public
@commits
@keeps_typed
def compose() -> ResponseReturnValue:
    """Take one sentence; the board proposes the rest."""
    person = current_person()
    form = _form(person)
    if request.method == "GET" or not form.validate():
        return _page(form, person)
    if person is None:
        drafts.keep(form)
        message = _("Votre phrase est gardée. Connectez-vous ou créez un compte pour continuer.")
        return done(message, to=url_for("accounts.sign_in", next=url_for("posts.compose")),
                    category="info")  # fmt: skip
    try:
        post = _begin(form, person)
    except Invalid as refused:
        form.organisation_name.errors = [refused.message]
        return _page(form, person)
    drafts.forget()
    kept.forget()
    return redirect(url_for("posts.edit", post_id=post.uuid), code=303)


@bp.get("/publish/similar")
@public
def similar() -> ResponseReturnValue:
    """Show what already answers the sentence: a panel beside the form, or a page."""
    sentence = clean(request.args.get("sentence", ""))
    if problem := _problem_of(sentence):
        nothing = live.Live(_purpose().value, problem=problem)
        return render("posts/similar.html", status=400, live=nothing, sentence=sentence)
    mine = _find_mine(request.args.get("organisation", ""), current_person())
    with budget.spending():
        found = _live(sentence, _purpose(), mine)
    return render("posts/similar.html", live=found, sentence=sentence)


def _live(sentence: str, purpose: Purpose, mine: Organisation | None) -> live.Live:
    """Look near the place that the sentence names, else near one's organisation."""
    place = whereabouts.place_named_in(sentence) or (mine.place if mine else None)
    near = place.public_point if place else None
    return live.live(sentence, purpose, mine.id if mine else None, near=near)


def _problem_of_address() -> str:
    """Say what of a link to the first screen cannot be understood; the rest is in the form."""
    return _problem_of(clean(request.args.get("sentence", "")))


def _problem_of(sentence: str) -> str:
    """Say what of the question cannot be understood."""
    if len(sentence) > LONGEST_SENTENCE:
        return _("Une phrase suffit\u00a0: écrivez 400\u00a0caractères au plus.")
    if request.args.get("purpose", "need") not in {"need", "offer", ""}:
        return _("Choisissez besoin ou offre.")
    return unknown_words({"sentence", "purpose", "organisation"})


def _form(person: Person | None) -> ComposeForm:
    """Return the form as it was sent, else as it was begun: before sign-in, or by a link."""
    if request.method == "POST":
        form = ComposeForm(request.form)
    elif sent := kept.find():
        form = ComposeForm(sent)
    else:
        asked = {"purpose": request.args.get("purpose", ""),
                 "sentence": clean(request.args.get("sentence", "")),
                 "organisation": request.args.get("organisation", "")}  # fmt: skip
        form = ComposeForm(
            data={**asked, **drafts.kept()} if person or not asked["sentence"] else asked
        )
    mine = queries.organisations_of(person.id) if person else []
    choices = [(str(one.uuid), one.name) for one in mine]
    form.offer_organisations(choices, needs_name=person is not None and not mine)
    _recognise(form, mine)
    return form


def _recognise(form: ComposeForm, mine: list[Organisation]) -> None:
    """Choose one's own organisation when its name was typed before signing in."""
    for one in mine:
        if one.name_folded == fold(form.organisation_name.data or "")[:160]:
            form.organisation.data, form.organisation_name.data = str(one.uuid), ""


def _page(form: ComposeForm, person: Person | None) -> ResponseReturnValue:
    mine = _find_mine(form.organisation.data or "", person)
    purpose = _purpose(form.purpose.data)
    found = _live(form.sentence.data or "", purpose, mine)
    has_choice = form.offered[0].value != NEW
    problem = "" if request.method == "POST" else _problem_of_address()
    status = 422 if request.method == "POST" else 400 if problem else 200
    name = form.organisation_name.data if request.method == "POST" else ""
    alike = organisation_queries.find_namesake(name, by=person) if name and person else None
    return render(
        "posts/compose.html",
        status=status,
        form=form,
        live=found,
        problem=problem,
        has_choice=has_choice,
        alike=alike,
    )


def _found(form: ComposeForm, person: Person) -> Organisation:
    """Make the organisation that is named; one of almost that name is asked about first."""
    name = organisations.checked_name(form.organisation_name.data or "")
    known = None if form.different.data else organisation_queries.find_namesake(name, by=person)
    if known is not None:
        raise Invalid("name", _("Une organisation porte presque ce nom. Est-ce la vôtre ?"))
    doors.count_tries("organisation", (str(person.uuid), organisation_rules.FOUNDED))
    return organisations.create(name=name, by=person)


def _begin(form: ComposeForm, person: Person) -> Post:
    """Make the draft, and the organisation when it is a new one."""
    mine = _find_mine(form.organisation.data or "", person)
    if mine is None or form.organisation_name.data:
        mine = _found(form, person)
    sentence, purpose = form.sentence.data or "", _purpose(form.purpose.data)
    return services.draft(
        organisation=mine,
        by=person,
        values=drafts.first_values(sentence, purpose, mine),
        sentence=sentence,
        timezone=settings().timezone,
    )


def _find_mine(uuid: str, person: Person | None) -> Organisation | None:
    if person is None or uuid in {"", NEW}:
        return None
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    return next((one for one in queries.organisations_of(person.id) if one.uuid == wanted), None)


def _purpose(value: str | None = None) -> Purpose:
    said = value if value is not None else request.args.get("purpose", "")
    return Purpose.OFFER if said == Purpose.OFFER.value else Purpose.NEED
