"""The shape of what people type about matching."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from board.accounts.forms import EmailField
from board.organisations.rules import NAME_MAX
from board.posts.fields import Number, choice
from board.posts.forms import LANGUAGES, MOST
from board.taxonomy.rules import LONGEST_LABEL
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


class LabelForm(Form):
    """One more word for a concept: choices are passed in."""

    text = Text(
        _l("Mot ou expression"),
        [Needed(_l("Écrivez un mot ou quelques-uns.")), MaxLength(LONGEST_LABEL)],
    )
    language = SelectField(_l("Langue"), choices=[choice(k, name) for k, name in LANGUAGES.items()])
    concept = SelectField(_l("Ce que c’est"), validators=[Needed(_l("Choisissez un terme."))])
    shown = BooleanField(_l("Montrer ce mot à la place du libellé actuel"))
