"""« Ce qui vous irait »: what a person could do, said to nobody, and the needs that fit it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import doors, kept
from board.accounts.kept import keeps_typed
from board.accounts.session import get_reader, signed_in
from board.errors import Invalid, NotFound
from board.matching.rules import Dismissal
from board.matching.wording import labels
from board.private import choosing, forms, queries, services, shown
from board.private.models import PrivateLine
from board.taxonomy import place_queries
from board.taxonomy.models import Place
from board.web import commits, done, render
from board.web.context import settings
from board.web.forms import submitted

bp = Blueprint("private", __name__, url_prefix="/<language:language>")


@bp.get("/account/suggestions")
@signed_in
def suggestions() -> ResponseReturnValue:
    """Show a person the needs that fit what they said, and why; to nobody else."""
    profile = queries.find_profile(get_reader())
    if profile is None:
        return render("private/no_profile.html")
    changed = queries.effects_of(profile)
    return render(
        "private/suggestions.html",
        profile=profile,
        found=shown.suggestions(profile, queries.for_person(get_reader(), profile)),
        reasons=shown.DISMISSALS,
        dismissed=shown.dismissed(profile),
        changed=changed,
        lowered=[labels(concepts) for concepts in sorted(changed.lowered)],
    )


@bp.route("/account/suggestions/profile", methods=["GET", "POST"])
@signed_in
@commits
@keeps_typed
def profile() -> ResponseReturnValue:
    """Say what one could do, where, when, and what never."""
    line = queries.find_profile(get_reader())
    form = _form(line)
    if doors.attempt(form, lambda: _keep(form)) is None:
        return doors.answer("private/profile.html", form, has_profile=line is not None)
    kept.forget()
    return done(_("C’est gardé, pour vous seul."), to=url_for("private.suggestions"))


@bp.post("/account/suggestions/forget")
@signed_in
@commits
def forget() -> ResponseReturnValue:
    """Forget all that a person said of what they could do."""
    services.forget_profile(person=get_reader())
    return done(_("Votre profil est effacé."), to=url_for("private.suggestions"))


@bp.post("/account/suggestions/<uuid:need>/dismiss")
@signed_in
@commits
def dismiss(need: UUID) -> ResponseReturnValue:
    """Set a need aside, with a reason."""
    line = _own()
    back = url_for("private.suggestions")
    if request.form.get("reason") not in set(Dismissal):
        return done(_("Choisissez une raison."), to=back, category="error")
    reason = Dismissal(request.form["reason"])
    services.dismiss(line=line, match=queries.get_match(line, need), reason=reason)
    return done(_("Ce besoin ne vous sera plus proposé."), to=back)


@bp.post("/account/suggestions/<uuid:need>/undo")
@signed_in
@commits
def undo(need: UUID) -> ResponseReturnValue:
    """Let a need be proposed again."""
    services.take_back(view=queries.get_view(_own(), need))
    return done(_("Ce besoin peut de nouveau vous être proposé."),
                to=url_for("private.suggestions"))  # fmt: skip


@bp.post("/account/suggestions/reset")
@signed_in
@commits
def reset() -> ResponseReturnValue:
    """Forget what dismissals changed."""
    services.forget_effects(line=_own())
    return done(_("Vos refus ne changent plus ce qui vous est proposé."),
                to=url_for("private.suggestions"))  # fmt: skip


def find_place(typed: str) -> Place | None:
    """Return the place that was typed, or refuse what the board does not know."""
    found = place_queries.find_place_by_text(typed, home=settings().country) if typed else None
    if typed and found is None:
        raise Invalid("place", _("Ce lieu n’est pas dans la liste."))
    return found


def _own() -> PrivateLine:
    line = queries.find_profile(get_reader())
    if line is None:
        raise NotFound
    return line


def _form(line: PrivateLine | None) -> forms.ProfileForm:
    sent = request.form if submitted() else kept.find()
    form = forms.ProfileForm(sent, data=_saved(line))
    form.skills.choices = choosing.skills()
    form.languages.choices = choosing.languages()
    form.weekdays.choices = choosing.weekdays()
    return form


def _saved(line: PrivateLine | None) -> dict[str, Any]:
    if line is None:
        return {"languages": [g.language]}
    return {
        **choosing.saved_window(line),
        "skills": [one.concept.key for one in line.concepts],
        "languages": [code for code in line.languages.split(",") if code],
        "weekdays": list(line.weekdays),
        "attendance": line.attendance.value if line.attendance else "",
        "never": line.never,
    }


def _keep(form: forms.ProfileForm) -> PrivateLine:
    place = find_place(form.place.data or "")
    about = form.about(choosing.skill_ids(), place, g.language)
    return services.keep_profile(person=get_reader(), about=about)
