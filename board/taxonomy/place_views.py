"""Places over HTTP: the list under a field, and the form of a missing place."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.session import get_reader, signed_in
from board.errors import Invalid
from board.taxonomy import place_queries, place_services
from board.taxonomy.models import Place
from board.taxonomy.place_choice import the_place
from board.taxonomy.place_forms import AddPlaceForm
from board.web.access import public
from board.web.context import settings
from board.web.forms import clean
from board.web.rendering import done, render
from board.web.security import safe_path
from board.web.transactions import commits
from board.web.unknown import unknown_words

bp = Blueprint("places", __name__, url_prefix="/<language:language>/places")
LONGEST_QUESTION = 160


@bp.get("/suggest")
@public
def suggest() -> ResponseReturnValue:
    """Show the places that begin like what is typed: a list under a field, or a page."""
    field = request.args.get("field", "place")
    typed = clean(request.args.get(field, ""))
    problem = unknown_words({"field", field, "place"})
    if len(typed) > LONGEST_QUESTION:
        problem = _("C’est trop long pour un nom de lieu\u00a0: 160\u00a0caractères au plus.")
    asked = "" if problem else typed
    found = place_queries.suggest_places(asked, language=g.language, home=settings().country)
    status = 400 if problem else 200
    return render("taxonomy/places.html", status=status, typed=typed, suggestions=found,
                  problem=problem)  # fmt: skip


@bp.route("/add", methods=["GET", "POST"])
@signed_in
@commits
def add() -> ResponseReturnValue:
    """Add a place that the board lacks, then go back to where it was needed."""
    if request.method == "GET":
        name, target = clean(request.args.get("name", "")), safe_path(request.args.get("next"))
        return _form(AddPlaceForm(data={"name": name[:80], "next": target or ""}))
    form = AddPlaceForm(request.form)
    if not form.validate():
        return _form(form, status=422)
    try:
        place = _add(form)
    except Invalid as error:
        form.refuse(error)
        return _form(form, status=422)
    message = _("« %(place)s » est dans la liste des lieux.", place=place.label)
    return done(message, to=_back(form.next.data, place))


def _add(form: AddPlaceForm) -> Place:
    near = the_place(form.near.data or "", home=settings().country, field="near")
    return place_services.add_place(
        name=form.name.data or "", near=near, point=form.point, added_by=get_reader()
    )


def _form(form: AddPlaceForm, status: int = 200) -> ResponseReturnValue:
    return render("taxonomy/place_add.html", status=status, form=form)


def _back(target: str | None, place: Place) -> str:
    """Return the path that asked, told which place it is now about; else the list of places."""
    query = urlencode({"place": place.label})
    path = safe_path(target) or url_for("places.suggest")
    path = path.partition("#")[0]
    return f"{path}{'&' if '?' in path else '?'}{query}"
