"""A name that somebody typed is one place, or the person is asked which one."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from board.errors import Invalid
from board.taxonomy import place_queries
from board.taxonomy.models import Place


def the_place(typed: str, *, home: str, field: str = "place") -> Place:
    """Return the one place that a name means, or say which it could be."""
    meant = place_queries.places_called(typed, home=home)
    if len(meant) != 1:
        raise Invalid(field, which_place(meant))
    return meant[0]


def which_place(meant: Sequence[Place]) -> str:
    """Ask which of several places is meant; of none, say that the board does not know it."""
    if not meant:
        return _("Le babillard ne connaît pas ce lieu. Choisissez-en un de la liste.")
    names = "\u00a0; ".join(place.label for place in meant)
    return _(
        "Plusieurs lieux portent ce nom. Écrivez le vôtre en entier\u00a0: %(names)s.", names=names
    )
