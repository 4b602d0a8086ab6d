"""The shape of a report, a decision and an appeal; choices are passed in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import ValidationError

from board.accounts.forms import EmailField
from board.moderation.rules import TEXT_MAX, Rule, Verdict
from board.moderation.words import DECIDE, TITLES, WHAT_FOLLOWS
from board.posts.fields import choice
from board.web.forms import Form, LongText, MaxLength, Needed

RULES = [
    choice(rule.value, _l("%(n)s. %(title)s", n=rule.number, title=TITLES[rule])) for rule in Rule
]


class OptionalEmail(EmailField):
    """An address for whoever wants an answer."""

    def pre_validate(self, form: Any) -> None:
        """Nothing is an answer too."""
        if self.data:
            super().pre_validate(form)


class ReportForm(Form):
    """Which rule is broken, what happened, and where to write back."""

    rule = RadioField(_l("Quelle règle n’est pas suivie ?"), choices=RULES, validate_choice=False)
    text = LongText(_l("Ce que vous avez vu"), [MaxLength(TEXT_MAX)])
    email = OptionalEmail(_l("Votre courriel"))

    def validate_rule(self, field: RadioField) -> None:
        """A report cites a rule."""
        if field.data not in set(Rule):
            raise ValidationError(_("Choisissez la règle qui s’en approche le plus."))

    @property
    def cited(self) -> Rule:
        """The rule that was chosen."""
        return Rule(self.rule.data)


class DecideForm(Form):
    """What is decided, under which rule, and why."""

    offered: set[str]

    verdict = RadioField(_l("Que décidez-vous ?"), validate_choice=False)
    rule = SelectField(
        _l("Au nom de quelle règle ?"), choices=[choice("", "…"), *RULES], validate_choice=False
    )
    reason = LongText(
        _l("La raison, pour les personnes concernées"),
        [
            Needed(_l("Écrivez la raison : les personnes concernées la lisent.")),
            MaxLength(TEXT_MAX),
        ],
    )
    seen = HiddenField()

    def offer(self, verdicts: Sequence[Verdict]) -> None:
        """Say what may be decided, and what follows from each."""
        self.offered = {one.value for one in verdicts}
        self.verdict.choices = [
            choice(one.value, _("%(what)s. %(then)s", what=DECIDE[one], then=WHAT_FOLLOWS[one]))
            for one in verdicts
        ]

    def validate_verdict(self, field: RadioField) -> None:
        """One of what may be decided."""
        if field.data not in self.offered:
            raise ValidationError(_("Choisissez ce que vous décidez."))

    def validate_rule(self, field: SelectField) -> None:
        """A decision cites a rule."""
        if field.data not in set(Rule):
            raise ValidationError(_("Choisissez la règle que vous citez."))


class AppealForm(Form):
    """Why somebody should look again."""

    text = LongText(
        _l("Pourquoi faut-il regarder de nouveau ?"),
        [Needed(_l("Écrivez ce qui a changé, ou ce qui n’a pas été vu.")), MaxLength(TEXT_MAX)],
    )
