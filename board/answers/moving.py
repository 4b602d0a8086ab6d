"""How an answer moves: by the table alone, its promises with it, the reserve after it."""

from __future__ import annotations

from board.accounts.models import Person
from board.answers import conditions, holds, letters, queries, rules, unread, windows
from board.answers.holds import Wanted
from board.answers.models import Commitment, Response, ResponseEvent
from board.answers.rules import Actor, Reason, State
from board.clock import now
from board.errors import Conflict
from board.extensions import db
from board.posts import rules as post_rules
from board.posts import services as posts
from board.posts.models import Post


def hold_still(response: Response) -> Response:
    """Lock the post of an answer until the commit, and read both again."""
    posts.lock(response.post)
    db.session.refresh(response)
    db.session.expire(response, ["lines"])
    return response


def move(
    response: Response, to: State, *, actor: Actor, by: Person | None, reason: Reason | None = None
) -> None:
    """Move an answer (its post is locked); what nobody may do is a conflict."""
    if not rules.may_move(response.state, to, actor) or rules.needs_reason(to, reason):
        raise Conflict(f"{response.uuid} does not go from {response.state} to {to}")
    response.state, response.reason, response.moved_at = to, reason, now()
    response.version += 1
    response.waits_for_room = False
    response.reserved_at = now() if to is State.RESERVE else None
    if actor is Actor.EDITOR:
        response.word_at = now()
        response.replied_at = response.replied_at or response.word_at
    if rules.has_ended(to):
        response.ended_at, response.due_at = now(), None
        response.confirmed_at = response.confirmed_at or now()
    note(response, actor, by)


def note(response: Response, actor: Actor, by: Person | None) -> None:
    """Write down the step that an answer came to; it is new for whoever did not make it."""
    db.session.add(
        ResponseEvent(response_id=response.id, state=response.state, reason=response.reason,
                      actor=actor, by_id=by.id if by else None, at=now())
    )  # fmt: skip
    db.session.flush()
    unread.acted(response, actor, by)


def wanted_of(response: Response) -> list[Wanted]:
    """Return what an answer asks for."""
    return [
        Wanted(one.line, one.quantity, one.needed_from, one.needed_until) for one in response.lines
    ]


def commit_lines(response: Response, quantities: dict[int, int], by: Person | None) -> None:
    """Promise these quantities, by response line; they were seen to be left."""
    touched, post = [], response.post
    for one in response.lines:
        n = quantities.get(one.id, 0)
        if n < 1 or any(c.released_at is None for c in one.commitments):
            continue
        days = (one.needed_from, one.needed_until)
        first, last = windows.within(one.line, days) if holds.returns(post, one.line) else days
        one.commitments.append(
            Commitment(quantity=n, needed_from=first, needed_until=last,
                       by_id=by.id if by else None)
        )  # fmt: skip
        touched.append(one.line)
    holds.recount(post, touched)


def fulfil(response: Response) -> None:
    """What was promised was kept."""
    for one in response.lines:
        for commitment in one.commitments:
            if commitment.released_at is None:
                commitment.fulfilled = commitment.quantity
    holds.recount(response.post, [one.line for one in response.lines])


def let_go(response: Response) -> bool:
    """Release what was promised and not yet kept; says whether that frees a place."""
    touched = []
    for one in response.lines:
        for commitment in one.commitments:
            if commitment.released_at is None and commitment.returned_at is None:
                commitment.released_at = now()
                touched.append(one.line)
    holds.recount(response.post, touched)
    return bool(touched)


def settle(post: Post, *, freed: bool = False) -> None:
    """After a move: whoever is first in the reserve takes the room; the public learns the band.

    Whom an editor put in reserve while there was room stays until a place is freed.
    """
    db.session.flush()
    if post_rules.is_open(post, now()):
        _move_up(post, freed)
    elif rules.may_wait(post, now()):
        for one in queries.reserve_of(post.id):
            _wait(one)
    standing = queries.count_standing(post.id)
    band = rules.band(standing, post.answers_cap)
    if post.answers_band is not band:
        post.answers_band = band
    db.session.flush()


def _move_up(post: Post, freed: bool) -> None:
    room = None if post.answers_cap is None else post.answers_cap - queries.count_standing(post.id)
    for one in queries.reserve_of(post.id):
        if (room is not None and room < 1) or not has_something_left(one):
            _wait(one)
            continue
        if not one.waits_for_room and not freed:
            continue
        freed = False
        move(one, State.RECEIVED, actor=Actor.BOARD, by=None)
        first_come(one)
        letters.tell_answerer(one, "moved_up" if one.state is State.RECEIVED else "committed")
        letters.tell_editors(one, "moved_up")
        room = None if room is None else room - 1


def _wait(response: Response) -> None:
    """There is no room: it moves up with the next that there is, whoever put it in reserve."""
    if not response.waits_for_room:
        response.waits_for_room = True


def has_something_left(response: Response) -> bool:
    """Whether anything that an answer asks for is still to be had on its days."""
    left = holds.left_of(response.post, wanted_of(response))
    return any(n is None or n > 0 for n in left.values())


def first_come(response: Response) -> None:
    """Promise at once what goes to whoever comes first, as far as it is left."""
    wanted = [
        one for one in response.lines
        if one.line.first_come_at is not None and conditions.are_agreed(one)
        and not windows.is_outside(one.line, (one.needed_from, one.needed_until))
    ]  # fmt: skip
    if not wanted:
        return
    left = holds.left_of(response.post, wanted_of(response))
    got: dict[int, int] = {}
    for one in wanted:
        there = left[one.line_id]
        if there is None or there >= one.quantity:
            got[one.id] = one.quantity
    commit_lines(response, got, None)
    all_of_it = len(got) == len(response.lines)
    if all_of_it and rules.may_move(response.state, State.COMMITTED, Actor.BOARD):
        move(response, State.COMMITTED, actor=Actor.BOARD, by=None)
