"""The shape of what people type about their account."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField
from wtforms.fields import Field
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import EmailInput

from board.accounts.rules import (
    EMAIL_MAX,
    NAME_MAX,
    PASSWORD_MAX,
    PASSWORD_MIN,
    PasswordFault,
    is_unreadable,
    password_fault,
)
from board.web.context import LANGUAGE_NAMES
from board.web.forms import Form, MaxLength, Needed, Text


class EmailField(Text):
    """An e-mail address: what was typed stays in `data`, the address proper is `address`."""

    widget = EmailInput()
    address = ""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Refuse what no mail server would take, with a sentence that shows one that works."""
        if not self.data:
            raise StopValidation(_("Écrivez une adresse courriel, comme prenom@exemple.org."))
        typed = (self.raw_data or [""])[0].strip()
        try:
            if is_unreadable(typed) or len(typed) > EMAIL_MAX:
                raise EmailNotValidError
            found = validate_email(self.data, check_deliverability=False, allow_smtputf8=False)
        except EmailNotValidError:
            raise StopValidation(
                _(
                    "Cette adresse ne peut pas recevoir de courriel. "
                    "Vérifiez-la : prenom@exemple.org."
                )
            ) from None
        self.address = found.ascii_email or found.normalized


class Password(PasswordField):
    """A password exactly as typed."""

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        """Refuse one that is missing, or that could never be anybody's."""
        if not self.data:
            raise StopValidation(_("Écrivez votre mot de passe."))
        if len(self.data) > PASSWORD_MAX:
            raise StopValidation(too_long())
        if is_unreadable(self.data):
            raise StopValidation(_("Le mot de passe contient un caractère qui ne se lit pas."))


def too_long() -> str:
    """Say how long a password may be."""
    said: str = _("C’est trop long : %(limit)s\u00a0caractères au plus.", limit=PASSWORD_MAX)
    return said


class GoodPassword:
    """Refuse a password that somebody would guess."""

    field_flags = {"maxlength": PASSWORD_MAX}  # noqa: RUF012

    def __call__(self, form: Any, field: Field) -> None:
        """Say what is wrong with it, and what to do."""
        email = form.email.data if "email" in form else form.owner
        sentences = {
            PasswordFault.SHORT: _(
                "C’est trop court : %(least)s\u00a0caractères au moins."
                " Une petite phrase convient.",
                least=PASSWORD_MIN,
            ),
            PasswordFault.LONG: too_long(),
            PasswordFault.UNREADABLE: _("Le mot de passe contient un caractère qui ne se lit pas."),
            PasswordFault.EMAIL: _("Votre adresse ne peut pas servir de mot de passe."),
            PasswordFault.COMMON: _(
                "Ce mot de passe se devine trop vite. Une petite phrase convient."
            ),
        }
        if fault := password_fault(field.data or "", email=email or ""):
            raise ValidationError(sentences[fault])


def _name() -> Text:
    return Text(
        _l("Votre nom"),
        validators=[
            Needed(_l("Écrivez votre nom, ou celui qu’on vous donne.")),
            MaxLength(NAME_MAX),
        ],
    )


class SignInForm(Form):
    """Who comes back."""

    email = EmailField(_l("Adresse courriel"))
    password = Password(_l("Mot de passe"))


class SignUpForm(Form):
    """Who comes for the first time."""

    name = _name()
    email = EmailField(_l("Adresse courriel"))
    password = Password(_l("Mot de passe"), validators=[GoodPassword()])
    terms = BooleanField(
        _l("J’accepte les conditions"),
        validators=[Needed(_l("Pour avoir un compte, il faut accepter les conditions."))],
    )


class ConfirmForm(Form):
    """Whose account an address is confirmed for."""

    password = Password(_l("Mot de passe"))


class ForgotForm(Form):
    """Whose password is lost."""

    email = EmailField(_l("Adresse courriel"))


class ResetForm(Form):
    """Another password, by a link; `owner` is the address that it must not repeat."""

    owner = ""

    password = Password(_l("Nouveau mot de passe"), validators=[GoodPassword()])


class ProfileForm(Form):
    """What the person is called, and the language of their mail."""

    name = _name()
    language = SelectField(
        _l("Langue de vos courriels"),
        choices=[SelectChoice(code, label) for code, label in LANGUAGE_NAMES.items()],
    )


class NewEmailForm(Form):
    """Another address."""

    email = EmailField(_l("Nouvelle adresse courriel"))
    password = Password(_l("Mot de passe actuel"))


class NewPasswordForm(Form):
    """Another password, by who knows the present one; `owner` is their address."""

    owner = ""

    current_password = Password(_l("Mot de passe actuel"))
    new_password = Password(_l("Nouveau mot de passe"), validators=[GoodPassword()])


class EraseForm(Form):
    """The last word."""

    password = Password(_l("Mot de passe"))
