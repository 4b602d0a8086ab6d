"""The shape of what people type about matching."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from board.accounts.forms import EmailField
from board.organisations.rules import NAME_MAX
from board.posts.fields import Number
from board.posts.forms import MOST
from board.web.forms import Form, MaxLength, Needed, Text


class BlockOrganisationForm(Form):
    """Which organisation is blocked: by its name."""

    name = Text(
        _l("Nom de l’organisation"),
        [Needed(_l("Écrivez le nom d’une organisation.")), MaxLength(NAME_MAX)],
    )


class BlockPersonForm(Form):
    """Who is blocked: by their address."""

    email = EmailField(_l("Adresse courriel de la personne"))


class JoinForm(Form):
    """For which organisation, and how much of it: choices are passed in."""

    organisation = RadioField(_l("Pour quelle organisation"))
    quantity = Text(
        _l("Combien vous en faut-il\u00a0?"),
        [Number(1, MOST,
                _l("Écrivez un nombre entier de %(least)s à %(most)s, par exemple 12."))],
    )  # fmt: skip
