"""The shape of « Donner mes coordonnées »: which, why, until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms.validators import ValidationError

from board.accounts.forms import EmailField
from board.answers.rules import LONGEST_GIVEN, PHONE_MAX, WHY_MAX, is_phone
from board.clock import now
from board.posts import words
from board.posts.fields import Day, as_day, this_century
from board.web.forms import Form, MaxLength, Needed, Text


class MaybeEmail(EmailField):
    """An e-mail address, or none."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what no mail server would take."""
        if self.data:
            super().pre_validate(form)


class ContactsForm(Form):
    """Contacts that one side gives to the other; `sure` comes from the button that confirms."""

    sure = False

    contact_email = MaybeEmail(_l("Courriel à donner"))
    contact_phone = Text(_l("Téléphone à donner"), [MaxLength(PHONE_MAX)])
    contact_reason = Text(
        _l("Pour quoi"),
        [Needed(_l("Écrivez en quelques mots pour quoi, par exemple : convenir de l’heure."))
         , MaxLength(WHY_MAX)],
    )  # fmt: skip
    contact_until = Day(_l("Jusqu’au"), [this_century])

    def validate_contact_phone(self, field: Text) -> None:
        """A number that can be called, or an address beside it."""
        if field.data and not is_phone(field.data):
            raise ValidationError(_("Écrivez un numéro comme 514 555-0123."))
        if not field.data and not self.contact_email.data:
            raise ValidationError(_("Écrivez un courriel, un téléphone, ou les deux."))

    def validate_contact_until(self, field: Day) -> None:
        """A day that is still to come, within a year."""
        day, this_day = as_day(field.data), now().date()
        if day is not None and not this_day <= day + timedelta(1) <= this_day + LONGEST_GIVEN:
            raise ValidationError(_("Choisissez un jour à venir, dans l’année."))

    @property
    def last(self) -> Markup | str:
        """The last day, as people write it."""
        day = as_day(self.contact_until.data)
        return words.day(day, now().date()) if day else ""

    @property
    def given(self) -> dict[str, str]:
        """What is given."""
        typed = {"email": self.contact_email.address, "phone": self.contact_phone.data or ""}
        return {name: text for name, text in typed.items() if text}
