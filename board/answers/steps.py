"""« Ce qui s’est passé »: an answer's life step by step, reminders to its editors among them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from board.answers import queries, words
from board.answers.models import Response, ResponseEvent
from board.answers.rules import Actor, State
from board.posts import words as post_words


def of(response: Response) -> list[dict[str, Any]]:
    """Return what became of an answer, oldest first."""
    found: list[tuple[datetime, dict[str, Any]]] = []
    before: State | None = None
    for event in queries.events_of(response.id):
        found.append((event.at, _moved(event, changed=event.state is before)))
        before = event.state
    if response.nudged_at is not None:
        found.append((response.nudged_at, _by_board(_("Rappel à l’organisation"))))
    if response.handed_at is not None:
        found.append(
            (response.handed_at, _by_board(_("Second rappel, à qui peut prendre le relais")))
        )
    return [step | {"at": post_words.moment(at)} for at, step in sorted(found, key=_when)]


def _moved(event: ResponseEvent, *, changed: bool) -> dict[str, Any]:
    """Return a move; who answered leaves it where it was by changing it."""
    return {
        "label": _("Modifiée") if changed else str(words.STATES[event.state]),
        "reason": str(words.REASONS[event.reason]) if event.reason else "",
        "by": str(words.ACTORS[event.actor]),
    }


def _by_board(label: str) -> dict[str, Any]:
    return {"label": label, "reason": "", "by": str(words.ACTORS[Actor.BOARD])}


def _when(one: tuple[datetime, dict[str, Any]]) -> datetime:
    return one[0]
