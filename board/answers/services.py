"""The verbs of whoever answers: answer, confirm, amend, say, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from board.accounts.models import Person, Token
from board.accounts.rules import fold_email
from board.answers import holds, letters, moving, queries, rules, unread, yearly
from board.answers.holds import Wanted
from board.answers.models import Message, Response, ResponseLine
from board.answers.rules import Actor, Reason, State
from board.answers.ways import Way
from board.clock import now
from board.errors import Conflict, Gone, Invalid
from board.extensions import db
from board.matching import blocks
from board.organisations.models import Organisation
from board.posts import rules as post_rules
from board.posts import services as posts
from board.posts.models import Line, Post


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


class NothingLeft(Invalid):
    """Somebody was first, or the answers are full: the reserve is offered."""


def answer(*, post: Post, by: Answerer, said: Said) -> Response | None:
    """Answer a post; None: a guest whose address says nothing more here (the mail tells them)."""
    posts.lock(post)
    _check_open(post, said.takes_reserve)
    _check_agreed(said)
    if by.person is None:
        return _answer_as_guest(post, by, said)
    _check_standing(post, by)
    _check_room(post, said)
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
    _check_open(response.post, True)
    token.used_at = response.confirmed_at = now()
    _take_in(response, True)
    return response.state is not State.RESERVE


def amend(*, response: Response, wanted: Sequence[Wanted], by: Person | None) -> None:
    """Change what is proposed, until it is agreed."""
    moving.hold_still(response)
    if not rules.may_amend(response.state):
        raise Conflict(f"{response.uuid} is {response.state}")
    kept = {one.line_id: one for one in response.lines}
    if any(one.commitments for one in response.lines):
        raise Conflict(f"{response.uuid} is promised in part")
    _check_amounts(response.post, wanted)
    for old in kept.values():
        if old.line_id not in {one.line.id for one in wanted}:
            response.lines.remove(old)
    for one in wanted:
        row = kept.get(one.line.id)
        if row is None:
            response.lines.append(_line(one))
        else:
            row.quantity, row.needed_from, row.needed_until = one.quantity, one.first, one.last
    response.version += 1
    moving.note(response, Actor.ANSWERER, by)
    letters.tell_editors(response, "amended")


def withdraw(*, response: Response, by: Person | None, reason: Reason) -> None:
    """Take an answer back, with a reason; what was promised is free again."""
    moving.hold_still(response)
    moving.move(response, State.WITHDRAWN, actor=Actor.ANSWERER, by=by, reason=reason)
    moving.let_go(response)
    letters.tell_editors(response, "withdrawn")
    moving.settle(response.post)


def say(*, response: Response, side: Actor, author: Person | None, body: str,
        held: bool = False) -> Message:  # fmt: skip
    """Say something in the conversation; the other side is told, unless it is held for a look."""
    if response.confirmed_at is None:
        raise Conflict(f"{response.uuid} is not confirmed")
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
        response.replied_at = response.replied_at or now()
        letters.tell_answerer(response, "message", message=message)
    else:
        letters.tell_editors(response, "message", message=message)


def refusal(post: Post, person: Person | None, organisation: Organisation | None) -> bool:
    """Whether this organisation takes no answer from them (it is never said why)."""
    if person is None:
        return False
    other = organisation.id if organisation else None
    return blocks.is_blocked(post.organisation_id, other_id=other, person=person)


def _answer_as_guest(post: Post, by: Answerer, said: Said) -> Response | None:
    """Keep what a guest wrote until their address is confirmed; the page tells nothing."""
    folded = fold_email(by.email)
    if blocks.is_blocked_address(post.organisation_id, folded):
        return None
    known = queries.find_active(post.id, email=folded)
    if known is not None:
        letters.tell_known_guest(known, language=by.language)
        return None
    _check_room(post, said)
    response = _new(post, by, said)
    letters.ask_guest(response)
    return response


def _check_open(post: Post, takes_reserve: bool) -> None:
    if post_rules.is_open(post, now()):
        return
    if not rules.may_wait(post, now()):
        raise Invalid("", _("On ne peut plus répondre à cette annonce. Merci de votre élan."))
    if not takes_reserve:
        raise NothingLeft("", _nothing_left())


def _nothing_left() -> str:
    return _("Il ne reste plus rien : voulez-vous attendre en réserve ?")


def _check_agreed(said: Said) -> None:
    if any(one.line.conditions for one in said.wanted) and not said.agrees:
        raise Invalid("agrees", _("Lisez les conditions, puis cochez la case."))


def _check_standing(post: Post, by: Answerer) -> None:
    """Nobody answers themselves, nor twice, nor whoever wants nothing to do with them."""
    person, organisation = by.person, by.organisation
    if person is None:
        return
    if queries.acts_for(person.id, post.organisation_id):
        raise Invalid("", _("C’est l’annonce de votre organisation."))
    if organisation is not None and not queries.acts_for(person.id, organisation.id):
        raise Invalid("speaks_for", _("Vous ne répondez pas au nom de cette organisation."))
    if person.confirmed_at is None:
        raise Invalid("", _("Confirmez d’abord votre adresse : le lien est dans votre courriel."))
    if refusal(post, person, organisation):
        raise Invalid("", _("Votre réponse ne peut pas être reçue pour cette annonce."))
    other = organisation.id if organisation else None
    if queries.find_active(post.id, person_id=person.id, organisation_id=other) is not None:
        raise Invalid("", _("Vous avez déjà répondu. Votre réponse est dans « Mes réponses »."))


def _check_room(post: Post, said: Said) -> None:
    """Refuse more than is left; when nothing is left, the reserve is offered."""
    left = _check_amounts(post, said.wanted)
    if said.takes_reserve:
        return
    if rules.is_full(queries.count_standing(post.id), post.answers_cap):
        raise NothingLeft("", _("Des réponses sont à l’étude : voulez-vous attendre en réserve ?"))
    if all(left[one.line.id] == 0 for one in said.wanted):
        raise NothingLeft("", _nothing_left())


def _check_amounts(post: Post, wanted: Sequence[Wanted]) -> dict[int, int | None]:
    """Return what is left; a quantity beyond it is refused beside its field."""
    if not wanted:
        raise Invalid("", _("Choisissez au moins un élément."))
    left = holds.left_of(post, wanted)
    for one in wanted:
        there = left[one.line.id]
        most = there or one.line.quantity
        if most is not None and one.quantity > most:
            raise Invalid(field_of(one.line), _("Il en reste %(n)s au plus.", n=most))
    return left


def field_of(line: Line) -> str:
    """Name the field of a line's quantity."""
    return f"line-{line.uuid}"


def _new(post: Post, by: Answerer, said: Said) -> Response:
    guest = by.person is None
    response = Response(
        post=post, person=by.person, organisation=by.organisation, language=by.language,
        guest_name=by.name if guest else "", guest_email=by.email if guest else None,
        guest_folded=fold_email(by.email) if guest else None,
        **_by_way(said.way), state=State.RECEIVED, moved_at=now(),
        agreed_at=now() if said.agrees else None,
    )  # fmt: skip
    response.lines = [_line(one) for one in said.wanted]
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
