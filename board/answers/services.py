"""The verbs of whoever answers: answer, confirm, amend, say, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from board.accounts.models import Person, Token
from board.accounts.rules import fold_email
from board.answers import (
    checks,
    conditions,
    conversing,
    letters,
    moving,
    queries,
    rules,
    unread,
    yearly,
)
from board.answers.holds import Wanted
from board.answers.models import Message, Response, ResponseLine
from board.answers.rules import Actor, Reason, State
from board.answers.ways import Way
from board.clock import now
from board.errors import Conflict, Gone
from board.extensions import db
from board.matching import blocks
from board.organisations.models import Organisation
from board.posts import services as posts
from board.posts.models import Post


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers: a person, a person for an organisation, or a guest by name and address."""

    language: str
    person: Person | None = None
    organisation: Organisation | None = None
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered: what of which lines, a message; whether conditions were agreed to,
    whether the reserve is fine when nothing is left, and by which way it came.
    """

    wanted: tuple[Wanted, ...]
    message: str = ""
    agrees: bool = False
    takes_reserve: bool = False
    way: Way | None = None


def answer(*, post: Post, by: Answerer, said: Said) -> Response | None:
    """Answer a post; None: a guest whose address says nothing more here (the mail tells them)."""
    posts.lock(post)
    checks.check_open(post, said.takes_reserve)
    conditions.check([one.line for one in said.wanted], agrees=said.agrees)
    if by.person is None:
        return _answer_as_guest(post, by, said)
    checks.check_standing(post, by.person, by.organisation)
    checks.check_room(post, said.wanted, takes_reserve=said.takes_reserve)
    response = _new(post, by, said)
    response.confirmed_at = now()
    _take_in(response, said.takes_reserve)
    return response


def confirm(*, response: Response, token: Token) -> bool:
    """A guest's address is theirs: the answer counts; False when it waits in the reserve."""
    moving.hold_still(response)
    db.session.refresh(token)
    if token.used_at is not None or response.confirmed_at is not None or response.ended_at:
        raise Gone
    if queries.find_active(response.post_id, email=response.guest_folded or "") is not None:
        raise Conflict(f"{response.post_id} has an answer from this address")
    if blocks.is_blocked_address(response.post.organisation_id, response.guest_folded or ""):
        raise Gone  # since they wrote; as if the link had run out
    checks.check_open(response.post, True)
    token.used_at = response.confirmed_at = now()
    _take_in(response, True)
    conditions.ask_anew(response)
    return response.state is not State.RESERVE


def amend(*, response: Response, wanted: Sequence[Wanted], by: Person | None,
          agrees: bool = False) -> None:  # fmt: skip
    """Change what is proposed, until it is agreed; who comes first is served, as by answering."""
    moving.hold_still(response)
    if not rules.may_amend(response.state):
        raise Conflict(f"{response.uuid} is {response.state}")
    kept = {one.line_id: one for one in response.lines}
    if any(one.commitments for one in response.lines):
        raise Conflict(f"{response.uuid} is promised in part")
    checks.check_amounts(response.post, wanted)
    agreed = {key for key, one in kept.items() if conditions.are_agreed(one)}
    conditions.check([one.line for one in wanted if one.line.id not in agreed], agrees=agrees)
    for old in kept.values():
        if old.line_id not in {one.line.id for one in wanted}:
            response.lines.remove(old)
    for one in wanted:
        row = kept.get(one.line.id)
        if row is None:
            response.lines.append(_line(one))
        else:
            row.quantity, row.needed_from, row.needed_until = one.quantity, one.first, one.last
    if agrees:
        conditions.note_agreed(response)
    response.version += 1
    moving.note(response, Actor.ANSWERER, by)
    _serve(response, "amended")


def agree(*, response: Response, by: Person | None, shown: str = "") -> None:
    """Say yes to conditions that changed since; who came first is served now."""
    moving.hold_still(response)
    if not rules.may_amend(response.state) or not conditions.missing(response):
        raise Conflict(f"{response.uuid} has nothing to agree to")
    conditions.check_shown([one.line for one in conditions.missing(response)], shown)
    conditions.note_agreed(response)
    response.version += 1
    moving.note(response, Actor.ANSWERER, by)
    _serve(response, "agreed")


def withdraw(*, response: Response, by: Person | None, reason: Reason) -> None:
    """Take an answer back, with a reason; what was promised is free again."""
    moving.hold_still(response)
    moving.move(response, State.WITHDRAWN, actor=Actor.ANSWERER, by=by, reason=reason)
    freed = moving.let_go(response)
    letters.tell_editors(response, "withdrawn")
    moving.settle(response.post, freed=freed)


def say(*, response: Response, side: Actor, author: Person | None, body: str,
        held: bool = False) -> Message:  # fmt: skip
    """Say something in the conversation; the other side is told, unless it is held for a look."""
    conversing.check_open(response, side, author)
    message = Message(response=response, side=side, author=author, body=body,
                      held_at=now() if held else None)  # fmt: skip
    db.session.add(message)
    db.session.flush()
    if not held:
        _tell(message)
    return message


def release(*, message: Message) -> None:
    """Whoever a doubtful mail claims to be from says that it is theirs: the other side is told."""
    if message.held_at is None:
        raise Conflict(f"message {message.id} is not held")
    conversing.check_open(message.response, message.side, message.author)
    message.held_at = None
    _tell(message)


def discard(*, message: Message) -> None:
    """It was not theirs: it is gone, and nobody was told."""
    if message.held_at is None:
        raise Conflict(f"message {message.id} is not held")
    db.session.delete(message)


def _tell(message: Message) -> None:
    response = message.response
    unread.acted(response, message.side, message.author)
    if message.side is Actor.EDITOR:
        response.word_at = now()
        response.replied_at = response.replied_at or response.word_at
        letters.tell_answerer(response, "message", message=message)
    else:
        letters.tell_editors(response, "message", message=message)


def _answer_as_guest(post: Post, by: Answerer, said: Said) -> Response | None:
    """Keep what a guest wrote until their address is confirmed; the page tells nothing."""
    checks.check_room(post, said.wanted, takes_reserve=said.takes_reserve)
    folded = fold_email(by.email)
    if blocks.is_blocked_address(post.organisation_id, folded):
        return None
    known = queries.find_active(post.id, email=folded)
    if known is not None:
        letters.tell_known_guest(known, language=by.language)
        return None
    response = _new(post, by, said)
    letters.ask_guest(response)
    return response


def _new(post: Post, by: Answerer, said: Said) -> Response:
    guest = by.person is None
    response = Response(
        post=post, person=by.person, organisation=by.organisation, language=by.language,
        guest_name=by.name if guest else "", guest_email=by.email if guest else None,
        guest_folded=fold_email(by.email) if guest else None,
        **_by_way(said.way), state=State.RECEIVED, moved_at=now(),
    )  # fmt: skip
    response.lines = [_line(one) for one in said.wanted]
    if said.agrees:
        conditions.note_agreed(response)
    if said.message:
        response.messages.append(
            Message(side=Actor.ANSWERER, author=by.person, body=said.message)
        )  # fmt: skip
    db.session.add(response)
    db.session.flush()
    return response


def _by_way(way: Way | None) -> dict[str, str]:
    if way is None:
        return {}
    return {"widget": str(way.widget), "partner": way.partner, "partner_site": way.site}


def _line(one: Wanted) -> ResponseLine:
    return ResponseLine(
        line=one.line, quantity=one.quantity, needed_from=one.first, needed_until=one.last
    )


def _serve(response: Response, event: str) -> None:
    """After a change: promise at once what goes to whoever comes first; tell both sides."""
    if response.state is not State.RESERVE:
        moving.first_come(response)
    letters.tell_editors(response, event)
    if response.state is State.COMMITTED:
        letters.tell_answerer(response, response.state.value)
    moving.settle(response.post)


def _take_in(response: Response, takes_reserve: bool) -> None:
    """A new answer counts: promised at once, received, or in the reserve when that is fine."""
    post = response.post
    moving.note(response, Actor.ANSWERER, response.person)
    full = post.answers_cap is not None and queries.count_standing(post.id) > post.answers_cap
    if takes_reserve and (full or not moving.has_something_left(response)):
        moving.move(response, State.RESERVE, actor=Actor.BOARD, by=None)
        response.waits_for_room = True
        yearly.take_place(response)
    else:
        moving.first_come(response)
    first = response.messages[0] if response.messages else None
    letters.tell_editors(response, "new", message=first)
    if response.state is not State.RECEIVED:
        letters.tell_answerer(response, response.state.value)
    elif response.is_guest:
        letters.tell_answerer(response, "sent")
    unread.seen_by(response, Actor.ANSWERER)
    moving.settle(post)
