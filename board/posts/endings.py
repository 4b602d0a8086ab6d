"""How a post ended, in words that fit: only what was found is called complete."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from board.posts import words
from board.posts.rules import Outcome, Purpose, State

FOUND = frozenset({Outcome.MET_HERE, Outcome.MET_ELSEWHERE})
MARKS = {
    Outcome.MET_HERE: lazy_gettext("Complet, merci"),
    Outcome.MET_ELSEWHERE: lazy_gettext("Comblé autrement"),
    Outcome.PARTLY_MET: lazy_gettext("Comblé en partie"),
    Outcome.NO_ONE_CAME_FORWARD: lazy_gettext("Restée sans réponse"),
    Outcome.NO_LONGER_NEEDED: lazy_gettext("Plus nécessaire"),
    Outcome.DID_NOT_HAPPEN: lazy_gettext("N’a pas eu lieu"),
}
SAID = {
    Outcome.MET_ELSEWHERE: lazy_gettext("Cette annonce est close : comblée autrement."),
    Outcome.PARTLY_MET: lazy_gettext("Cette annonce est close : comblée en partie."),
    Outcome.NO_ONE_CAME_FORWARD: lazy_gettext(
        "Cette annonce est close : personne ne s’est proposé."
    ),
    Outcome.NO_LONGER_NEEDED: lazy_gettext("Cette annonce est close : elle n’est plus nécessaire."),
    Outcome.DID_NOT_HAPPEN: lazy_gettext("Cette annonce est close : cela n’a pas eu lieu."),
}
NOTED = {
    Outcome.MET_HERE: lazy_gettext("C’est noté : complet, merci."),
    Outcome.MET_ELSEWHERE: lazy_gettext("C’est noté : comblé autrement. L’annonce est close."),
    Outcome.PARTLY_MET: lazy_gettext("C’est noté : comblé en partie. L’annonce est close."),
    Outcome.NO_ONE_CAME_FORWARD: lazy_gettext(
        "C’est noté : personne ne s’est proposé. L’annonce est close, vous pourrez la rouvrir."
    ),
    Outcome.NO_LONGER_NEEDED: lazy_gettext("C’est noté : plus nécessaire. L’annonce est close."),
    Outcome.DID_NOT_HAPPEN: lazy_gettext("C’est noté : cela n’a pas eu lieu. L’annonce est close."),
}


def of(post: Any) -> Outcome | None:
    """Return how its author said that it ended; None while it stands, or when all was taken."""
    return post.outcome if post.met_at is not None else None


def mark(post: Any, state: State) -> str | None:
    """Return the word that takes the place of « Besoin » on what is over; None while open."""
    outcome = of(post)
    if state is State.MET and outcome is not None:
        return str(MARKS[outcome])
    return str(words.STATES[state]) if state in words.STATES else None


def banner(post: Any) -> str:
    """Say above a post that is met what became of it."""
    outcome = of(post)
    if outcome in SAID:
        return str(SAID[outcome])
    if post.purpose is Purpose.NEED:
        return _("Complet, merci : il ne reste rien à trouver ici.")
    return _("Complet, merci : il ne reste rien à prendre ici.")


def quantity(post: Any, total: int | None, unit: str | None) -> str | None:
    """Say the quantity of a post that its author ended; None when the gauge still tells it."""
    outcome = of(post)
    if outcome is None or total is None:
        return None
    if outcome in FOUND:
        return words.quantity_words(post.purpose, total, 0, unit)
    what = f"{total}\u00a0{unit}" if unit else str(total)
    return _("%(what)s en tout", what=what)
