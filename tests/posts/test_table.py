"""Who sees a post where: the table of the domain, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from board.posts import rules
from board.posts.rules import Audience, Basis, Freshness, Kind, Page, Purpose, Reader, State

NOW = datetime(2026, 9, 15, 16, tzinfo=UTC)
DAY = timedelta(days=1)
EDITOR, MEMBER, VISITOR = Reader(edits=True), Reader(is_member=True), Reader()


@dataclass
class ALine:
    kind: Kind = Kind.TOOL
    basis: Basis | None = Basis.GIFT
    quantity: int | None = 4
    committed: int = 0
    removed_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass
class APost:
    purpose: Purpose = Purpose.OFFER
    audience: Audience = Audience.PUBLIC
    submitted_at: datetime | None = None
    published_at: datetime | None = NOW - DAY
    declined_at: datetime | None = None
    withdrawn_at: datetime | None = None
    hidden_at: datetime | None = None
    paused_at: datetime | None = None
    met_at: datetime | None = None
    expires_at: datetime | None = None
    confirmed_at: datetime | None = NOW - DAY
    lines: list[ALine] = field(default_factory=lambda: [ALine()])


@pytest.mark.parametrize(
    ("what", "visitor", "member", "closed", "page"),
    [
        ({}, True, True, False, Page.SHOWN),
        ({"audience": Audience.MEMBERS}, False, True, False, Page.UNKNOWN),
        ({"confirmed_at": NOW - 130 * DAY}, True, True, False, Page.SHOWN),
        ({"paused_at": NOW}, False, False, False, Page.SHOWN),
        ({"expires_at": NOW}, False, False, True, Page.SHOWN),
        ({"expires_at": NOW + DAY}, True, True, False, Page.SHOWN),
        ({"met_at": NOW}, False, False, True, Page.SHOWN),
        ({"withdrawn_at": NOW}, False, False, False, Page.GONE),
        ({"hidden_at": NOW}, False, False, False, Page.GONE),
        ({"published_at": None}, False, False, False, Page.UNKNOWN),
        ({"published_at": None, "withdrawn_at": NOW}, False, False, False, Page.UNKNOWN),
        ({"published_at": None, "submitted_at": NOW}, False, False, False, Page.UNKNOWN),
        ({"published_at": None, "declined_at": NOW}, False, False, False, Page.UNKNOWN),
        ({"audience": Audience.MEMBERS, "withdrawn_at": NOW}, False, False, False, Page.UNKNOWN),
    ],
)
def test_a_post_is_seen_where_the_table_says(
    what: dict[str, Any], visitor: bool, member: bool, closed: bool, page: Page
) -> None:
    post = APost(**what)
    assert rules.in_lists(post, VISITOR, NOW) is visitor
    assert rules.in_lists(post, MEMBER, NOW) is member
    assert rules.in_lists_of_closed(post, VISITOR, NOW) is closed
    assert rules.page(post, VISITOR) is page
    assert rules.page(post, EDITOR) is Page.SHOWN
    assert rules.in_public(post, NOW) is visitor


def test_a_stale_post_stays_in_lists_but_not_in_widgets() -> None:
    post = APost(confirmed_at=NOW - 130 * DAY)
    assert rules.freshness(post, NOW) is Freshness.STALE
    assert rules.in_lists(post, VISITOR, NOW)
    assert not rules.in_widgets(post, NOW)


@pytest.mark.parametrize(
    ("days", "freshness"),
    [(0, "fresh"), (89, "fresh"), (90, "to_confirm"), (119, "to_confirm"), (120, "stale")],
)
def test_freshness_follows_the_last_confirmation(days: int, freshness: str) -> None:
    assert rules.freshness(APost(confirmed_at=NOW - days * DAY), NOW) == freshness


@pytest.mark.parametrize(
    ("purpose", "lines", "state"),
    [
        (Purpose.OFFER, [ALine(committed=4)], State.MET),
        (Purpose.OFFER, [ALine(committed=1)], State.PARTLY_MET),
        (Purpose.OFFER, [ALine(basis=Basis.LOAN, committed=4)], State.PARTLY_MET),
        (Purpose.NEED, [ALine(basis=Basis.LOAN, committed=4)], State.MET),
        (Purpose.OFFER, [ALine(kind=Kind.SPACE, basis=None, committed=4)], State.PARTLY_MET),
        (Purpose.OFFER, [ALine(committed=4), ALine(basis=Basis.LOAN)], State.PARTLY_MET),
        (Purpose.OFFER, [ALine(committed=4), ALine(removed_at=NOW)], State.MET),
        (Purpose.OFFER, [ALine(quantity=None)], State.OPEN),
        (Purpose.NEED, [], State.OPEN),
    ],
)
def test_what_is_used_up_is_met(purpose: Purpose, lines: list[ALine], state: State) -> None:
    assert rules.state(APost(purpose=purpose, lines=lines), NOW) is state
