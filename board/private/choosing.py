"""What the forms of private lines offer, and how they show what is kept."""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names
from flask import g

from board.config import LANGUAGES
from board.organisations.words import language_choices
from board.posts.rules import Kind
from board.private.models import PrivateLine
from board.taxonomy import queries as taxonomy
from board.taxonomy.rules import Term

_OF_PEOPLE = {Kind.VOLUNTEER.value, Kind.KNOWLEDGE.value}


def skills() -> dict[str, list[tuple[str, str]]]:
    """Return what a volunteer may tick by group: the tasks first, then what one knows."""
    return {label: [(term.key, term.label) for term in terms] for label, terms in _groups()}


def skill_ids() -> dict[str, int]:
    """Return the concept of each."""
    return {term.key: term.id for _label, terms in _groups() for term in terms}


def languages() -> list[tuple[str, str]]:
    """Return the languages that needs are written in."""
    return [(code, name) for code, name in language_choices() if code in LANGUAGES]


def weekdays() -> list[tuple[str, str]]:
    """Return the days of the week, from Monday, 0."""
    names = get_day_names(locale=g.language)
    return [(str(day), str(names[day])) for day in range(7)]


def saved_window(line: PrivateLine) -> dict[str, Any]:
    """Return the days, the place and the title of a private line, as its form shows them."""
    return {
        "title": line.title,
        "place": line.place.label if line.place else "",
        "reach_km": "" if line.reach_km is None else str(line.reach_km),
        "needed_from": line.needed_from.isoformat() if line.needed_from else "",
        "needed_until": line.needed_until.isoformat() if line.needed_until else "",
        "paused": line.paused_at is not None,
    }


def _groups() -> list[tuple[str, list[Term]]]:
    """Volunteers do tasks, and share what they know: needs are asked in both."""
    found = [
        (branch.term, [term for term in (branch.term, *branch.narrower) if term.kind in _OF_PEOPLE])
        for branch in taxonomy.catalogue(g.language).tree
    ]
    found.sort(key=lambda group: group[0].kind != Kind.VOLUNTEER.value)
    return [(term.label, terms) for term, terms in found if terms]
