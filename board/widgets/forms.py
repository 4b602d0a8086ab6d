"""The shape of what people set in the builder; choices are passed in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from board.posts.fields import Day
from board.web.forms import Form, LongText, MaxLength, Needed, Text
from board.widgets.rules import (
    MOST_SITES,
    PER_PAGE,
    TEXT_MAX,
    TITLE_MAX,
    Layout,
    Theme,
    colour_of,
    is_readable,
    site_of,
)

PAPER, INK = "#ffffff", "#17211c"
LAYOUTS = {
    Layout.CARDS: _l("Fiches"),
    Layout.LIST: _l("Liste"),
    Layout.COMPACT: _l("Compact, pour une colonne étroite"),
    Layout.MAP: _l("Carte et liste"),
    Layout.SINGLE: _l("Une seule annonce"),
    Layout.COUNTER: _l("Compteur : « 12 annonces »"),
}
THEMES = {
    Theme.AUTO: _l("Comme la page autour"),
    Theme.LIGHT: _l("Toujours clair"),
    Theme.DARK: _l("Toujours sombre"),
}
_LINE = re.compile(r"[\s,;]+")


def of_pairs(pairs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return choices of their values and words."""
    return [SelectChoice(value, label) for value, label in pairs]


def boxes(label: str) -> SelectMultipleField:
    """Several choices, as boxes."""
    return SelectMultipleField(
        label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )


class NameForm(Form):
    """A new widget needs a name, which is also its first title."""

    name = Text(
        _l("Titre du module"),
        [Needed(_l("Écrivez un titre, par exemple « Entraide à Matane ».")), MaxLength(TITLE_MAX)],
    )


class BuilderForm(Form):
    """Everything that a widget can be."""

    title = Text(
        _l("Titre"),
        [Needed(_l("Écrivez un titre : il nomme aussi le cadre pour qui ne le voit pas.")),
         MaxLength(TITLE_MAX)],
    )  # fmt: skip
    intro = LongText(_l("Phrase sous le titre"), [MaxLength(TEXT_MAX)])
    empty = Text(_l("Ce qui est dit quand il n’y a rien"), [MaxLength(TEXT_MAX)])
    layout = RadioField(_l("Disposition"), choices=of_pairs(LAYOUTS.items()))
    post = Text(_l("Adresse de l’annonce"), [MaxLength(300)])
    per_page = SelectField(
        _l("Annonces à la fois"), coerce=int, choices=of_pairs((n, str(n)) for n in PER_PAGE)
    )
    language = SelectField(_l("Langue"))
    heading_level = SelectField(
        _l("Niveau du titre dans votre page"),
        coerce=int,
        choices=of_pairs((n, f"h{n}") for n in range(1, 6)),
    )
    theme = SelectField(_l("Clair ou sombre"), choices=of_pairs(THEMES.items()))
    has_search = BooleanField(_l("Un champ pour chercher"))
    has_tabs = BooleanField(_l("Besoins et offres à part"))
    has_publish = BooleanField(_l("Un lien pour publier"))
    ground = Text(_l("Fond"), [MaxLength(7)])
    ink = Text(_l("Texte"), [MaxLength(7)])
    link = Text(_l("Liens et bouton"), [MaxLength(7)])

    q = Text(_l("Mots cherchés"), [MaxLength(200)])
    purpose = RadioField(_l("Besoins ou offres"))
    kind = boxes(_l("Genre"))
    basis = boxes(_l("Manière"))
    attendance = boxes(_l("Présence"))
    category = boxes(_l("Catégorie"))
    post_language = boxes(_l("Langue des annonces"))
    place = Text(_l("Autour d’un lieu"), [MaxLength(160)])
    radius_km = SelectField(_l("Distance"), coerce=int)
    tag = Text(_l("Mots-clés"), [MaxLength(400)])
    freshness = boxes(_l("Fraîcheur"))
    from_day = Day(_l("Du"))
    until_day = Day(_l("Au"))
    closed = BooleanField(_l("Aussi les annonces closes"))
    organisation = LongText(_l("Seulement ces organisations"), [MaxLength(2000)])
    without_tags = Text(_l("Sans ces mots-clés"), [MaxLength(400)])
    without_kinds = boxes(_l("Sans ces genres"))
    without_categories = boxes(_l("Sans ces catégories"))
    without_organisations = LongText(_l("Sans ces organisations"), [MaxLength(2000)])

    sites = LongText(_l("Sites où le module peut paraître"), [MaxLength(4000)])
    asks_nod = BooleanField(_l("Nous disons oui ou non à chaque annonce avant qu’elle paraisse"))
    welcome = LongText(_l("Organisations acceptées d’avance"), [MaxLength(2000)])
    edit_version = HiddenField()

    def validate_ground(self, field: Text) -> None:
        """The ground is a colour."""
        _colour(field)

    def validate_ink(self, field: Text) -> None:
        """The words can be read on the ground."""
        _readable(field, self.ground, _("Le texte ne se lirait pas sur ce fond\u00a0:"
                                        " prenez des couleurs plus différentes."))  # fmt: skip

    def validate_link(self, field: Text) -> None:
        """The links can be read on the ground."""
        _readable(field, self.ground, _("Les liens ne se liraient pas sur ce fond\u00a0:"
                                        " prenez des couleurs plus différentes."))  # fmt: skip

    def validate_sites(self, field: LongText) -> None:
        """Each is the address of a site."""
        typed = words_of(field.data)
        if len(typed) > MOST_SITES:
            raise ValidationError(_("Il y a trop de sites : %(n)s au plus.", n=MOST_SITES))
        for text in typed:
            if site_of(text) is None:
                raise ValidationError(
                    _("« %(text)s » n’est pas l’adresse d’un site, comme https://exemple.org.",
                      text=text[:60])
                )  # fmt: skip


def words_of(text: str | None) -> list[str]:
    """Return what was written one a line, or with commas between."""
    return [word for word in _LINE.split(text or "") if word]


def _colour(field: Text) -> str | None:
    if not field.data:
        return None
    colour = colour_of(field.data)
    if colour is None:
        raise ValidationError(_("Écrivez une couleur comme #1c3d32."))
    field.data = colour
    return colour


def _readable(field: Text, ground: Text, else_say: str) -> None:
    colour = _colour(field)
    paper = colour_of(ground.data or "") or PAPER
    if not is_readable(colour or INK, paper):
        raise ValidationError(else_say)
