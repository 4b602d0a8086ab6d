"""Needs are compared with private lines by the same gates, and by what owners alone said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from board import news
from board.clock import now, today
from board.database import will_write, writing
from board.extensions import db
from board.matching import blocks
from board.matching import owed as public_owed
from board.matching.models import Block
from board.matching.rules import KEPT_PER_LINE
from board.news import BoardVersion
from board.posts.models import Post
from board.posts.rules import Attendance, Audience, Purpose
from board.private import queries
from board.private.models import PrivateLine, PrivateMatch
from tests.factories import make_membership, make_organisation, make_person
from tests.matching.helpers import need, offer
from tests.private.helpers import hands, keep_profile, keep_sleeping, private_matches, work

MONDAY = date(2026, 9, 21)


@pytest.mark.parametrize("profile_first", [True, False])
def test_a_profile_meets_a_need_whichever_came_first(app: Flask, profile_first: bool) -> None:
    person = make_person()
    if profile_first:
        keep_profile(person)
        work()
    hands()
    work()
    if not profile_first:
        assert private_matches() == []
        will_write()
        keep_profile(person)
        work()
    (match,) = private_matches()
    assert match.score > 0.4
    assert "concepts" in {reason["part"] for reason in match.reasons}


KEPT_AWAY: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"languages": "en,es"}, {}),
    ({"weekdays": "56"}, {"line": {"needed_from": MONDAY, "needed_until": MONDAY}}),
    ({"never": "soupe"}, {}),
    ({"never": "porter, cuisiner"}, {}),
    ({"needed_until": MONDAY - timedelta(days=1)}, {"line": {"needed_from": MONDAY}}),
    ({"attendance": Attendance.ONLINE}, {"line": {"attendance": Attendance.HERE}}),
    ({"paused": True}, {}),
    ({}, {"audience": Audience.MEMBERS}),
    ({}, {"published_at": None}),
]


def test_what_was_said_beforehand_keeps_a_need_away(app: Flask) -> None:
    apart = {}
    for said, asked in KEPT_AWAY:
        profile, post = keep_profile(make_person(), **said), hands(**asked)
        apart[post.lines[0].id, profile.id] = (said, asked)
    work()
    found = {(match.need_line_id, match.private_line_id) for match in private_matches()}
    assert found
    for pair, why in apart.items():
        assert pair not in found, why


def test_what_fits_every_wish_is_kept(app: Flask) -> None:
    wishes = {"languages": "fr", "weekdays": "01", "never": "conduire", "needed_from": MONDAY}
    keep_profile(make_person(), **wishes)
    hands(line={"needed_from": MONDAY, "needed_until": MONDAY})
    work()
    assert len(private_matches()) == 1


@pytest.mark.parametrize("by_address", [False, True], ids=["by account", "by address"])
def test_nobody_is_asked_by_their_own_organisation_nor_by_one_that_blocked_them(
    app: Flask, by_address: bool
) -> None:
    person, ours, theirs = make_person(), make_organisation(), make_organisation()
    make_membership(person, ours)
    whom = {"email_folded": person.email_folded} if by_address else {"person_id": person.id}
    db.session.add(Block(organisation_id=theirs.id, **whom))
    keep_profile(person)
    hands(ours)
    hands(theirs)
    work()
    assert private_matches() == []


def test_a_need_for_members_is_for_those_of_verified_organisations(app: Flask) -> None:
    person = make_person()
    make_membership(person, make_organisation(verified_at=now()))
    keep_profile(person)
    hands(make_organisation(verified_at=now()), audience=Audience.MEMBERS)
    work()
    assert len(private_matches()) == 1


def test_a_sleeping_offer_meets_needs_and_never_offers(app: Flask) -> None:
    keep_sleeping(make_organisation())
    asked = need()
    offer()
    work()
    (match,) = private_matches()
    assert match.need_line_id == asked.lines[0].id


def test_a_sleeping_offer_of_somebody_blocked_or_gone_meets_nothing(app: Flask) -> None:
    ours, theirs = make_organisation(), make_organisation()
    db.session.add(Block(organisation_id=theirs.id, other_id=ours.id))
    keep_sleeping(ours)
    keep_sleeping(make_organisation(unlisted_at=now()))
    need(theirs)
    work()
    assert private_matches() == []


def test_a_pair_goes_when_its_need_is_met_and_when_its_profile_changes(app: Flask) -> None:
    person = make_person()
    keep_profile(person)
    asked, other = hands(), hands()
    work()
    assert len(private_matches()) == 2
    will_write()
    db.session.get_one(Post, asked.id).met_at = now()
    work()
    (left,) = private_matches()
    assert left.need_line_id == other.lines[0].id
    will_write()
    keep_profile(person, never="soupe")
    work()
    assert private_matches() == []


def test_a_profile_keeps_its_best_fifty(app: Flask) -> None:
    keep_profile(make_person())
    for _ in range(KEPT_PER_LINE + 1):
        hands()
    work()
    assert len(private_matches()) == KEPT_PER_LINE


def test_matching_privately_moves_nothing_public(app: Flask) -> None:
    hands()
    work()
    before = db.session.scalar(select(BoardVersion.number))
    will_write()
    keep_profile(make_person(language="fr"))
    db.session.flush()
    people = db.session.scalar(select(func.count(PrivateLine.id)))
    work()
    assert people == 1
    assert len(private_matches()) == 1
    assert db.session.scalar(select(BoardVersion.number)) == before


def test_a_rebuild_finds_private_pairs_again(app: Flask) -> None:
    keep_profile(make_person())
    hands(line={"needed_until": today("America/Toronto")})
    work()
    will_write()
    db.session.execute(PrivateMatch.__table__.delete())  # type: ignore[attr-defined]
    news.commit()
    with writing():
        public_owed.owe_all()
        public_owed.pay()
        public_owed.pay_theirs()
    assert len(private_matches()) == 1
    assert db.session.scalar(select(Post.purpose)) is Purpose.NEED


def test_who_is_turned_away_by_their_address_is_proposed_nothing_at_once(app: Flask) -> None:
    person, ours = make_person(email="lou@example.org"), make_organisation()
    line = keep_profile(person)
    hands(ours)
    work()
    assert len(queries.for_person(person, line)) == 1
    blocks.block_address(organisation=ours, email="Lou@example.org")
    assert not queries.for_person(person, line), "before the worker's turn"
    work()
    assert not private_matches(), "and nothing is kept"
    blocks.lift(organisation=ours, block_id=blocks.list_of(ours.id)[0].id)
    work()
    assert len(private_matches()) == 1
