"""The life of a post: its words, its states, and who sees it where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Protocol

from board.posts.terms import terms

MAX_LINES = 30
MAX_TAGS = 12


class Purpose(StrEnum):
    """Whether something is missing or can be shared."""

    NEED = "need"
    OFFER = "offer"

    @property
    def opposite(self) -> Purpose:
        """A need looks for offers, an offer for needs."""
        return Purpose.OFFER if self is Purpose.NEED else Purpose.NEED


class Kind(StrEnum):
    """What sort of thing a line is about."""

    TOOL = "tool"
    SPACE = "space"
    KNOWLEDGE = "knowledge"
    VOLUNTEER = "volunteer"


class Basis(StrEnum):
    """On what terms it changes hands; never for a market price."""

    LOAN = "loan"
    GIFT = "gift"
    SHARING = "sharing"
    EXCHANGE = "exchange"
    SHARED_COST = "shared_cost"


class Source(StrEnum):
    """Who says that a line is about a concept; what is only suggested or was refused counts not."""

    AUTHOR = "author"
    RULE = "rule"
    SUGGESTED = "suggested"
    REFUSED = "refused"


BELIEVED = (Source.AUTHOR.value, Source.RULE.value)


class Attendance(StrEnum):
    """Where it happens: at the author's, at the other's, online, or carried to the other."""

    HERE = "here"
    THERE = "there"
    ONLINE = "online"
    CARRIED = "carried"


class Audience(StrEnum):
    """Who a published post is for."""

    PUBLIC = "public"
    MEMBERS = "members"


class Availability(StrEnum):
    """How much of a post is still open."""

    OPEN = "open"
    PARTLY_MET = "partly_met"
    MET = "met"


class Freshness(StrEnum):
    """How long ago a human said that it is still true."""

    FRESH = "fresh"
    TO_CONFIRM = "to_confirm"
    STALE = "stale"


class Publication(StrEnum):
    """Where a post stands between its author and its readers."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


class State(StrEnum):
    """The one word that a reader is told, in the API and on a closed post."""

    OPEN = "open"
    PARTLY_MET = "partly_met"
    MET = "met"
    PAUSED = "paused"
    EXPIRED = "expired"


class Outcome(StrEnum):
    """How it ended."""

    MET_HERE = "met_here"
    MET_ELSEWHERE = "met_elsewhere"
    PARTLY_MET = "partly_met"
    NO_ONE_CAME_FORWARD = "no_one_came_forward"
    NO_LONGER_NEEDED = "no_longer_needed"
    DID_NOT_HAPPEN = "did_not_happen"


class AnswersBand(StrEnum):
    """All that the public learns of the answers to a post: none yet, some, or full."""

    NONE = "none"
    SOME = "some"
    FULL = "full"


class Event(StrEnum):
    """What is written in a post's history."""

    DRAFTED = "drafted"
    PUBLISHED = "published"
    EDITED = "edited"
    CONFIRMED = "confirmed"
    PAUSED = "paused"
    RESUMED = "resumed"
    MET = "met"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    SUBMITTED = "submitted"
    DECLINED = "declined"
    HIDDEN = "hidden"
    RESTORED = "restored"
    EXPIRED = "expired"
    CLOSED = "closed"


class LineFacts(Protocol):
    """What the rules ask of a line."""

    @property
    def kind(self) -> Kind: ...
    @property
    def basis(self) -> Basis | None: ...
    @property
    def quantity(self) -> int | None: ...
    @property
    def committed(self) -> int: ...
    @property
    def removed_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


class PostFacts(Protocol):
    """What the rules ask of a post."""

    @property
    def purpose(self) -> Purpose: ...
    @property
    def audience(self) -> Audience: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def declined_at(self) -> datetime | None: ...
    @property
    def withdrawn_at(self) -> datetime | None: ...
    @property
    def hidden_at(self) -> datetime | None: ...
    @property
    def paused_at(self) -> datetime | None: ...
    @property
    def met_at(self) -> datetime | None: ...
    @property
    def expires_at(self) -> datetime | None: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def lines(self) -> Sequence[LineFacts]: ...


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks, as far as the rules care."""

    edits: bool = False
    moderates: bool = False
    is_member: bool = False


VISITOR = Reader()


class Page(IntEnum):
    """What a post's own address answers."""

    SHOWN = 200
    UNKNOWN = 404
    GONE = 410


def publication(post: PostFacts) -> Publication:
    """Return where the post stands; a moderator's word outweighs the author's."""
    for at, state in (
        (post.hidden_at, Publication.HIDDEN),
        (post.withdrawn_at, Publication.WITHDRAWN),
        (post.declined_at, Publication.DECLINED),
        (post.published_at, Publication.PUBLISHED),
        (post.submitted_at, Publication.SUBMITTED),
    ):
        if at is not None:
            return state
    return Publication.DRAFT


def is_active(line: LineFacts) -> bool:
    """A line counts until it is removed or closed."""
    return line.removed_at is None and line.closed_at is None


def is_past(last: date | None, this_day: date) -> bool:
    """Whether the last day of a line is over; without one it never is."""
    return last is not None and last < this_day


def is_used_up(line: LineFacts, purpose: Purpose) -> bool:
    """Whether a commitment takes from the line for good.

    A need that is found is found; what is lent, shared or entered comes back.
    """
    if line.quantity is None:
        return False
    if purpose is Purpose.NEED:
        return True
    return line.kind is not Kind.SPACE and line.basis in {None, Basis.GIFT, Basis.EXCHANGE}


def remaining(line: LineFacts) -> int | None:
    """Return how much is left right now, in the line's unit; None when not counted."""
    return None if line.quantity is None else max(0, line.quantity - line.committed)


def availability(post: PostFacts) -> Availability:
    """Say how much of the post is open, from its lines or its author's word."""
    active = [line for line in post.lines if is_active(line)]
    nothing_left = bool(post.lines) and all(
        is_used_up(line, post.purpose) and remaining(line) == 0 for line in active
    )
    if post.met_at is not None or nothing_left:
        return Availability.MET
    if any(line.committed > 0 for line in active):
        return Availability.PARTLY_MET
    return Availability.OPEN


def is_expired(post: PostFacts, at: datetime) -> bool:
    """Whether the announcement has ended."""
    return post.expires_at is not None and post.expires_at <= at


def is_closed(post: PostFacts, at: datetime) -> bool:
    """Whether it ended so long ago that only its own page tells of it."""
    return post.expires_at is not None and post.expires_at <= at - terms().closed_after


def freshness(post: PostFacts, at: datetime) -> Freshness:
    """Say how long ago a human stood by it; a dated post is fresh until it expires."""
    if post.expires_at is not None and at < post.expires_at:
        return Freshness.FRESH
    since = post.confirmed_at or post.published_at
    if since is None or at - since < terms().fresh_for:
        return Freshness.FRESH
    return Freshness.TO_CONFIRM if at - since < terms().stale_after else Freshness.STALE


def state(post: PostFacts, at: datetime) -> State:
    """Return the one word for a published post."""
    if post.paused_at is not None:
        return State.PAUSED
    if is_expired(post, at):
        return State.EXPIRED
    return State(availability(post).value)


def is_open(post: PostFacts, at: datetime) -> bool:
    """Whether anybody can still answer it."""
    return publication(post) is Publication.PUBLISHED and state(post, at) in {
        State.OPEN,
        State.PARTLY_MET,
    }


def audience_includes(post: PostFacts, reader: Reader) -> bool:
    """Whether a published post is for this reader."""
    return post.audience is Audience.PUBLIC or reader.is_member or reader.edits or reader.moderates


def in_lists(post: PostFacts, reader: Reader, at: datetime) -> bool:
    """Whether lists, search and the map show it."""
    return is_open(post, at) and audience_includes(post, reader)


def in_lists_of_closed(post: PostFacts, reader: Reader, at: datetime) -> bool:
    """Whether « aussi les annonces closes » brings it back: met or expired, not paused."""
    return (
        publication(post) is Publication.PUBLISHED
        and audience_includes(post, reader)
        and state(post, at) in {State.MET, State.EXPIRED}
        and not is_closed(post, at)
    )


def in_public(post: PostFacts, at: datetime) -> bool:
    """Whether indexes, feeds and public counts may hold it."""
    return is_open(post, at) and post.audience is Audience.PUBLIC


def in_widgets(post: PostFacts, at: datetime) -> bool:
    """Whether partners' sites show it and matching proposes it: public and not stale."""
    return in_public(post, at) and freshness(post, at) is not Freshness.STALE


def page(post: PostFacts, reader: Reader) -> Page:
    """Say what the post's own address answers this reader."""
    if reader.edits or reader.moderates:
        return Page.SHOWN
    match publication(post):
        case Publication.PUBLISHED:
            return Page.SHOWN if audience_includes(post, reader) else Page.UNKNOWN
        case Publication.WITHDRAWN | Publication.HIDDEN:
            was_seen = post.published_at is not None and audience_includes(post, reader)
            return Page.GONE if was_seen else Page.UNKNOWN
        case _:
            return Page.UNKNOWN


def is_indexable(post: PostFacts, at: datetime) -> bool:
    """Whether search engines outside may keep its page."""
    return in_public(post, at)


def may_publish(post: PostFacts) -> bool:
    """A draft, or a post withdrawn before, may go up."""
    return publication(post) in {Publication.DRAFT, Publication.WITHDRAWN}


def may_edit(post: PostFacts) -> bool:
    """What is withdrawn is not worked on; what a moderator took off may be put right."""
    return publication(post) is not Publication.WITHDRAWN


def may_withdraw(post: PostFacts) -> bool:
    """The author takes back what is up or still a draft."""
    return publication(post) in {Publication.DRAFT, Publication.SUBMITTED, Publication.PUBLISHED}


def may_pause(post: PostFacts, at: datetime) -> bool:
    """Only what is open can rest."""
    return is_open(post, at)


def may_resume(post: PostFacts) -> bool:
    """What rests can come back."""
    return publication(post) is Publication.PUBLISHED and post.paused_at is not None


def may_confirm(post: PostFacts, at: datetime) -> bool:
    """Saying « still true » makes sense for what is up and not over."""
    return is_open(post, at)


def may_mark_met(post: PostFacts) -> bool:
    """The author says that it is over, once."""
    return publication(post) is Publication.PUBLISHED and post.met_at is None


def may_reopen(post: PostFacts) -> bool:
    """The author takes the word « met » back."""
    return publication(post) is Publication.PUBLISHED and post.met_at is not None
