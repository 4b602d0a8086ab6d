"""Changing what an organisation says, also when two people do it at once: field by field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from board.accounts import kept
from board.errors import Invalid
from board.organisations import words
from board.organisations.forms import OrganisationForm
from board.organisations.models import Organisation
from board.web.forms import submitted

FIELDS = ("name", "description", "place", "website", "languages")
KEEP = "keep-"  # + a field: which of two texts to keep


@dataclass(frozen=True, slots=True)
class Choice:
    """One field that two people changed, as the page asks it; `chosen` is the answer so far."""

    key: str
    label: str
    mine: str
    theirs: str
    chosen: str


def came_back() -> MultiDict[str, str] | None:
    """Return what was typed here when a session ended on the way."""
    return None if submitted() or "saved" in request.args else kept.find()


def form_of(organisation: Organisation) -> OrganisationForm:
    """Return the form as it was sent, as it was kept, else as the organisation is."""
    back, saved = came_back(), _saved(organisation)
    typed = request.form if "edit_version" in request.form else back
    version = organisation.edit_version
    form = OrganisationForm(typed, data={**saved, "edit_version": version, "was": _text(saved)})
    form.languages.choices = words.language_choices()
    form.restored = back is not None
    return form


def merge(organisation: Organisation, form: OrganisationForm) -> None:
    """Bring both together in the form: only what both changed is still to choose."""
    was, saved, clashes = _began(form), _saved(organisation), []
    for name in FIELDS:
        mine, theirs = form[name].data, saved[name]
        if mine == theirs or (name in was and mine == was[name]):
            form[name].data = theirs
        elif name not in was or theirs != was[name]:
            clashes.append(name)
    form.edit_version.data = str(organisation.edit_version)
    form.was.data, form.clashes.data = _text(saved), " ".join(clashes)


def settle(organisation: Organisation, form: OrganisationForm) -> None:
    """Put what was chosen into the form, or say that something is still to choose."""
    saved, left = _saved(organisation), False
    for name in _open(organisation, form):
        choice = request.form.get(KEEP + name)
        if choice == "theirs":
            form[name].data = saved[name]
        left = left or choice not in {"mine", "theirs"}
    if left:
        raise Invalid("", _("Choisissez quel texte garder : le vôtre, ou l’autre."))


def choices_of(organisation: Organisation, form: OrganisationForm) -> list[Choice]:
    """Return what the form asks, with both texts."""
    saved = _saved(organisation)
    return [
        Choice(
            key=name,
            label=str(form[name].label.text),
            mine=_in_words(form[name].data),
            theirs=_in_words(saved[name]),
            chosen=request.form.get(KEEP + name, ""),
        )
        for name in _open(organisation, form)
    ]


def theirs(organisation: Organisation, form: OrganisationForm) -> list[tuple[str, str]]:
    """Return what is saved now, field by field."""
    saved = _saved(organisation)
    return [(str(form[name].label.text), _in_words(saved[name])) for name in FIELDS]


def _open(organisation: Organisation, form: OrganisationForm) -> list[str]:
    """Return the fields that clashed and still say two things."""
    saved, asked = _saved(organisation), (form.clashes.data or "").split()
    return [name for name in FIELDS if name in asked and form[name].data != saved[name]]


def _saved(organisation: Organisation) -> dict[str, Any]:
    return {
        "name": organisation.name,
        "description": organisation.description_md,
        "place": organisation.place.label if organisation.place else "",
        "website": organisation.website or "",
        "languages": [code for code in organisation.languages.split(",") if code],
    }


def _text(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _began(form: OrganisationForm) -> dict[str, Any]:
    """Return what the page said before anything was typed, as far as the form still knows."""
    try:
        was = json.loads(form.was.data or "")
    except (ValueError, RecursionError):
        return {}
    return was if isinstance(was, dict) else {}


def _in_words(value: str | list[str] | None) -> str:
    return ", ".join(words.language_names(value)) if isinstance(value, list) else value or ""
