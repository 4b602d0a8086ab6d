"""`flask seed` and `flask init`, on real databases."""

from __future__ import annotations

import stat
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from board import news, uploads
from board.accounts import passwords
from board.accounts import queries as accounts
from board.answers.models import Commitment, Response, ResponseLine
from board.clock import now
from board.database import writing
from board.extensions import db
from board.organisations.models import Membership, Organisation
from board.photos.models import Upload
from board.posts import rules
from board.posts.models import Line, Post, PostEvent, PostRevision
from board.posts.rules import Freshness, Publication, State
from board.posts.values import snapshot, values_of
from board.sample import seed
from board.sample.accounts import accounts_file, accounts_words
from tests.factories import make_post

PICTURED = [
    ("Chaises pliantes et tables pour vos fêtes de quartier", [(40, 12), (6, 4)]),
    ("Deux personnes pour la soupe du jeudi midi", [(5, 2)]),
    ("Une salle pour nos ateliers de francisation, accessible en fauteuil roulant", [(1, 1)]),
    ("Coup de main en comptabilité pour petits organismes", [(8, 5)]),
    ("Perceuse à percussion et coffre de mèches", [(1, 1)]),
    ("Congélateur coffre, même usagé, pour la banque alimentaire", [(1, 1)]),
    ("Cuisine certifiée, libre le lundi et le mardi", [(4, 1)]),
    ("Conductrices et conducteurs pour livrer des repas aux aînés", [(10, 7)]),
    ("Quelqu’un qui sait réparer des machines à coudre", [(2, 2)]),
    ("Bacs de jardin en bois, à venir chercher", [(15, 9)]),
]


def sow(posts: int = 300) -> seed.SeedReport:
    """Seed as the command does."""
    with writing():
        return seed.seed(posts=posts)


def count(model: type[Any]) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_seeding_twice_is_seeding_once(app: Flask) -> None:
    first = sow()
    before = [count(model) for model in (Post, Line, PostEvent, Organisation, Membership)]
    again = sow()
    assert (first.posts, first.organisations, first.accounts) == (300, 31, 2)
    assert (again.posts, again.organisations, again.accounts) == (0, 0, 0)
    assert [count(m) for m in (Post, Line, PostEvent, Organisation, Membership)] == before


def test_asked_for_a_thousand_it_adds_what_is_missing(app: Flask) -> None:
    sow()
    assert sow(posts=1_000).posts == 700
    assert count(Post) == 1_000
    assert db.session.scalar(select(Line.id).where(Line.category_id.is_(None))) is None
    languages = Counter(db.session.scalars(select(Post.language).where(Post.id > 0)))
    assert languages["fr"] > languages["en"] > languages["es"] > 30
    assert (db.session.scalar(select(func.count(Post.place_id.distinct()))) or 0) > 200


def test_some_sample_posts_have_photos_and_each_is_described(app: Flask) -> None:
    sow(posts=10)
    photos = db.session.scalars(select(Upload).order_by(Upload.post_id, Upload.position)).all()
    assert len({photo.post_id for photo in photos}) == 4
    assert len(photos) == 6
    assert all(photo.alt and uploads.store().get(photo.digest, "400.webp") for photo in photos)


def test_a_board_that_lives_is_left_alone(app: Flask) -> None:
    make_post(title="La vraie annonce")
    db.session.commit()
    assert sow().has_own_posts
    assert count(Post) == 1


def test_the_pictured_posts_open_the_board_with_their_numbers(app: Flask) -> None:
    sow(posts=400)
    newest = select(Post).where(Post.ranked_at.is_not(None)).order_by(Post.ranked_at.desc())
    shown = [
        (post.title, [(line.quantity, rules.remaining(line)) for line in post.lines])
        for post in db.session.scalars(newest.limit(10))
    ]
    assert shown == PICTURED


def test_posts_are_in_every_state_that_readers_can_meet(app: Flask) -> None:
    sow()
    posts = list(db.session.scalars(select(Post).order_by(Post.id)))
    published = [p for p in posts if rules.publication(p) is Publication.PUBLISHED]
    assert {rules.publication(p) for p in posts} == {
        Publication.DRAFT, Publication.PUBLISHED, Publication.WITHDRAWN
    }  # fmt: skip
    assert {rules.state(p, now()) for p in published} == set(State)
    fresh = Counter(rules.freshness(p, now()) for p in published)
    assert fresh[Freshness.FRESH] > 230
    assert 15 <= fresh[Freshness.TO_CONFIRM] <= 35
    assert 8 <= fresh[Freshness.STALE] <= 20


def test_a_sample_post_has_the_history_and_the_words_of_a_real_one(app: Flask) -> None:
    sow()
    kept: dict[int, Any] = dict(
        db.session.execute(select(PostRevision.post_id, PostRevision.snapshot)).all()
    )
    for post in db.session.scalars(select(Post).order_by(Post.id).limit(60)):
        assert kept[post.id] == snapshot(values_of(post))
        steps = [event.at for event in post.events]
        assert steps == sorted(steps)
        assert steps[-1] <= now()
        assert bool(post.body_md) == bool(post.body_html)


def test_what_the_public_may_find_is_found(app: Flask, client: Any) -> None:
    sow()
    posts = db.session.scalars(select(Post))
    public = sum(rules.in_public(post, now()) for post in posts)
    db.session.rollback()
    assert client.get("/api/v1/posts").json["total"] == public
    found = client.get("/api/v1/posts?q=presse+à+cidre").json
    assert found["total"] >= 5


def test_sample_people_sign_in_with_passwords_of_this_installation(app: Flask) -> None:
    settings = app.config["BOARD"]
    sow()
    assert stat.S_IMODE(accounts_file(settings).stat().st_mode) == 0o600
    rows = [line.split("\t") for line in accounts_file(settings).read_text("utf-8").splitlines()]
    assert len({password for _email, password, _words in rows}) == 2
    for email, password, _words in rows:
        person = accounts.find_by_email(email)
        assert person is not None
        assert passwords.matches(person.password_hash, password)
        assert password in accounts_words(settings)


def test_a_board_that_others_reach_gets_no_sample_account(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = replace(app.config["BOARD"], base_url="https://babillard.example.org")
    monkeypatch.setitem(app.config, "BOARD", public)
    assert sow().accounts == 0
    assert count(Membership) == 0
    assert accounts_words(public) == ""


def test_the_commands_say_what_they_did(app: Flask) -> None:
    runner = app.test_cli_runner()
    told = runner.invoke(args=["seed", "--posts", "310"], catch_exceptions=False).output
    assert "310 posts, 31 organisations and 2 accounts added" in told
    assert "0 concepts and 0 places" in runner.invoke(args=["init"], catch_exceptions=False).output


def test_an_empty_real_board_has_words_and_places_only(app: Flask) -> None:
    app.test_cli_runner().invoke(args=["init"], catch_exceptions=False)
    news.commit()
    assert [count(model) for model in (Post, Organisation, Membership)] == [0, 0, 0]


def test_what_is_promised_was_answered_by_somebody_and_some_answers_wait(app: Flask) -> None:
    sow()
    rows = select(ResponseLine.line_id, func.sum(Commitment.quantity)).join(Commitment)
    promised = {key: int(n) for key, n in db.session.execute(rows.group_by(ResponseLine.line_id))}
    lines = select(Line.id, Line.committed).where(Line.committed > 0)
    assert promised == {row[0]: row[1] for row in db.session.execute(lines)}
    states = {state.value for state in db.session.scalars(select(Response.state).distinct())}
    assert states == {"received", "in_review", "reserve", "committed"}
