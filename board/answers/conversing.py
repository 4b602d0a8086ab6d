"""Who may still say something in a conversation; whoever may not reads the same words, always."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from board.accounts.models import Person
from board.answers import rules
from board.answers.models import Message, Response
from board.answers.rules import Actor
from board.errors import Conflict, Invalid
from board.extensions import db
from board.matching import blocks


def check_open(response: Response, side: Actor, author: Person | None) -> None:
    """Refuse words that a conversation takes no more: it is over, or one side wants none of them.

    Which of both it is, is never said: a block is quiet.
    """
    if response.confirmed_at is None:
        raise Conflict(f"{response.uuid} is not confirmed")
    if not is_open(response, side, author):
        raise Invalid(
            "body", _("Cette conversation est close\u00a0: elle ne prend plus de messages.")
        )


def last_word(response: Response, side: Actor, author: Person | None, body: str) -> Message:
    """Say something with the end of an answer: whoever hears of the end reads it there.

    It is one of the few that are left to this side.
    """
    word = Message(response=response, side=side, author=author, body=body)
    db.session.add(word)
    db.session.flush()
    return word


def is_open(response: Response, side: Actor, author: Person | None) -> bool:
    """Whether this side may say something in a conversation."""
    return not _is_over(response, side) and not _is_unwelcome(response, side, author)


def _is_over(response: Response, side: Actor) -> bool:
    """Whether this side said what there was left to say of an answer that went no further."""
    if response.purged_at is not None:
        return True
    if response.ended_at is None or response.state not in rules.WENT_NO_FURTHER:
        return False
    said = select(func.count(Message.id)).where(
        Message.response_id == response.id, Message.side == side,
        Message.created_at > response.ended_at,
    )  # fmt: skip
    return (db.session.scalar(said) or 0) >= rules.LAST_WORDS


def _is_unwelcome(response: Response, side: Actor, author: Person | None) -> bool:
    """Whether the post's organisation blocked who answered since they did."""
    if side is not Actor.ANSWERER:
        return False
    organisation_id = response.post.organisation_id
    if response.is_guest:
        return blocks.is_blocked_address(organisation_id, response.guest_folded or "")
    return blocks.is_blocked(organisation_id, other_id=response.organisation_id, person=author)
