"""The conditions of lines: which were agreed to, and asking anew when they changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from flask_babel import gettext as _

from board.answers import letters
from board.answers.models import Response, ResponseLine
from board.answers.rules import WAITING
from board.clock import now
from board.errors import Invalid
from board.posts.models import Line


def are_agreed(one: ResponseLine) -> bool:
    """Whether the conditions of a line, as they are now, were agreed to with it."""
    return not one.line.conditions or one.agreed_to == one.line.conditions


def missing(response: Response) -> list[ResponseLine]:
    """Return what of an answer has conditions that were not agreed to as they are now."""
    return [one for one in response.lines if not are_agreed(one)]


def mark_of(lines: Iterable[Line]) -> str:
    """Name the conditions that a page shows, to see whether they are still the same."""
    told = "\n".join(f"{line.uuid} {line.conditions}" for line in lines if line.conditions)
    return sha256(told.encode()).hexdigest()[:16] if told else ""


def check(lines: Sequence[Line], *, agrees: bool) -> None:
    """Refuse what has conditions and comes without a yes to them."""
    if any(line.conditions for line in lines) and not agrees:
        raise Invalid("agrees", _("Lisez les conditions, puis cochez la case."))


def check_shown(lines: Iterable[Line], shown: str) -> None:
    """Refuse a yes to conditions that changed while they were read."""
    if shown and shown != mark_of(lines):
        raise Invalid(
            "agrees", _("Les conditions viennent de changer. Relisez-les, puis acceptez.")
        )


def check_agreed(response: Response) -> None:
    """Nothing is promised on conditions that whoever answered never agreed to."""
    if missing(response):
        raise Invalid(
            "",
            _(
                "Les conditions ont changé depuis cette réponse. Elle pourra être acceptée dès que"
                " la personne aura dit oui aux nouvelles\u00a0: nous le lui avons demandé."
            ),
        )


def note_agreed(response: Response) -> None:
    """Write down to which conditions whoever answered said yes, and when."""
    for one in response.lines:
        one.agreed_to = one.line.conditions
    response.agreed_at, response.conditions_asked_at = now(), None


def ask_anew(response: Response) -> None:
    """Ask whoever waits for a yes to conditions that changed since; once until they said so."""
    asks = response.state in WAITING and response.conditions_asked_at is None
    if asks and missing(response):
        response.conditions_asked_at = now()
        letters.tell_answerer(response, "conditions")
