"""The rules of the board, what a moderator may decide, and how long things wait."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from board.accounts.rules import Limit
from board.posts.rules import Publication

TEXT_MAX = 1_000
MOST_OPEN = 50
MASKED_BELOW = 5
HELD_FOR = timedelta(hours=48)
ASKED_FOR = timedelta(days=14)
DOUBT_AFTER_CONFIRMATION = timedelta(days=7)
DOUBT_AGAIN_AFTER = timedelta(days=14)
KEEP_ADDRESS = timedelta(days=90)
REPORTS_BY_NETWORK = Limit(10, timedelta(hours=1))
REPORTS_BY_PERSON = Limit(20, timedelta(days=1))
REPORTS_TO_ADDRESS = Limit(5, timedelta(days=1))
DOUBTS_BY_NETWORK = Limit(10, timedelta(hours=1))


class Rule(StrEnum):
    """A rule of the board, in the order of the page that publishes them."""

    TRUE = "true"
    OWN_NAME = "own_name"
    NOT_FOR_SALE = "not_for_sale"
    RESPECT = "respect"
    PRIVACY = "privacy"
    SAFETY = "safety"
    IN_PLACE = "in_place"

    @property
    def number(self) -> int:
        """Its number, by which people cite it."""
        return list(Rule).index(self) + 1


class Verdict(StrEnum):
    """What a moderator decides."""

    HIDE = "hide"
    RESTORE = "restore"
    DECLINE = "decline"
    RELEASE = "release"
    KEEP = "keep"
    VERIFY = "verify"
    UNVERIFY = "unverify"


class Cause(StrEnum):
    """Why a post is held before it is published."""

    NEWCOMER = "newcomer"
    NAMING = "naming"


class Answer(StrEnum):
    """What a named organisation says, or that its name was taken out meanwhile."""

    YES = "yes"
    NO = "no"
    DROPPED = "dropped"


class Waiting(StrEnum):
    """Why something is in the moderators' queue."""

    APPEAL = "appeal"
    REPORT = "report"
    HELD = "held"
    NAMING = "naming"
    LOOK_ALIKE = "look_alike"
    UNVERIFIED = "unverified"


APPEALABLE = frozenset({Verdict.HIDE, Verdict.DECLINE, Verdict.UNVERIFY})
_ON_POSTS = {
    Publication.PUBLISHED: (Verdict.HIDE, Verdict.KEEP),
    Publication.WITHDRAWN: (Verdict.HIDE, Verdict.KEEP),
    Publication.SUBMITTED: (Verdict.RELEASE, Verdict.DECLINE),
    Publication.DECLINED: (Verdict.RELEASE, Verdict.KEEP),
    Publication.HIDDEN: (Verdict.RESTORE, Verdict.KEEP),
    Publication.DRAFT: (),
}


def verdicts_on_post(publication: Publication) -> tuple[Verdict, ...]:
    """What may be decided about a post that stands there; drafts are nobody's business."""
    return _ON_POSTS[publication]


def verdicts_on_organisation(*, hidden: bool, verified: bool) -> tuple[Verdict, ...]:
    """What may be decided about an open organisation."""
    if hidden:
        return (Verdict.RESTORE, Verdict.KEEP)
    badge = Verdict.UNVERIFY if verified else Verdict.VERIFY
    return (badge, Verdict.KEEP, Verdict.HIDE)


def masked(n: int) -> int | None:
    """A count that is published: small ones are not, for people stand behind them."""
    return n if n == 0 or n >= MASKED_BELOW else None
