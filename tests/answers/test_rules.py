"""Every move of an answer, by whoever may make it, and no other; what is left for somebody."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from board.answers import rules
from board.answers.rules import Actor, Hold, Reason, State

E, A, B = Actor.EDITOR, Actor.ANSWERER, Actor.BOARD
ALLOWED = {
    ("received", "in_review"): {E},
    ("received", "committed"): {E, B},
    ("received", "reserve"): {E, B},
    ("received", "declined"): {E, B},
    ("received", "withdrawn"): {A},
    ("received", "released"): {B},
    ("in_review", "committed"): {E, B},
    ("in_review", "reserve"): {E},
    ("in_review", "declined"): {E, B},
    ("in_review", "withdrawn"): {A},
    ("in_review", "released"): {B},
    ("reserve", "received"): {B},
    ("reserve", "in_review"): {E},
    ("reserve", "committed"): {E},
    ("reserve", "declined"): {E, B},
    ("reserve", "withdrawn"): {A},
    ("reserve", "released"): {B},
    ("committed", "done"): {E, B},
    ("committed", "no_show"): {E},
    ("committed", "declined"): {E},
    ("committed", "withdrawn"): {A},
    ("committed", "released"): {B},
}
JUNE, JULY = (date(2026, 6, 5), date(2026, 6, 7)), (date(2026, 7, 1), date(2026, 7, 3))


@pytest.mark.parametrize("state", State)
def test_an_answer_moves_only_where_its_actor_may_move_it(state: State) -> None:
    for to, by in product(State, Actor):
        allowed = by in ALLOWED.get((state.value, to.value), set())
        assert rules.may_move(state, to, by) is allowed, (state, to, by)
        assert (to in rules.moves(state, by)) is allowed


def test_what_has_ended_stays_ended_and_all_else_can_end() -> None:
    for state in State:
        ends = {to for by in Actor for to in rules.moves(state, by)} & rules.ENDED
        assert bool(ends) is not rules.has_ended(state)


def test_a_no_takes_a_reason_of_its_own_list() -> None:
    assert rules.needs_reason(State.DECLINED, None)
    assert rules.needs_reason(State.DECLINED, Reason.NOT_AVAILABLE)
    assert not rules.needs_reason(State.DECLINED, Reason.DATES)
    assert rules.needs_reason(State.WITHDRAWN, Reason.ALREADY_MET)
    assert not rules.needs_reason(State.WITHDRAWN, Reason.TOO_FAR)
    assert not rules.needs_reason(State.COMMITTED, None)


def test_what_is_given_is_gone_and_what_is_lent_is_held_only_for_its_days() -> None:
    june, wanted = Hold(28, *JUNE), Hold(20, *JULY)
    assert rules.left_for(40, [june], wanted, returns=False) == 12
    assert rules.left_for(40, [june], wanted, returns=True) == 40
    assert rules.left_for(40, [june], Hold(1, date(2026, 6, 7), None), returns=True) == 12
    assert rules.left_for(40, [june], Hold(1), returns=True) == 12
    assert rules.left_for(None, [june], wanted, returns=True) is None


def test_two_loans_that_never_meet_do_not_add_up() -> None:
    both = [Hold(30, *JUNE), Hold(25, *JULY)]
    assert rules.peak(both) == 30
    assert rules.left_for(40, both, Hold(1, JUNE[0], JULY[1]), returns=True) == 10
    assert rules.peak([*both, Hold(5)]) == 35
    assert rules.peak([*both, Hold(5, None, date(2026, 6, 5)), Hold(9, date(2026, 8, 1))]) == 35
    assert rules.peak([]) == 0


def test_the_public_learns_bands_only() -> None:
    said = [rules.band(n, 8) for n in (0, 1, 7, 8, 9)]
    assert [one.value for one in said] == ["none", "some", "some", "full", "full"]
    assert rules.band(400, None).value == "some"
