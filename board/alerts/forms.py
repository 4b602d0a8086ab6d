"""What people choose about notices and kept searches."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from board.accounts.forms import EmailField
from board.alerts.rules import DEFAULTS, NoticeKind, Rhythm
from board.web.forms import Form

RHYTHMS = {
    Rhythm.AT_ONCE: _l("Tout de suite"),
    Rhythm.DAILY: _l("Une fois par jour"),
    Rhythm.WEEKLY: _l("Une fois par semaine"),
    Rhythm.NEVER: _l("Jamais"),
}
KINDS = {
    NoticeKind.ANSWERS: _l("Les réponses à mes annonces, et la suite donnée aux miennes"),
    NoticeKind.MESSAGES: _l("Les messages des conversations"),
    NoticeKind.OUTCOMES: _l("«\u00a0Comment cela s’est-il terminé\u00a0?\u00a0»"),
    NoticeKind.MATCHES: _l("Les jumelages proposés"),
}
# Above each kind in a digest that holds several.
HEADINGS = {
    NoticeKind.ANSWERS: _l("Réponses"),
    NoticeKind.MESSAGES: _l("Conversations"),
    NoticeKind.OUTCOMES: _l("«\u00a0Comment cela s’est-il terminé\u00a0?\u00a0»"),
    NoticeKind.MATCHES: _l("Jumelages"),
    NoticeKind.SEARCHES: _l("Recherches gardées"),
}
NO_HOUR = "none"


def rhythm_choices(*, never: bool) -> list[SelectChoice]:
    """Return the rhythms, with or without « never »."""
    return [
        SelectChoice(value=rhythm.value, label=str(label))
        for rhythm, label in RHYTHMS.items()
        if never or rhythm is not Rhythm.NEVER
    ]


class FollowForm(Form):
    """Keep a search: how often to hear of it."""

    rhythm = SelectField(_l("Quand vous écrire"), choices=lambda: rhythm_choices(never=False),
                         default=Rhythm.DAILY.value)  # fmt: skip


class GuestFollowForm(FollowForm):
    """Keep a search without an account: where to write."""

    email = EmailField(_l("Votre adresse courriel"))


class SearchForm(Form):
    """Another rhythm for a kept search."""

    rhythm = SelectField(_l("Rythme"), choices=lambda: rhythm_choices(never=True))


def name_of(kind: NoticeKind) -> str:
    """Name the field of a kind; a form's field named « matches » would hide what browsers have."""
    return f"hear_{kind.value}"


def _hours() -> list[SelectChoice]:
    return [SelectChoice(value=NO_HOUR, label="—")] + [
        SelectChoice(value=str(hour), label=f"{hour}\u00a0h") for hour in range(24)
    ]


class NoticesForm(Form):
    """How often to hear of each kind, and when not at all."""

    quiet_from = SelectField(_l("De"), choices=_hours, default=NO_HOUR)
    quiet_until = SelectField(_l("À"), choices=_hours, default=NO_HOUR)


def _add_kinds(form: type[Any]) -> None:
    for kind, label in KINDS.items():
        setattr(form, name_of(kind), SelectField(label, default=DEFAULTS[kind].value,
                choices=lambda: rhythm_choices(never=True)))  # fmt: skip


_add_kinds(NoticesForm)
