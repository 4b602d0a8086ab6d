"""From « I can help » to « it happened »: the states of an answer, and who may move it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from board.accounts.rules import Limit
from board.alerts.rules import Weight
from board.posts import rules as post_rules
from board.posts.rules import AnswersBand, PostFacts

MESSAGE_MAX = 4000
QUANTITY_MAX = 1_000_000
CAP_MAX = 1000
KEEP_UNCONFIRMED = timedelta(days=3)
KEEP_GUESTS = timedelta(days=90)
ANSWERS_BY_NETWORK = Limit(60, timedelta(hours=1))
ANSWERS_BY_PERSON = Limit(30, timedelta(hours=1))
ANSWERS_TO_ADDRESS = Limit(5, timedelta(hours=1))
MAILS_BY_ADDRESS = Limit(30, timedelta(hours=1))
MESSAGES_BY_PERSON = Limit(60, timedelta(hours=1))
WHY_MAX = 200
PHONE_MAX = 40
PHONE_DIGITS = range(7, 21)
ASK_AFTER = timedelta(days=1)
ASK_FULL_AFTER = timedelta(days=14)
GIVEN_FOR = timedelta(days=30)
LONGEST_GIVEN = timedelta(days=366)
KEEP_CONTACTS = timedelta(days=90)
FEWEST = 5  # fewer say too much of each, and too little of all
GIFTS_BY_PERSON = Limit(20, timedelta(hours=1))


class State(StrEnum):
    """Where an answer stands."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    RESERVE = "reserve"
    COMMITTED = "committed"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    NO_SHOW = "no_show"


class Actor(StrEnum):
    """Who moves an answer: the post's editors, whoever answered, or the board by itself."""

    EDITOR = "editor"
    ANSWERER = "answerer"
    BOARD = "board"


class Reason(StrEnum):
    """Why an organisation says no, or why somebody takes their answer back."""

    DOES_NOT_FIT = "does_not_fit"
    DATES = "dates"
    ALREADY_MET = "already_met"
    NOT_AVAILABLE = "not_available"
    TOO_FAR = "too_far"
    NO_REPLY = "no_reply"
    OTHER = "other"


class Via(StrEnum):
    """Which way a message came."""

    BOARD = "board"
    MAIL = "mail"


class Whom(StrEnum):
    """Whom an answer lets its editors block."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Refusal(StrEnum):
    """Why a post cannot be answered now."""

    CLOSED = "closed"
    OWN = "own"
    BLOCKED = "blocked"
    ANSWERED = "answered"
    UNCONFIRMED = "unconfirmed"


DECLINE_REASONS = (Reason.DOES_NOT_FIT, Reason.DATES, Reason.ALREADY_MET, Reason.NO_REPLY,
                   Reason.OTHER)  # fmt: skip
WITHDRAW_REASONS = (Reason.NOT_AVAILABLE, Reason.TOO_FAR, Reason.DOES_NOT_FIT, Reason.NO_REPLY,
                    Reason.OTHER)  # fmt: skip

# What may be said at the end of an answer, by either side.
SAID = (post_rules.Outcome.MET_HERE, post_rules.Outcome.PARTLY_MET,
        post_rules.Outcome.DID_NOT_HAPPEN)  # fmt: skip
ENDED = frozenset({State.DONE, State.DECLINED, State.WITHDRAWN, State.RELEASED, State.NO_SHOW})
HELPED = (State.DONE, State.COMMITTED)
WAITING = frozenset({State.RECEIVED, State.IN_REVIEW, State.RESERVE})
# Nothing was agreed in the end: a few last words are left to each side.
WENT_NO_FURTHER = frozenset({State.DECLINED, State.WITHDRAWN, State.RELEASED})
LAST_WORDS = 3
STANDING = frozenset({State.RECEIVED, State.IN_REVIEW, State.COMMITTED, State.DONE})

_E, _A, _B = Actor.EDITOR, Actor.ANSWERER, Actor.BOARD
_NO = {
    State.DECLINED: frozenset({_E, _B}),
    State.WITHDRAWN: frozenset({_A}),
    State.RELEASED: frozenset({_B}),
}
# From each state: where to, and who may. What is not written here is refused.
TRANSITIONS: dict[State, dict[State, frozenset[Actor]]] = {
    State.RECEIVED: {
        State.IN_REVIEW: frozenset({_E}),
        State.COMMITTED: frozenset({_E, _B}),
        State.RESERVE: frozenset({_E, _B}),
        **_NO,
    },
    State.IN_REVIEW: {
        State.COMMITTED: frozenset({_E, _B}),
        State.RESERVE: frozenset({_E}),
        **_NO,
    },
    State.RESERVE: {
        State.RECEIVED: frozenset({_B}),
        State.IN_REVIEW: frozenset({_E}),
        State.COMMITTED: frozenset({_E}),
        **_NO,
    },
    State.COMMITTED: {
        State.DONE: frozenset({_E, _B}),
        State.NO_SHOW: frozenset({_E}),
        State.RELEASED: frozenset({_B}),
        State.DECLINED: frozenset({_E}),
        State.WITHDRAWN: frozenset({_A}),
    },
    State.DONE: {},
    State.DECLINED: {},
    State.WITHDRAWN: {},
    State.RELEASED: {},
    State.NO_SHOW: {},
}
REASONS: dict[State, tuple[Reason, ...]] = {
    State.DECLINED: DECLINE_REASONS,
    State.WITHDRAWN: WITHDRAW_REASONS,
}


def may_move(state: State, to: State, by: Actor) -> bool:
    """Whether this actor may move an answer from one state to another."""
    return by in TRANSITIONS[state].get(to, frozenset())


def moves(state: State, by: Actor) -> tuple[State, ...]:
    """Return where this actor may move an answer to."""
    return tuple(to for to, actors in TRANSITIONS[state].items() if by in actors)


def needs_reason(to: State, reason: Reason | None) -> bool:
    """Whether a move still lacks a reason of its own list."""
    return to in REASONS and reason not in REASONS[to]


def has_ended(state: State) -> bool:
    """Whether nothing more comes of the answer."""
    return state in ENDED


def may_disclose(state: State) -> bool:
    """Contacts are given while something may still come of the answer, or has to come back."""
    return not has_ended(state) or state is State.DONE


def is_disclosed(
    until: datetime | None, revoked_at: datetime | None, purged_at: datetime | None, at: datetime
) -> bool:
    """Whether the other side still sees contacts that it was given."""
    return revoked_at is None and purged_at is None and (until is None or until > at)


def is_phone(text: str) -> bool:
    """Whether somebody could call this: enough digits, and nothing but what goes with them."""
    digits = sum(c.isdigit() for c in text)
    words = sum(c.isalpha() for c in text)
    return digits in PHONE_DIGITS and words <= len("extension")


def may_amend(state: State) -> bool:
    """Whoever answered changes what they propose until it is agreed."""
    return state in WAITING


@dataclass(frozen=True, slots=True)
class Hold:
    """A quantity that somebody was promised, and for which days (None: from or until whenever)."""

    quantity: int
    first: date | None = None
    last: date | None = None


def overlaps(one: Hold, other: Hold) -> bool:
    """Whether two holds want the same thing on the same day."""
    starts = one.first is None or other.last is None or one.first <= other.last
    ends = one.last is None or other.first is None or other.first <= one.last
    return starts and ends


def peak(holds: Iterable[Hold]) -> int:
    """Return the most that is held on any one day."""
    those = list(holds)
    days = {hold.first for hold in those} | {None}
    return max((_held_on(day, those) for day in days), default=0)


def _held_on(day: date | None, holds: Sequence[Hold]) -> int:
    """Return what is held on a day; None: before every day that is named."""
    return sum(
        hold.quantity
        for hold in holds
        if (hold.first is None or (day is not None and hold.first <= day))
        and (day is None or hold.last is None or day <= hold.last)
    )


def left_for(
    total: int | None, holds: Iterable[Hold], wanted: Hold, *, returns: bool
) -> int | None:
    """Return how much is left for `wanted` (None: not counted).

    What is used up is gone for every day; what comes back is held only for its days.
    """
    if total is None:
        return None
    those = [hold for hold in holds if not returns or overlaps(hold, wanted)]
    clipped = (
        Hold(hold.quantity, *_common(hold, wanted)) if returns else Hold(hold.quantity)
        for hold in those
    )
    return max(0, total - peak(clipped))


def _common(hold: Hold, wanted: Hold) -> tuple[date | None, date | None]:
    """Return the days that two overlapping holds share."""
    firsts = [day for day in (hold.first, wanted.first) if day is not None]
    lasts = [day for day in (hold.last, wanted.last) if day is not None]
    return max(firsts, default=None), min(lasts, default=None)


def still_holds(last: date | None, this_day: date, *, returns: bool) -> bool:
    """Whether a promise still takes from the line: what comes back is free after its last day."""
    return not returns or last is None or last >= this_day


def may_wait(post: PostFacts, at: datetime) -> bool:
    """Whether one can wait in reserve: all is promised, and the author did not say « met »."""
    stands = post_rules.publication(post) is post_rules.Publication.PUBLISHED
    met = stands and post_rules.state(post, at) is post_rules.State.MET
    return met and post.met_at is None and any(map(post_rules.is_active, post.lines))


def is_full(standing: int, cap: int | None) -> bool:
    """Whether the author wants no more answers for now."""
    return cap is not None and standing >= cap


def band(standing: int, cap: int | None) -> AnswersBand:
    """Return what the public learns: no answer yet, some, or full."""
    if is_full(standing, cap):
        return AnswersBand.FULL
    return AnswersBand.SOME if standing else AnswersBand.NONE


# What no choice of its reader holds back: what was promised or given (and a guest's own link);
# by the next morning, the last word to whoever answered, and that somebody waits for one.
_ALWAYS = {(Actor.ANSWERER, "committed"), (Actor.ANSWERER, "contacts"), (Actor.ANSWERER, "sent"),
           (Actor.EDITOR, "contacts")}  # fmt: skip
_SOON = {(Actor.ANSWERER, "declined"), (Actor.ANSWERER, "closed"), (Actor.ANSWERER, "gone"),
         (Actor.ANSWERER, "released"), (Actor.EDITOR, "withdrawn"), (Actor.EDITOR, "nudge"),
         (Actor.EDITOR, "handed"), (Actor.EDITOR, "last_nudge"), (Actor.EDITOR, "undecided"),
         (Actor.ANSWERER, "conditions")}  # fmt: skip
# What may promise at once, where whoever comes first is served.
PROMISING = frozenset({"new", "moved_up", "amended", "agreed"})


def weight(side: Actor, event: str, *, promised: bool) -> Weight:
    """Return how much news of an answer may wait; what promises at once does not."""
    told = (side, event)
    if told in _ALWAYS or (promised and event in PROMISING):
        return Weight.ALWAYS
    return Weight.SOON if told in _SOON else Weight.USUAL
