"""The shape of an answer and of what is done with one; lines and choices are passed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import ValidationError

from board.accounts.forms import EmailField
from board.accounts.rules import NAME_MAX
from board.answers.rules import CAP_MAX, MESSAGE_MAX, QUANTITY_MAX, Reason
from board.answers.words import REASONS
from board.contacts import find_contacts
from board.organisations.rules import holds_link
from board.posts.fields import Day, Number, as_day, as_number, choice, this_century
from board.posts.rules import Outcome
from board.web.forms import Form, LongText, MaxLength, Needed, Text

_A_NUMBER = _l("Écrivez un nombre de %(least)s à %(most)s, par exemple 12.")
NUMBER = Number(0, QUANTITY_MAX, _A_NUMBER)


class AnswerForm(Form):
    """What of which lines, for which days, with which words; who answers comes beside it."""

    counted: Mapping[str, str] = {}  # field name → title of a line of which one takes a number
    ticked: Mapping[str, str] = {}  # field name → title of a line that one takes or not

    must_agree = False  # whatever is chosen has conditions
    response: Any = None  # what became of it
    offers_reserve = False  # somebody was first

    everything = BooleanField(_l("Tout ce qui reste"))
    first = Day(_l("Du"), [this_century])
    last = Day(_l("Au"), [this_century])
    message = LongText(_l("Votre message"), [MaxLength(MESSAGE_MAX)])
    agrees = BooleanField(_l("J’ai lu les conditions et je les accepte."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Say all that is missing at once: nothing chosen and unread conditions, too."""
        is_right = super().validate(extra_validators)
        return all([is_right, self._chooses(), self._has_agreed()])

    def _chooses(self) -> bool:
        lines = self.lines
        if not lines or self.everything.data or any(one.errors for one in lines):
            return True
        if self.quantities():
            return True
        lines[0].errors = [_("Choisissez au moins un élément, et combien.")]
        return False

    def _has_agreed(self) -> bool:
        if self.must_agree and not self.agrees.data:
            self.agrees.errors = [_("Lisez les conditions, puis cochez la case.")]
            return False
        return True

    def validate_last(self, field: Day) -> None:
        """Days come in their order."""
        first, last = as_day(self.first.data), as_day(field.data)
        if first is not None and last is not None and last < first:
            raise ValidationError(_("Le dernier jour vient après le premier."))

    def quantities(self) -> dict[str, int]:
        """Return how many of each line are wanted, by field name."""
        found = {name: as_number(self[name].data) or 0 for name in self.counted}
        found |= {name: int(bool(self[name].data)) for name in self.ticked}
        return {name: n for name, n in found.items() if n}

    @property
    def lines(self) -> list[Any]:
        """The fields of the lines, in the author's order."""
        return [field for field in self if field.name.startswith("line-")]


class SignedForm(AnswerForm):
    """The answer of somebody signed in, for themselves or for an organisation."""

    speaks_for = SelectField(_l("Au nom de"), validate_choice=False)


class GuestForm(AnswerForm):
    """The answer of somebody without an account: a name, and an address that is confirmed."""

    name = Text(
        _l("Votre nom"),
        [Needed(_l("Écrivez votre nom, comme on vous appelle.")), MaxLength(NAME_MAX)],
    )
    email = EmailField(_l("Votre courriel"))

    def validate_name(self, field: Text) -> None:
        """A name can be read, and tells no contacts: they are given by an act of their own."""
        name = field.data or ""
        if find_contacts(name) or holds_link(name) or not any(c.isalnum() for c in name):
            raise ValidationError(
                _("Écrivez votre nom seul. Vos coordonnées, vous les donnerez si vous le voulez.")
            )


def answer_form(
    base: type[AnswerForm], counted: Mapping[str, str], ticked: Mapping[str, str]
) -> type[AnswerForm]:
    """Return the form of one post: a number or a box for each of its lines."""
    fields: dict[str, Any] = {"counted": counted, "ticked": ticked}
    fields |= {name: Text(title, [NUMBER]) for name, title in counted.items()}
    fields |= {name: BooleanField(title) for name, title in ticked.items()}
    return type("PostAnswerForm", (base,), fields)


class SayForm(Form):
    """Something to say in the conversation."""

    body = LongText(
        _l("Votre message"),
        [Needed(_l("Écrivez votre message, puis envoyez-le.")), MaxLength(MESSAGE_MAX)],
    )


class ReasonForm(Form):
    """A no, with its reason."""

    offered: Sequence[Reason] = ()

    reason = RadioField(_l("Pourquoi ?"), validate_choice=False)

    def offer(self, reasons: Sequence[Reason]) -> Self:
        """Say which reasons there are."""
        self.offered = reasons
        self.reason.choices = [choice(one.value, REASONS[one]) for one in reasons]
        return self

    def validate_reason(self, field: RadioField) -> None:
        """One of the reasons offered."""
        if field.data not in set(self.offered):
            raise ValidationError(_("Choisissez une raison : l’autre personne la lira."))

    @property
    def chosen(self) -> Reason:
        """The reason that was chosen."""
        return Reason(self.reason.data)


class BlockForm(Form):
    """« Bloquer », said twice: the button, and that one means it."""

    block_sure = BooleanField(_l("Oui, je veux la bloquer."))

    def validate_block_sure(self, field: BooleanField) -> None:
        """Nobody is blocked by one press."""
        if not field.data:
            raise ValidationError(_("Cochez la case pour confirmer."))


class DeclineForm(ReasonForm):
    """A no of an organisation: a word of its own may come with the reason."""

    word = LongText(_l("Un mot de votre part"), [MaxLength(MESSAGE_MAX)])


class OutcomeForm(Form):
    """How it ended."""

    offered: Sequence[str] = ()

    outcome = RadioField(_l("Comment cela s’est-il passé\u00a0?"), validate_choice=False)

    def offer(self, labels: Mapping[Outcome, Any]) -> OutcomeForm:
        """Say how it can have ended."""
        self.offered = [code.value for code in labels]
        self.outcome.choices = [choice(code.value, label) for code, label in labels.items()]
        return self

    def validate_outcome(self, field: RadioField) -> None:
        """One of what was offered."""
        if field.data not in self.offered:
            raise ValidationError(_("Choisissez comment cela s’est terminé."))

    @property
    def chosen(self) -> Outcome:
        """How it ended."""
        return Outcome(self.outcome.data)


def take_form(fields: Mapping[str, str]) -> type[Form]:
    """Return the form of a yes: how many of each line are promised."""
    made = {name: Text(title, [NUMBER]) for name, title in fields.items()}
    return type("TakeForm", (Form,), made)


class ReceptionForm(Form):
    """How a post takes answers."""

    cap = Text(
        _l("Arrêter à"),
        [Number(1, CAP_MAX, _l("Écrivez un nombre de %(least)s à %(most)s, par exemple 8."))],
    )
