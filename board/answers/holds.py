"""What is promised of a line, and what is left for whoever asks; the post is locked meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from board.answers import days, queries, rules, windows
from board.answers.models import Commitment, Response
from board.answers.rules import Hold
from board.clock import today
from board.extensions import db
from board.posts import rules as post_rules
from board.posts.models import Line, Post


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for or brings, of one line."""

    line: Line
    quantity: int
    first: date | None = None
    last: date | None = None

    @property
    def hold(self) -> Hold:
        """The same, as it would be held: where no day is named, those of the line."""
        return Hold(self.quantity, *windows.within(self.line, (self.first, self.last)))


def returns(post: Post, line: Line) -> bool:
    """Whether what is promised of the line comes back."""
    return line.quantity is not None and not post_rules.is_used_up(line, post.purpose)


def is_promised(response: Response) -> bool:
    """Whether something of an answer was agreed and stands."""
    return any(c.released_at is None for one in response.lines for c in one.commitments)


def left_of(post: Post, wanted: Iterable[Wanted]) -> dict[int, int | None]:
    """Return how much of each wanted line is left on the wanted days (None: not counted)."""
    those = list(wanted)
    held = _held(post, [one.line for one in those])
    return {
        one.line.id: rules.left_for(
            one.line.quantity, held[one.line.id], one.hold, returns=returns(post, one.line)
        )
        if windows.takes_answers(post, one.line)
        else 0
        for one in those
    }


def recount(post: Post, lines: Iterable[Line]) -> None:
    """Write down how much of the lines is promised now, on which days most, and what was kept."""
    db.session.flush()
    those = list(lines)
    held = _commitments(post, those)
    for line in those:
        mine = held[line.id]
        promised = [_hold(post, line, one) for one in mine]
        line.committed = rules.peak(promised)
        spans = days.inside(days.fullest(promised), line.needed_from, line.needed_until)
        line.fullest = days.written(spans)
        line.fulfilled = min(line.committed, sum(one.fulfilled for one in mine))
    db.session.flush()


def _held(post: Post, lines: list[Line]) -> dict[int, list[Hold]]:
    kept = _commitments(post, lines)
    return {line.id: [_hold(post, line, one) for one in kept[line.id]] for line in lines}


def _hold(post: Post, line: Line, one: Commitment) -> Hold:
    """Return what a commitment takes: what is used up is gone for every day."""
    if not returns(post, line):
        return Hold(one.quantity)
    return Hold(one.quantity, one.needed_from, one.needed_until)


def _commitments(post: Post, lines: list[Line]) -> dict[int, list[Commitment]]:
    this_day = today(post.timezone)
    by_id = {line.id: line for line in lines}
    found: dict[int, list[Commitment]] = {line.id: [] for line in lines}
    for line_id, one in queries.holding(sorted(by_id)):
        comes_back = returns(post, by_id[line_id])
        if rules.still_holds(one.needed_until, this_day, returns=comes_back):
            found[line_id].append(one)
    return found
