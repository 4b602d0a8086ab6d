"""The shape of what people type about organisations; choices are passed in."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from board.accounts.forms import EmailField
from board.organisations.rules import (
    DESCRIPTION_MAX,
    NAME_MAX,
    WEBSITE_MAX,
    Role,
    website_of,
)
from board.web.forms import Form, LongText, MaxLength, Needed, Text

QUESTION_MAX = 100
PLACE_MAX = 160


class OrganisationForm(Form):
    """What an organisation says of itself; `restored` when a session ended on the way."""

    restored = False

    name = Text(
        _l("Nom de l’organisation"),
        [
            Needed(_l("Écrivez le nom de l’organisation, comme sur son affiche.")),
            MaxLength(NAME_MAX),
        ],
    )
    different = BooleanField(_l("Oui, c’est une autre organisation"))
    description = LongText(_l("Ce que vous faites"), [MaxLength(DESCRIPTION_MAX)])
    place = Text(_l("Lieu"), [MaxLength(PLACE_MAX)])
    website = Text(_l("Site Web"), [MaxLength(WEBSITE_MAX)])
    languages = SelectMultipleField(
        _l("Langues parlées"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    edit_version = HiddenField()
    was = HiddenField()
    clashes = HiddenField()

    def validate_website(self, field: Text) -> None:
        """An address of the web, nothing else."""
        if field.data and website_of(field.data) is None:
            raise ValidationError(_("Écrivez une adresse Web, par exemple https://exemple.org."))

    def validate_languages(self, field: SelectMultipleField) -> None:
        """People want to know in which language they can come."""
        if not field.data:
            raise ValidationError(_("Cochez au moins une langue."))

    @property
    def seen_version(self) -> int:
        """The version that the person had before them; 0 when the form does not say."""
        text = self.edit_version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class InviteForm(Form):
    """Who may come, and what they will do."""

    email = EmailField(_l("Adresse courriel"))
    role = RadioField(
        _l("Ce que la personne fera"),
        choices=[
            SelectChoice(Role.EDITOR.value, _l("Rédaction : écrit et suit les annonces")),
            SelectChoice(
                Role.RESPONSIBLE.value, _l("Responsable : gère aussi l’organisation et ses membres")
            ),
        ],
        default=Role.EDITOR.value,
    )


class RoleForm(Form):
    """Another role for a member."""

    role = RadioField(choices=[SelectChoice(role.value, role.value) for role in Role])


class DirectoryForm(Form):
    """What the directory is asked for."""

    q = Text(_l("Nom"), [MaxLength(QUESTION_MAX)])
    place = Text(_l("Lieu"), [MaxLength(PLACE_MAX)])
