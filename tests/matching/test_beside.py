"""The panel beside a sentence asks matching itself: the same pairs, for the same people."""

from __future__ import annotations

from flask import Flask, g

from board import news
from board.clock import now
from board.extensions import db
from board.matching import beside
from board.matching.models import Block
from board.organisations.models import Organisation
from board.posts.rules import Audience, Purpose
from board.posts.similar import Written
from tests.factories import make_organisation
from tests.matching.helpers import matches, need, offer, work


def found(app: Flask, organisation: Organisation | None = None) -> list[int]:
    """The posts that are shown beside « une perceuse pour poser des tablettes »."""
    written = Written("Une perceuse pour poser des tablettes", Purpose.NEED, "Perceuse", "tool",
                      "drill", organisation.id if organisation else None)  # fmt: skip
    with app.test_request_context("/fr/"):
        g.language = "fr"
        return [one.post_id for one in beside.find(written, 12)]


def test_what_is_shown_is_what_is_matched_once_it_is_published(app: Flask) -> None:
    same, akin = offer(), offer(title="Perceuse à colonne", line={"title": "Perceuse à colonne"})
    offer(title="Scie à chaîne", line={"title": "Scie à chaîne", "category_id": None})
    news.commit()
    shown = found(app)
    ours = make_organisation()
    need(ours)
    work()
    kept = {match.offer_line_id: match.score for match in matches()}
    ends = {post.lines[0].id: post.id for post in (same, akin)}
    assert kept.keys() == ends.keys()
    best_first = sorted(ends, key=lambda line_id: -kept[line_id])
    assert shown == [ends[line_id] for line_id in best_first]


def test_a_post_for_members_is_shown_to_verified_organisations_alone(app: Flask) -> None:
    offered = offer(make_organisation(verified_at=now()), audience=Audience.MEMBERS)
    verified, unknown = make_organisation(verified_at=now()), make_organisation()
    news.commit()
    assert found(app) == found(app, unknown) == []
    assert found(app, verified) == [offered.id]


def test_whoever_is_kept_apart_is_not_shown(app: Flask) -> None:
    ours, theirs = make_organisation(), make_organisation()
    db.session.add(Block(organisation_id=theirs.id, other_id=ours.id))
    offered = offer(theirs)
    news.commit()
    assert found(app, ours) == []
    assert found(app, make_other(theirs)) == [offered.id]


def make_other(than: Organisation) -> Organisation:
    """An organisation that nobody keeps apart."""
    other = make_organisation()
    news.commit()
    assert other.id != than.id
    return other
