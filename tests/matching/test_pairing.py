"""What changes is matched in both directions; what closes is proposed no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from board import clock, debts, jobs, news
from board.clock import now, today
from board.database import will_write, writing
from board.extensions import db
from board.matching import owed
from board.matching.models import Block, Match
from board.matching.rules import KEPT_PER_LINE
from board.posts.models import Post, PostTag
from board.posts.rules import Attendance, Audience, Kind, Purpose
from board.search.candidates import FOR_MEMBERS
from board.taxonomy.models import Place
from tests.factories import make_organisation, make_post
from tests.matching.helpers import concept, drill, matches, need, offer, work

EITHER_FIRST = pytest.mark.parametrize("first", list(Purpose))


@EITHER_FIRST
def test_a_new_post_is_matched_whichever_came_first(app: Flask, first: Purpose) -> None:
    drill(first)
    work()
    assert matches() == []
    drill(first.opposite)
    work()
    (match,) = matches()
    assert match.score > 0.6
    assert {reason["part"] for reason in match.reasons} >= {"concepts", "text"}


def test_the_worker_starts_after_the_commit(app: Flask) -> None:
    need()
    offer()
    news.commit()
    will_write(False)
    assert matches() == []
    jobs.work_off(app)
    assert len(matches()) == 1
    assert debts.lag(owed.CONSUMER)[0] == 0


@pytest.mark.parametrize(
    "closing",
    ["withdrawn_at", "met_at", "paused_at", "hidden_at", "declined_at"],
)
def test_a_pair_goes_when_its_post_closes(app: Flask, closing: str) -> None:
    need()
    offered = offer()
    work()
    assert len(matches()) == 1
    will_write()
    setattr(db.session.get_one(Post, offered.id), closing, now())
    work()
    assert matches() == []


def test_what_time_closes_goes_by_the_clock(app: Flask) -> None:
    need(line={"needed_until": today("America/Toronto") + timedelta(days=3)})
    offer()
    offer(expires_at=now() + timedelta(days=30))
    work()
    assert len(matches()) == 2
    clock.fix(now() + timedelta(days=5))
    with writing():
        assert owed.forget_closed() == 2
    assert matches() == []


def test_a_stale_post_is_not_matched(app: Flask) -> None:
    need()
    offer(published_at=now() - timedelta(days=200))
    work()
    assert matches() == []


def test_a_changed_line_keeps_only_what_still_fits(app: Flask) -> None:
    asked = need()
    offer()
    work()
    will_write()
    line = db.session.get_one(Post, asked.id).lines[0]
    line.title, line.category_id = "Chaises", concept("chairs")
    line.post.title = "Quarante chaises"
    work()
    assert matches() == []


def test_a_removed_line_loses_its_pairs(app: Flask) -> None:
    asked = need()
    offer()
    work()
    will_write()
    db.session.get_one(Post, asked.id).lines[0].removed_at = now()
    work()
    assert matches() == []


def test_an_organisation_is_never_matched_with_itself(app: Flask) -> None:
    ours = make_organisation()
    need(ours)
    offer(ours)
    work()
    assert matches() == []


@EITHER_FIRST
def test_whoever_blocked_the_other_is_not_matched(app: Flask, first: Purpose) -> None:
    asking, offering = make_organisation(), make_organisation()
    pair = (asking, offering) if first is Purpose.NEED else (offering, asking)
    db.session.add(Block(organisation_id=pair[0].id, other_id=pair[1].id))
    need(asking)
    offer(offering)
    work()
    assert matches() == []


def test_an_unlisted_organisation_is_not_matched(app: Flask) -> None:
    need(make_organisation(unlisted_at=now()))
    offer()
    work()
    assert matches() == []


def test_a_post_for_members_is_matched_with_verified_organisations_only(app: Flask) -> None:
    offered = offer(make_organisation(verified_at=now()), audience=Audience.MEMBERS)
    need()
    work()
    assert matches() == []
    asked = need(make_organisation(verified_at=now()))
    work()
    (match,) = matches()
    assert (match.need_line_id, match.offer_line_id) == (asked.lines[0].id, offered.lines[0].id)


@EITHER_FIRST
@pytest.mark.parametrize("for_members", list(Purpose))
def test_words_no_category_knows_meet_what_is_for_members_whichever_came_first(
    app: Flask, first: Purpose, for_members: Purpose
) -> None:
    titles = {Purpose.NEED: "Un gaufrier zarbok à emprunter",
              Purpose.OFFER: "Nous prêtons un gaufrier zarbok"}  # fmt: skip
    verified = [make_organisation(verified_at=now()) for _ in titles]
    for by, purpose in zip(verified, (first, first.opposite), strict=True):
        audience = Audience.MEMBERS if purpose is for_members else Audience.PUBLIC
        _waffle_iron(purpose, titles[purpose], by=by, audience=audience)
        work()
    _waffle_iron(for_members.opposite, titles[for_members.opposite], by=make_organisation())
    work()
    made = [(m.need_line_id, m.offer_line_id) for m in matches()]
    assert len(made) == 1, "the third organisation is not verified"
    with writing():
        owed.owe_all()
        owed.pay()
    assert [(m.need_line_id, m.offer_line_id) for m in matches()] == made


def _waffle_iron(purpose: Purpose, title: str, **values: Any) -> Post:
    line = {"title": "Gaufrier zarbok", "kind": Kind.TOOL, "category_id": None}
    return make_post(purpose=purpose, title=title, lines=[line], **values)


def test_what_is_for_members_is_found_by_an_index_of_its_own(app: Flask) -> None:
    sought = select(Post.id).where(FOR_MEMBERS).order_by(Post.ranked_at.desc())
    if db.engine.dialect.name == "sqlite":
        how = db.session.execute(text(f"EXPLAIN QUERY PLAN {sought}")).all()
        assert "ix_post_for_members" in str(how)


def test_a_draft_is_never_matched(app: Flask) -> None:
    need(published_at=None)
    offer()
    work()
    assert matches() == []


def test_what_is_too_far_to_carry_is_not_matched(app: Flask) -> None:
    towns = {place.name: place.id for place in db.session.scalars(
        select(Place).where(Place.name.in_(("Québec", "Matane"))))}  # fmt: skip
    need(place_id=towns["Québec"], line={"reach_km": 50})
    offer(place_id=towns["Matane"])
    work()
    assert matches() == []


def test_what_happens_online_is_matched_at_any_distance(app: Flask) -> None:
    towns = {place.name: place.id for place in db.session.scalars(
        select(Place).where(Place.name.in_(("Québec", "Matane"))))}  # fmt: skip
    online = {"reach_km": 50, "attendance": Attendance.ONLINE}
    need(place_id=towns["Québec"], line=online)
    offer(place_id=towns["Matane"], line=online)
    work()
    assert len(matches()) == 1


def test_a_typing_error_is_read_and_told(app: Flask) -> None:
    for _ in range(6):
        offer(published_at=now() - timedelta(days=300))  # stale: words that are known, no pairs
    make_post(purpose=Purpose.OFFER, title="Perceusse sans fil",
              lines=[{"title": "Perceusse", "kind": Kind.TOOL}])  # fmt: skip
    need(line={"category_id": None})
    work()
    (match,) = matches()
    (told,) = [reason for reason in match.reasons if reason["part"] == "text"]
    assert {"here": "perceuse", "there": "perceusse", "read": "perceuse"} in told["words"]


def test_a_shared_tag_alone_convinces_nobody(app: Flask) -> None:
    asked = need(line={"category_id": concept("freezer"), "title": "Congélateur"},
                 title="Congélateur coffre")  # fmt: skip
    offered = offer(line={"category_id": concept("snow_blower"), "title": "Souffleuse"},
                    title="Souffleuse à neige")  # fmt: skip
    for post in (asked, offered):
        post.tags.append(PostTag(text="hiver", folded="hiver"))
    work()
    assert matches() == []


def test_a_need_finds_an_offer_in_another_language_through_concepts(app: Flask) -> None:
    need()
    offer(language="en", title="Hammer drill with bits", line={"title": "Hammer drill"})
    work()
    assert len(matches()) == 1


def test_a_line_keeps_its_best_fifty(app: Flask) -> None:
    need()
    for _ in range(KEPT_PER_LINE + 2):
        offer()
    work()
    assert len(matches()) == KEPT_PER_LINE
    need()
    work()
    per_line = select(func.count()).select_from(Match).group_by(Match.need_line_id)
    assert max(db.session.scalars(per_line)) == KEPT_PER_LINE


def test_matching_again_changes_nothing(app: Flask) -> None:
    need()
    offer()
    work()
    before = [(m.id, m.score, m.reasons) for m in matches()]
    with writing():
        owed.owe_all()
        assert owed.pay() == 2
    assert [(m.id, m.score, m.reasons) for m in matches()] == before


def test_a_rebuild_that_was_stopped_goes_on(app: Flask) -> None:
    for _ in range(4):
        need()
        offer()
    work()
    with writing():
        assert owed.owe_all() == 8

        class Stopped(Exception):
            pass

        def stop(_n: int) -> None:
            raise Stopped

        with pytest.raises(Stopped):
            owed.pay(stop)
        assert owed.owe_all() == 8 - owed.TOGETHER
    result = app.test_cli_runner().invoke(args=["match", "rebuild"])
    assert f"{8 - owed.TOGETHER} posts matched" in result.output
    assert len(matches()) == 16


def test_a_post_that_cannot_be_matched_holds_up_no_other(app: Flask) -> None:
    odd = need()
    need()
    offer()
    news.commit()
    with writing():
        db.session.execute(
            text("UPDATE line SET kind = 'spoon' WHERE post_id = :id"), {"id": odd.id}
        )
        news.commit()
        owed.pay()
    assert len(matches()) == 1
    assert debts.lag(owed.CONSUMER)[0] == 1
