"""What SQL says of a post is what the rules say of it, in every state."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, select

from board.extensions import db
from board.posts import rules, visibility
from board.posts.models import Post
from board.posts.rules import Audience, Basis, Kind, Purpose, Reader
from tests.conftest import NOW
from tests.factories import make_organisation, make_post

MARKS = ("declined_at", "withdrawn_at", "hidden_at", "paused_at", "met_at", "submitted_at")
READERS = (Reader(), Reader(is_member=True), Reader(edits=True), Reader(moderates=True))
AGES = [timedelta(0), timedelta(seconds=1), timedelta(days=90), timedelta(days=90, seconds=-1),
        timedelta(days=120), timedelta(days=120, seconds=-1), timedelta(days=400)]  # fmt: skip


def some_line(choose: random.Random) -> dict[str, Any]:
    """A line in some state, within what the database allows."""
    quantity = choose.choice([None, 1, 2])
    return {
        "kind": choose.choice(list(Kind)),
        "basis": choose.choice([None, *Basis]),
        "quantity": quantity,
        "committed": choose.randint(0, quantity or 1),
        "closed_at": choose.choice([None, None, NOW]),
        "removed_at": choose.choice([None, None, NOW]),
    }


def some_posts() -> list[Post]:
    """Posts in many states, the same each time."""
    choose = random.Random(3)
    by = make_organisation()
    rare = [None, None, None, None, NOW]
    made = []
    for _ in range(600):
        published = choose.choice([None, *(NOW - age for age in AGES), NOW])
        ends = choose.choice([None, None, NOW, NOW + timedelta(seconds=1), NOW - timedelta(days=1)])
        marks = {name: choose.choice(rare) for name in MARKS}
        made.append(make_post(
            by=by, purpose=choose.choice(list(Purpose)), audience=choose.choice(list(Audience)),
            published_at=published, confirmed_at=choose.choice([None, *(NOW - a for a in AGES)]),
            expires_at=ends, lines=[some_line(choose) for _ in range(choose.randint(0, 3))],
            **marks))  # fmt: skip
    db.session.commit()
    return made


def held(condition: ColumnElement[bool]) -> set[int]:
    return set(db.session.scalars(select(Post.id).where(condition)))


def test_sql_and_rules_agree_on_every_post(app: Flask) -> None:
    posts = some_posts()
    everything: list[tuple[ColumnElement[bool], Callable[[Post], bool]]] = [
        (visibility.public(NOW), lambda p: rules.in_public(p, NOW)),
        (visibility.in_widgets(NOW), lambda p: rules.in_widgets(p, NOW)),
        (visibility.is_open(NOW), lambda p: rules.is_open(p, NOW)),
        (visibility.met_sql(), lambda p: rules.availability(p) is rules.Availability.MET),
        (visibility.expired_sql(NOW), lambda p: rules.is_expired(p, NOW)),
        (visibility.published(), lambda p: rules.publication(p) is rules.Publication.PUBLISHED),
    ]
    for sql, rule in everything:
        expected = {post.id for post in posts if rule(post)}
        assert held(sql) == expected
        assert expected
    for reader in READERS:
        lists = {p.id for p in posts if rules.in_lists(p, reader, NOW)}
        closed = {p.id for p in posts if rules.in_lists_of_closed(p, reader, NOW)}
        assert held(visibility.listed(reader, NOW)) == lists
        assert held(visibility.listed_closed(reader, NOW)) == closed
        assert lists
        assert closed


def test_sql_and_rules_agree_on_freshness(app: Flask) -> None:
    posts = [post for post in some_posts() if post.published_at is not None]
    found = dict(db.session.execute(select(Post.id, visibility.freshness_sql(NOW))).all())
    stale = held(visibility.stale_sql(NOW))
    for post in posts:
        expected = rules.freshness(post, NOW)
        assert found[post.id] == expected.value
        assert (post.id in stale) == (expected is rules.Freshness.STALE)
