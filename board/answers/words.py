"""The words that readers see for answers; each takes the page's language."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from board.answers.calendar import Step
from board.answers.models import Response, ResponseLine
from board.answers.rules import Actor, Reason, State, has_ended, may_amend
from board.clock import today
from board.posts import cards
from board.posts import words as post_words
from board.posts.models import Line
from board.posts.rules import AnswersBand, Outcome, Purpose, is_active
from board.web.context import settings

STATES = {
    State.RECEIVED: _l("Reçue"),
    State.IN_REVIEW: _l("À l’étude"),
    State.RESERVE: _l("En réserve"),
    State.COMMITTED: _l("Acceptée"),
    State.DONE: _l("Réalisée"),
    State.DECLINED: _l("Refusée"),
    State.WITHDRAWN: _l("Retirée"),
    State.RELEASED: _l("Libérée"),
    State.NO_SHOW: _l("Personne n’est venu"),
}
REASONS = {
    Reason.DOES_NOT_FIT: _l("cela ne convient pas"),
    Reason.DATES: _l("les dates ne vont pas"),
    Reason.ALREADY_MET: _l("c’est déjà comblé"),
    Reason.NOT_AVAILABLE: _l("plus disponible"),
    Reason.TOO_FAR: _l("trop loin"),
    Reason.NO_REPLY: _l("pas de réponse"),
    Reason.OTHER: _l("autre raison"),
}
OUTCOMES = {
    Outcome.MET_HERE: _l("c’est fait, comme convenu"),
    Outcome.PARTLY_MET: _l("en partie"),
    Outcome.DID_NOT_HAPPEN: _l("cela n’a pas eu lieu"),
}
BANDS = {
    AnswersBand.NONE: _l("Personne n’a encore répondu."),
    AnswersBand.SOME: _l("Il y a déjà des réponses."),
    AnswersBand.FULL: _l("Réponses à l’étude : l’organisation en a reçu assez pour l’instant."),
}
ACTORS = {
    Actor.EDITOR: _l("l’organisation"),
    Actor.ANSWERER: _l("qui a répondu"),
    Actor.BOARD: _l("le babillard"),
}
# Why a mail comes whatever its reader chose (`rules.weight`).
_PROMISE = _l("Ce courriel arrive toujours\u00a0: quelqu’un compte sur ce qui est convenu.")
_WAITS = _l("Ce courriel arrive toujours\u00a0: quelqu’un attend un mot de votre organisation.")
_LAST = _l("Ce courriel arrive toujours\u00a0: c’est le dernier mot que vous attendiez.")
WHY = {
    "new": _PROMISE,
    "moved_up": _PROMISE,
    "committed": _PROMISE,
    "contacts": _l("Ce courriel arrive toujours\u00a0: des coordonnées vous sont données."),
    "sent": _l("Ce courriel arrive toujours\u00a0: il porte votre lien, le seul qui mène ici."),
    "declined": _LAST,
    "closed": _LAST,
    "gone": _LAST,
    "released": _LAST,
    "withdrawn": _l(
        "Ce courriel arrive toujours\u00a0: vous comptiez peut-être sur cette réponse."
    ),
    "nudge": _WAITS,
    "handed": _WAITS,
    "last_nudge": _WAITS,
}
SHORTENED = _l("Ce courriel était trop long\u00a0: la suite n’a pas été gardée.")
_TO_EDITORS = {
    Step.DECIDE: _l("À décider d’ici {day}\u00a0: un oui, un non ou la réserve."),
    Step.NUDGE: _l("À répondre d’ici {day}."),
    Step.HAND_OVER: _l("Sans un mot d’ici {day}, quelqu’un d’autre prend le relais."),
    Step.RELEASE: _l("Sans un mot d’ici {day}, cette réponse est libérée, avec des excuses."),
}
_TO_ANSWERERS = {
    Step.DECIDE: _l("Un oui ou un non est attendu d’ici {day}."),
    Step.NUDGE: _l("Réponse attendue d’ici {day}."),
    Step.HAND_OVER: _l("Nous avons relancé l’organisation. Réponse attendue d’ici {day}."),
    Step.RELEASE: _l(
        "Quelqu’un d’autre prend le relais. Sans un mot d’ici {day}, vous êtes libre."
    ),
}


def day_text(day: date) -> str:
    """Write a day for a mail, with its name: « mardi 1er décembre »."""
    return str(named_day(day).striptags())


def named_day(day: date) -> Markup:
    """Write a day with its name: « mardi 1er décembre »."""
    written = post_words.day(day, today(settings().timezone))
    named = escape(_("%(weekday)s\u00a0%(day)s", weekday="{}", day="{}"))
    return named.format(format_date(day, "EEEE"), written)


def expected(step: Step, day: date, *, edits: bool) -> Markup:
    """Say until when a word is expected, and what comes then, to either side."""
    said = (_TO_EDITORS if edits else _TO_ANSWERERS)[step]
    return escape(str(said)).format(day=named_day(day))


def in_reserve(since: datetime, *, edits: bool) -> Markup:
    """Say since when somebody waits in the reserve, and that nothing binds them."""
    said = (
        _("En réserve depuis le {day}. La personne attend\u00a0; un non la libère.") if edits
        else _("En réserve depuis le {day}. Nous vous écrivons dès qu’une place se libère\u00a0;"
               " d’ici là, vous n’êtes tenu à rien.")
    )  # fmt: skip
    this_day = today(settings().timezone)
    local = since.astimezone(ZoneInfo(settings().timezone)).date()
    return escape(said).format(day=post_words.day(local, this_day))


def who(response: Response) -> str:
    """Name whoever answered; contacts in a name are masked as those in a message are."""
    if response.organisation is not None:
        return response.organisation.name
    name = response.person.name if response.person is not None else response.guest_name
    return cards.masked(name or "") or _("Une personne")


def lead(response: Response, *, edits: bool) -> str:
    """Say what its reader may still do with an answer, before the address where that is done."""
    if has_ended(response.state):
        return _("Voir la réponse\u00a0:") if edits else _("Revoir votre réponse\u00a0:")
    if edits:
        return _("Voir la réponse, et y répondre\u00a0:")
    if may_amend(response.state):
        return _("Suivre votre réponse, la changer ou la retirer\u00a0:")
    return _("Suivre votre réponse, ou la retirer\u00a0:")


def lines_of(response: Response) -> list[str]:
    """Say what an answer asks for, one sentence a line."""
    return [_asked(response, one) for one in response.lines]


def agreed_of(response: Response) -> list[str]:
    """Say what of it was agreed and stands, each with its days."""
    found = []
    for one in response.lines:
        agreed: dict[tuple[date | None, date | None], int] = {}
        for each in one.commitments:
            if each.released_at is None:
                days = (each.needed_from, each.needed_until)
                agreed[days] = agreed.get(days, 0) + each.quantity
        found += [_promised(response, one, n, *days) for days, n in agreed.items() if n]
    return found


def more_than_answered(one: ResponseLine) -> str:
    """Say that nobody is bound to more than they said."""
    return ngettext(
        "%(line)s\u00a0: la réponse est de %(num)s. Vous ne pouvez pas en accepter davantage\u00a0;"
        " demandez-le dans la conversation.",
        "%(line)s\u00a0: la réponse est de %(num)s. Vous ne pouvez pas en accepter davantage\u00a0;"
        " demandez-le dans la conversation.",
        one.quantity,
        line=cards.masked(one.line.title),
    )


def not_left(line: Line, there: int) -> str:
    """Say how much of a line is left, and whether somebody else has the rest."""
    if not is_active(line):
        return _("%(line)s\u00a0: cet élément est clos.", line=cards.masked(line.title))
    if there == line.quantity:
        return _("%(line)s\u00a0: il n’y en a que %(n)s.", line=cards.masked(line.title), n=there)
    if there == 0:
        return _("Il n’en reste plus\u00a0: quelqu’un d’autre l’a eu entre-temps."
                 " Vous pouvez mettre cette réponse en réserve.")  # fmt: skip
    return ngettext(
        "Il n’en reste que %(num)s\u00a0: quelqu’un d’autre l’a eu entre-temps."
        " Vous pouvez mettre cette réponse en réserve.",
        "Il n’en reste que %(num)s\u00a0: quelqu’un d’autre l’a eu entre-temps."
        " Vous pouvez mettre cette réponse en réserve.",
        there,
    )


def _asked(response: Response, one: ResponseLine) -> str:
    named = _named(one, one.quantity)
    days = _days(response, Purpose.OFFER, one.needed_from, one.needed_until)
    return _("%(what)s, %(days)s", what=named, days=days) if days else named


def _promised(response: Response, one: ResponseLine, n: int, first: date | None,
              last: date | None) -> str:  # fmt: skip
    """Say a part that was agreed; when no day was named, a need's own days are meant."""
    days = _days(response, Purpose.OFFER, first, last)
    if not days and response.post.purpose is Purpose.NEED:
        days = _days(response, Purpose.NEED, one.line.needed_from, one.line.needed_until)
    return f"{_named(one, n)} ({days})" if days else _named(one, n)


def _days(response: Response, purpose: Purpose, first: date | None, last: date | None) -> str:
    window = post_words.window_words(purpose, first, last, today(response.post.timezone))
    return str(window.striptags() if isinstance(window, Markup) else window)


def _named(one: ResponseLine, n: int) -> str:
    title = cards.masked(one.line.title)
    if one.line.quantity is None and n == 1:
        return title
    unit = f"\u00a0{cards.masked(one.line.unit)}" if one.line.unit else ""
    return _("%(title)s : %(n)s", title=title, n=n) + unit
