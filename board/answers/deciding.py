"""The verbs of a post's editors about an answer, and how a post takes answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from flask_babel import gettext as _

from board import news
from board.accounts.models import Person
from board.answers import (
    conditions,
    conversing,
    endings,
    holds,
    letters,
    moving,
    rules,
    windows,
    words,
)
from board.answers.models import Response, ResponseLine
from board.answers.rules import Actor, Reason, State
from board.clock import now
from board.errors import Conflict, Invalid
from board.extensions import db
from board.posts import services as posts
from board.posts.models import Post
from board.posts.rules import Outcome


def review(*, response: Response, by: Person) -> None:
    """Take an answer into review: somebody looks after it, and whoever answered knows."""
    moving.hold_still(response)
    moving.move(response, State.IN_REVIEW, actor=Actor.EDITOR, by=by)
    response.holder = by
    letters.tell_answerer(response, "in_review")
    moving.settle(response.post)


def accept(*, response: Response, by: Person, quantities: Mapping[UUID, int]) -> None:
    """Say yes: these quantities (by response line; all when none is named) are promised."""
    moving.hold_still(response)
    if not rules.may_move(response.state, State.COMMITTED, Actor.EDITOR):
        raise Conflict(f"{response.uuid} is {response.state}")
    conditions.check_agreed(response)
    wanted = {one.id: quantities.get(one.uuid, one.quantity) for one in response.lines}
    _check_left(response, wanted)
    moving.commit_lines(response, wanted, by)
    moving.move(response, State.COMMITTED, actor=Actor.EDITOR, by=by)
    response.holder = response.holder or by
    letters.tell_answerer(response, "committed")
    moving.settle(response.post)


def reserve(*, response: Response, by: Person) -> None:
    """Put an answer at the end of the reserve: it moves up at its rank, when a place is free."""
    moving.hold_still(response)
    moving.move(response, State.RESERVE, actor=Actor.EDITOR, by=by)
    letters.tell_answerer(response, "reserve")
    moving.settle(response.post)


def decline(*, response: Response, by: Person | None, reason: Reason, text: str = "") -> None:
    """Say no, with a reason, and a word that stands in the conversation; what was promised is
    free again.
    """
    moving.hold_still(response)
    moving.move(response, State.DECLINED, actor=Actor.EDITOR, by=by, reason=reason)
    freed = moving.let_go(response)
    word = conversing.last_word(response, Actor.EDITOR, by, text) if text else None
    letters.tell_answerer(response, "declined", message=word)
    moving.settle(response.post, freed=freed)


def complete(*, response: Response, by: Person) -> None:
    """It happened: what was promised was kept."""
    moving.hold_still(response)
    moving.move(response, State.DONE, actor=Actor.EDITOR, by=by)
    moving.fulfil(response)
    endings.note(response, Outcome.MET_HERE, by)
    letters.tell_answerer(response, "done")
    moving.settle(response.post)


def miss(*, response: Response, by: Person) -> None:
    """Nobody came: what was promised is free again."""
    moving.hold_still(response)
    moving.move(response, State.NO_SHOW, actor=Actor.EDITOR, by=by)
    freed = moving.let_go(response)
    endings.note(response, Outcome.DID_NOT_HAPPEN, by)
    letters.tell_answerer(response, "no_show")
    moving.settle(response.post, freed=freed)


def give_back(*, response: Response, by: Person) -> None:
    """What was lent came back: it can go out again."""
    moving.hold_still(response)
    if response.state not in {State.COMMITTED, State.DONE} or not is_out(response):
        raise Conflict(f"{response.uuid} has nothing out")
    if response.state is State.COMMITTED:
        moving.move(response, State.DONE, actor=Actor.EDITOR, by=by)
    moving.fulfil(response)
    for one in response.lines:
        if holds.returns(response.post, one.line):
            for commitment in one.commitments:
                if commitment.released_at is None:
                    commitment.returned_at = commitment.returned_at or now()
    holds.recount(response.post, [one.line for one in response.lines])
    news.note("response", {response.id})
    endings.note(response, Outcome.MET_HERE, by)
    letters.tell_answerer(response, "returned")
    moving.settle(response.post)


def is_out(response: Response) -> bool:
    """Whether something that comes back is still out."""
    return any(
        holds.returns(response.post, one.line)
        and any(c.released_at is None and c.returned_at is None for c in one.commitments)
        for one in response.lines
    )


def take_answers(*, post: Post, cap: int | None, first_come: Collection[UUID]) -> None:
    """Say how many answers are enough, and which lines go to whoever comes first."""
    posts.lock(post)
    post.answers_cap = cap
    for line in post.lines:
        wanted = line.uuid in first_come
        if wanted is not (line.first_come_at is not None):
            line.first_come_at = now() if wanted else None
    db.session.flush()
    moving.settle(post)


def _check_left(response: Response, wanted: Mapping[int, int]) -> None:
    """Nothing is promised beyond what was answered, nor what is left, nor for nothing."""
    if response.lines and not any(n > 0 for n in wanted.values()):
        raise Invalid("", _("Écrivez combien vous acceptez, au moins un."))
    left = holds.left_of(response.post, moving.wanted_of(response))
    for one in response.lines:
        if wanted[one.id] > 0 and not any(c.released_at is None for c in one.commitments):
            _check_line(response.post, one, wanted[one.id], left[one.line_id])


def _check_line(post: Post, one: ResponseLine, wanted: int, there: int | None) -> None:
    """One line of an answer is promised on its days, as far as it was answered and is left."""
    field, line = f"take-{one.uuid}", one.line
    if windows.is_past(post, line):
        raise Invalid(field, windows.past(line))
    if windows.is_outside(line, (one.needed_from, one.needed_until)):
        raise Invalid(field, windows.other_days(post, line))
    if wanted > one.quantity:
        raise Invalid(field, words.more_than_answered(one))
    if there is not None and wanted > there:
        raise Invalid(field, words.not_left(line, there))
