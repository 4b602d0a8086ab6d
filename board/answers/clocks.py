"""Clocks that both sides see: nobody waits for ever for a word, and nobody is kept on a hook."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import update

from board.answers import holds, holidays, letters, moving, waiting
from board.answers.calendar import Calendar, Pace, Step, Wait, next_reminder, next_step
from board.answers.models import Response
from board.answers.rules import Actor, State
from board.clock import now
from board.extensions import db
from board.posts import rules as post_rules
from board.posts.rules import Publication

AT_ONCE = 200
LOOK_AGAIN = timedelta(days=1)


def wind() -> int:
    """Start the clock of each answer that waits for a word and has none yet; says how many."""
    found = waiting.without_clock(AT_ONCE)
    calendar, pace = holidays.calendar(), holidays.pace()
    for response in found:
        response.due_at = _coming(response, pace, calendar)[1]
    db.session.flush()
    return len(found)


def wind_again() -> None:
    """Another day is a holiday: every clock is wound anew by the worker."""
    db.session.execute(
        update(Response)
        .where(Response.due_at.is_not(None))
        .values(due_at=None)
        .execution_options(synchronize_session=False)
    )


def strike(response_id: int) -> Step | None:
    """Do what is due for one answer, at most one step; a word that came meanwhile stops it."""
    response = db.session.get(Response, response_id)
    if response is None:
        return None
    moving.hold_still(response)
    if not (is_waiting(response) or is_undecided(response)):
        response.due_at = None
        return None
    step, at = _coming(response, holidays.pace(), holidays.calendar())
    if at > now():
        response.due_at = at
        return None
    if step is Step.RELEASE and holds.is_promised(response):
        response.due_at = now() + LOOK_AGAIN
        return None
    _STEPS[step](response)
    return step


def is_waiting(response: Response) -> bool:
    """Whether nobody of the organisation said a word yet."""
    if response.confirmed_at is None or response.ended_at is not None:
        return False
    return response.state is State.RECEIVED and response.replied_at is None


def is_undecided(response: Response) -> bool:
    """Whether editors said a word, and neither yes nor no."""
    if response.confirmed_at is None or response.ended_at is not None:
        return False
    said = response.replied_at is not None
    return response.state is State.IN_REVIEW or (response.state is State.RECEIVED and said)


def expected(response: Response, calendar: Calendar | None) -> tuple[Step, date] | None:
    """Return what comes next without a word, and on which day; None: nobody waits for one."""
    if not (is_waiting(response) or is_undecided(response)):
        return None
    calendar = calendar or holidays.calendar()
    step, at = _coming(response, holidays.pace(), calendar)
    return step, calendar.day_of(at)


def _nudge(response: Response) -> None:
    response.nudged_at = now()
    until = _wind_next(response)
    if _stands(response):
        letters.tell_editors(response, "nudge", until=until)


def _hand_over(response: Response) -> None:
    response.handed_at = now()
    other = waiting.another_editor(response)
    if other is not None:
        response.holder = other
    until = _wind_next(response)
    if _stands(response):
        letters.tell_editors(response, "handed" if other else "last_nudge", until=until)


def _release(response: Response) -> None:
    moving.move(response, State.RELEASED, actor=Actor.BOARD, by=None)
    letters.tell_answerer(response, "released")
    moving.settle(response.post)


def _remind(response: Response) -> None:
    response.reminded_at = now()
    until = _wind_next(response)
    if _stands(response):
        letters.tell_editors(response, "undecided", until=until)


def _coming(response: Response, pace: Pace, calendar: Calendar) -> tuple[Step, datetime]:
    """Return what comes next and when: towards a first word, or towards a yes or a no."""
    if is_waiting(response):
        return next_step(_wait(response), pace, calendar)
    start = max(_start(response), response.word_at or response.moved_at)
    return Step.DECIDE, next_reminder(start, response.reminded_at, pace, calendar)


def _wind_next(response: Response) -> date:
    calendar = holidays.calendar()
    response.due_at = _coming(response, holidays.pace(), calendar)[1]
    db.session.flush()
    return calendar.day_of(response.due_at)


def _wait(response: Response) -> Wait:
    """Whoever moved up from the reserve waits since then."""
    start = _start(response)

    def since(at: datetime | None) -> datetime | None:
        return at if at is not None and at >= start else None

    return Wait(start, since(response.nudged_at), since(response.handed_at))


def _start(response: Response) -> datetime:
    return max(response.moved_at, response.confirmed_at or response.moved_at)


def _stands(response: Response) -> bool:
    """Editors are reminded of what they can look at; a post that was hidden they cannot."""
    return post_rules.publication(response.post) is not Publication.HIDDEN


_STEPS = {Step.NUDGE: _nudge, Step.HAND_OVER: _hand_over, Step.RELEASE: _release,
          Step.DECIDE: _remind}  # fmt: skip
