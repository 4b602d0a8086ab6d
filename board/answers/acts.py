"""What each side may do with an answer: a verb for each button."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import g, request
from flask_babel import gettext as _

from board.accounts import doors
from board.accounts.session import get_reader
from board.answers import (
    blocking,
    deciding,
    disclosing,
    ledger,
    queries,
    reading,
    rules,
    services,
    shown,
    words,
)
from board.answers.access import Party
from board.answers.contact_forms import ContactsForm
from board.answers.disclosing import Gift
from board.answers.forms import BlockForm, DeclineForm, ReasonForm, SayForm, take_form
from board.answers.models import Message
from board.answers.rules import DECLINE_REASONS, WITHDRAW_REASONS, State
from board.clock import today
from board.contacts import find_contacts
from board.errors import Invalid
from board.matching import block_words
from board.posts.fields import as_day, as_number, as_uuid
from board.web.forms import Form


class Refused(Exception):
    """A form was not right: it is shown again under its name."""

    def __init__(self, name: str, form: Form, status: int = 422) -> None:
        super().__init__(name)
        self.name, self.form, self.status = name, form, status


def _too_soon_or_wrong(name: str, form: Form) -> Refused:
    """Return what is raised when a form was not taken: it was wrong, or came too often."""
    return Refused(name, form, 429 if g.pop("retry_after", None) else 422)


def _who_writes(party: Party) -> str:
    """Name a side whose tries are counted: a person, or a guest by their answer."""
    return str(party.person.uuid if party.person else party.response.uuid)


def contacts_form(party: Party) -> ContactsForm:
    """Return « Donner mes coordonnées » with the address of its reader, for a month."""
    known = party.person.email if party.person else party.response.guest_email
    last = today(party.response.post.timezone) + rules.GIVEN_FOR
    return ContactsForm(data={"contact_email": known, "contact_until": last.isoformat()})


def _review(party: Party) -> str:
    deciding.review(response=party.response, by=get_reader())
    return _("À l’étude. La personne sait que vous vous en occupez.")


def _accept(party: Party) -> str:
    takes = {name: take["title"] for name, take in shown.takes(party.response).items()}
    form = take_form(takes)(request.form)
    if not form.validate():
        raise Invalid("", form.problems[0][1])
    typed = {UUID(name[5:]): as_number(form[name].data) for name in takes if form[name].data}
    quantities = {uuid: n for uuid, n in typed.items() if n is not None}
    deciding.accept(response=party.response, by=get_reader(), quantities=quantities)
    return _("C’est oui : l’engagement est noté, et la personne le sait.")


def _reserve(party: Party) -> str:
    deciding.reserve(response=party.response, by=get_reader())
    return _("La réponse est en réserve, à son rang.")


def _decline(party: Party) -> str:
    form, by = DeclineForm(request.form).offer(DECLINE_REASONS), get_reader()
    word = form.word.data or ""

    def write() -> bool:
        if word:
            doors.count_tries("say", (str(by.uuid), rules.MESSAGES_BY_PERSON))
        deciding.decline(response=party.response, by=by, reason=form.chosen, text=word)
        return True

    if not doors.attempt(form, write):
        raise _too_soon_or_wrong("no", form)
    if find_contacts(word):
        return _("C’est non, avec votre raison. Votre mot est parti, ses coordonnées masquées.")
    return _("C’est non, avec votre raison. La personne l’apprend avec des remerciements.")


def _block(party: Party) -> str:
    form, response = BlockForm(request.form), party.response
    if not form.validate():
        raise Refused("block", form)
    name, stands = words.who(response), blocking.block(response=response, by=get_reader())
    if response.organisation is not None:
        return block_words.said(name, stands)
    return block_words.said_of_person(name)


def _done(party: Party) -> str:
    deciding.complete(response=party.response, by=get_reader())
    return _("C’est noté : c’est fait. Merci !")


def _no_show(party: Party) -> str:
    deciding.miss(response=party.response, by=get_reader())
    return _("C’est noté. Ce qui était promis est de nouveau libre.")


def _returned(party: Party) -> str:
    deciding.give_back(response=party.response, by=get_reader())
    return _("C’est revenu : cela peut repartir.")


def _withdraw(party: Party) -> str:
    form = ReasonForm(request.form).offer(WITHDRAW_REASONS)
    if not form.validate():
        raise Refused("no", form)
    services.withdraw(response=party.response, by=party.person, reason=form.chosen)
    return _("Votre réponse est retirée. L’organisation le sait.")


def _amend(party: Party) -> str:
    form = reading.form_for(party.response.post, party.response)
    said: list[str] = []

    def write() -> bool:
        got = reading.read(party.response.post, form, party.response)
        services.amend(response=party.response, wanted=got.wanted, by=party.person,
                       agrees=got.agrees)  # fmt: skip
        said.append(_promised(party) or _("Votre réponse est changée. L’organisation le sait."))
        return True

    if not doors.attempt(form, write):
        raise Refused("amending", form)
    return said[0]


def _agree(party: Party) -> str:
    shown_then = request.form.get("conditions", "")
    services.agree(response=party.response, by=party.person, shown=shown_then)
    return _promised(party) or _("Merci\u00a0: vous avez accepté les conditions.")


def _promised(party: Party) -> str:
    """Say that whoever comes first was served."""
    if party.response.state is not State.COMMITTED:
        return ""
    return _("C’est à vous\u00a0: vous étiez là en premier. L’organisation le sait.")


def _say(party: Party) -> str:
    form = SayForm(request.form)

    def write() -> bool:
        doors.count_tries("say", (_who_writes(party), rules.MESSAGES_BY_PERSON))
        response = queries.get_response(party.response.uuid)
        services.say(response=response, side=party.side, author=party.person,
                     body=form.body.data or "")  # fmt: skip
        return True

    if not doors.attempt(form, write):
        raise _too_soon_or_wrong("say", form)
    if find_contacts(form.body.data or ""):
        return _(
            "Votre message est parti, ses coordonnées masquées. Pour les donner, utilisez"
            " « Donner mes coordonnées »."
        )
    return _("Votre message est parti.")


def _release(party: Party) -> str:
    services.release(message=_held(party))
    return _("C’est bien de vous\u00a0: le message est parti.")


def _discard(party: Party) -> str:
    services.discard(message=_held(party))
    return _("Le message est effacé. Personne ne l’a lu.")


def _held(party: Party) -> Message:
    """Return the mail that waits for this reader's word; a guest's has no author."""
    return queries.get_held(party.response.id, as_uuid(request.form.get("message")), party.person)


def _give(party: Party) -> str:
    """First show what would be given to whom; give it once that was confirmed."""
    form = ContactsForm(request.form)

    def write() -> bool:
        if "sure" not in request.form:
            form.sure = True
            return False
        doors.count_tries("give", (_who_writes(party), rules.GIFTS_BY_PERSON))
        gift = Gift(form.given, form.contact_reason.data or "", as_day(form.contact_until.data))
        disclosing.give(response=party.response, side=party.side, by=party.person, gift=gift)
        return True

    if not doors.attempt(form, write):
        raise Refused("contacts", form, 200) if form.sure else _too_soon_or_wrong("contacts", form)
    return _("C’est donné. Vous pouvez reprendre vos coordonnées quand vous voulez.")


def _take_back(party: Party) -> str:
    uuid = as_uuid(request.form.get("given"))
    disclosing.take_back(ledger.of_side(party.response, uuid, party.side))
    return _("C’est repris : l’autre personne ne les voit plus ici.")


Verb = Callable[[Party], str]
_BOTH: dict[str, Verb] = {"say": _say, "release": _release, "discard": _discard,
                          "give": _give, "take_back": _take_back}  # fmt: skip
EDITOR_VERBS: dict[str, Verb] = {
    "review": _review,
    "accept": _accept,
    "reserve": _reserve,
    "decline": _decline,
    "block": _block,
    "done": _done,
    "no_show": _no_show,
    "returned": _returned,
    **_BOTH,
}
ANSWERER_VERBS: dict[str, Verb] = {"withdraw": _withdraw, "amend": _amend, "agree": _agree,
                                   **_BOTH}  # fmt: skip
