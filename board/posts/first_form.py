"""The shape of the first screen: need or offer, one sentence, in whose name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import BooleanField, RadioField, SelectField
from wtforms.validators import ValidationError

from board.posts.fields import choice, member
from board.posts.forms import PURPOSES
from board.posts.rules import Purpose
from board.web.forms import Form, LongText, MaxLength, Needed, Text

NEW = "new"


class ComposeForm(Form):
    """Need or offer, one sentence, in whose name; a name that is typed makes a new one."""

    offered: list[Any]
    needs_name: bool

    purpose = RadioField(_l("C’est…"), choices=PURPOSES, validate_choice=False)
    sentence = LongText(
        _l("En une phrase, de quoi s’agit-il ?"),
        [
            Needed(_l("Écrivez une phrase, par exemple « Nous cherchons 40 chaises ».")),
            MaxLength(400),
        ],
    )
    organisation = SelectField(_l("Au nom de"), validate_choice=False)
    organisation_name = Text(_l("Nom de votre organisation"), [MaxLength(120)])
    different = BooleanField(_l("Oui, c’est une autre organisation"))

    def offer_organisations(self, mine: Sequence[tuple[str, str]], needs_name: bool) -> None:
        """Let the person choose among their organisations; `needs_name` when they have none."""
        self.offered = [choice(*pair) for pair in mine] or [choice(NEW, _l("À créer ici"))]
        self.organisation.choices = self.offered
        self.needs_name = needs_name
        if not self.organisation.data:
            self.organisation.data = self.offered[0].value

    def validate_purpose(self, field: RadioField) -> None:
        """One or the other."""
        if member(Purpose, field.data) is None:
            raise ValidationError(_("Choisissez : un besoin, ou une offre."))

    def validate_organisation(self, field: SelectField) -> None:
        """Only in the name of one's own."""
        if field.data not in {one.value for one in self.offered}:
            raise ValidationError(_("Choisissez une de vos organisations."))

    def validate_organisation_name(self, field: Text) -> None:
        """A new organisation needs a name."""
        if self.needs_name and not field.data:
            raise ValidationError(
                _("Écrivez le nom de votre organisation, par exemple « Cuisine du Faubourg ».")
            )
