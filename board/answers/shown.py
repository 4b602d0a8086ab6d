"""An answer in words, for whoever takes part in it: what is asked, where it stands, what may be
done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from board.accounts.models import Person
from board.answers import (
    clocks,
    conditions,
    deciding,
    holds,
    holidays,
    mailbox,
    moving,
    queries,
    reading,
    rules,
    unread,
    windows,
    words,
    yearly,
)
from board.answers.access import Party
from board.answers.calendar import Calendar
from board.answers.models import Message, Response
from board.answers.rules import Actor, State
from board.contacts import find_contacts
from board.posts import cards
from board.posts import words as post_words

SECTIONS = {
    "waiting": (State.RECEIVED, State.IN_REVIEW),
    "reserve": (State.RESERVE,),
    "committed": (State.COMMITTED,),
    "ended": (State.DONE, State.DECLINED, State.WITHDRAWN, State.RELEASED, State.NO_SHOW),
}


def row(
    response: Response,
    *,
    side: Actor,
    first_said: str = "",
    calendar: Calendar | None = None,
    is_new: bool = False,
    helped: bool = False,
) -> dict[str, Any]:
    """Return one answer as a list shows it."""
    return {
        "uuid": response.uuid,
        "who": words.who(response) if side is Actor.EDITOR else response.post.organisation.name,
        "speaks_for": _wrote(response) if side is Actor.EDITOR else "",
        "holder": _holder(response) if side is Actor.EDITOR else "",
        "partner": (response.partner or "") if side is Actor.EDITOR else "",
        "state": response.state.value,
        "state_label": str(words.STATES[response.state]),
        "reason": str(words.REASONS[response.reason]) if response.reason else "",
        "at": post_words.moment(response.created_at),
        "post_title": cards.masked(response.post.title),
        "post_language": response.post.language,
        "post_uuid": response.post.uuid,
        "purpose": response.post.purpose.value,
        "purpose_label": str(post_words.PURPOSES[response.post.purpose]),
        "lines": words.lines_of(response),
        "agreed": words.agreed_of(response),
        "said": cards.masked(first_said),
        "expected": _expected(response, side, calendar),
        "url": url_for("answers.one", response_id=response.uuid),
        "may": may(response, side),
        "past": rules.may_amend(response.state) and windows.is_over(response),
        "lacks_yes": rules.may_amend(response.state) and bool(conditions.missing(response)),
        "is_new": is_new,
        "helped": helped,
    }


def rows(
    responses: Sequence[Response], *, side: Actor, reader: Person | None = None
) -> list[dict[str, Any]]:
    """Return several answers, with what each said first and whether something there is new."""
    said = queries.first_messages([one.id for one in responses])
    new = unread.among(responses, reader) if reader is not None else set()
    helped = yearly.helped_before(responses) if side is Actor.EDITOR else set()
    calendar = holidays.calendar()
    return [
        row(one, side=side, first_said=said.get(one.id, ""), calendar=calendar,
            is_new=one.id in new, helped=one.id in helped)
        for one in responses
    ]  # fmt: skip


def may(response: Response, side: Actor) -> dict[str, bool]:
    """Return what this side may do with an answer now."""
    moves = set(rules.moves(response.state, side))
    edits = side is Actor.EDITOR
    amends = not edits and rules.may_amend(response.state)
    return {
        "review": State.IN_REVIEW in moves,
        "accept": State.COMMITTED in moves
        and not (conditions.missing(response) or windows.is_over(response)),
        "reserve": State.RESERVE in moves,
        "decline": State.DECLINED in moves,
        "done": State.DONE in moves,
        "no_show": State.NO_SHOW in moves,
        "withdraw": State.WITHDRAWN in moves,
        "returned": edits and deciding.is_out(response) and response.state in _AGREED,
        "amend": amends and not windows.all_past(response.post),
        "give": response.purged_at is None and rules.may_disclose(response.state),
    }


def takes(response: Response, typed: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """Return, by field, what a yes would promise of each line."""
    left = holds.left_of(response.post, moving.wanted_of(response))
    found = {}
    for one in response.lines:
        there = left[one.line_id]
        wanted = one.quantity if there is None else min(one.quantity, there)
        most = (
            ""
            if there is None
            else ngettext("il en reste %(n)s", "il en reste %(n)s", there, n=there)
        )
        found[f"take-{one.uuid}"] = {
            "title": cards.masked(one.line.title), "help": most, "uuid": one.uuid,
            "value": (typed or {}).get(f"take-{one.uuid}", str(wanted)),
        }  # fmt: skip
    return found


def terms(response: Response, *, amends: bool) -> dict[str, Any]:
    """Return the conditions that changed since they were agreed to, and those of all that could
    still be asked for.
    """
    waits = rules.may_amend(response.state)
    changed = [one.line for one in conditions.missing(response)] if waits else []
    more = reading.to_agree(response.post, response) if waits and amends else []
    return {
        "changed": reading.conditions_of(changed), "changed_mark": conditions.mark_of(changed),
        "more": reading.conditions_of(more), "more_mark": conditions.mark_of(more),
    }  # fmt: skip


def conversation(party: Party) -> list[dict[str, Any]]:
    """Return what was said, oldest first; what waits for a look is shown to its author only."""
    response, side, person = party.response, party.side, party.person
    return [
        {
            "uuid": one.uuid,
            "who": _author(one, response),
            "mine": one.side is side,
            "at": post_words.moment(one.created_at),
            "body": one.body if one.side is side else cards.masked(one.body),
            "masked": one.side is side and bool(find_contacts(one.body)),
            "held": one.held_at is not None,
            "had_files": one.had_files,
            "cut": str(words.SHORTENED) if mailbox.was_cut(one.body) else "",
        }
        for one in queries.messages_of(response.id)
        if one.held_at is None or (one.side is side and one.author == person)
    ]


def tabs(counts: Mapping[State, int], current: str, address: str) -> list[dict[str, Any]]:
    """Return the sections of an inbox with their counts."""
    labels = {
        "waiting": _("À traiter"),
        "reserve": _("En réserve"),
        "committed": _("Acceptées"),
        "ended": _("Terminées"),
    }
    return [
        {
            "label": labels[name],
            "count": sum(counts.get(state, 0) for state in states),
            "url": f"{address}?section={name}",
            "current": name == current,
            "purpose": None,
        }
        for name, states in SECTIONS.items()
    ]


def _expected(response: Response, side: Actor, calendar: Calendar | None) -> Markup | str:
    """Say until when a word is expected, or since when somebody waits in the reserve."""
    if response.state is State.RESERVE and response.reserved_at is not None:
        return words.in_reserve(response.reserved_at, edits=side is Actor.EDITOR)
    coming = clocks.expected(response, calendar)
    return words.expected(*coming, edits=side is Actor.EDITOR) if coming else ""


_AGREED = frozenset({State.COMMITTED, State.DONE})


def _wrote(response: Response) -> str:
    if response.organisation is None or response.person is None:
        return ""
    return cards.masked(response.person.name)


def _holder(response: Response) -> str:
    """Name the editor who has an answer now, while something is still to be done."""
    if response.holder is None or response.ended_at is not None:
        return ""
    return cards.masked(response.holder.name or "")


def _author(one: Message, response: Response) -> Markup | str:
    if one.side is Actor.BOARD:
        return _("Le babillard")
    if one.author is not None and one.author.name:
        return cards.masked(one.author.name)
    if one.side is Actor.EDITOR:
        return response.post.organisation.name
    return words.who(response)
