"""Each feed is read by a parser that is not ours, and by the rules of its format."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import feedparser
import icalendar
import jsonschema
from flask import Flask
from sqlalchemy import text

from board import news
from board.clock import fix
from board.extensions import db
from board.interchange import queries
from board.posts.models import Line, Post
from board.posts.rules import Audience, Purpose
from board.taxonomy.place_queries import find_place_by_text
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient

URL = {"type": "string", "pattern": "^https?://"}
# The shape of JSON Feed 1.1 as its text says it: required members, types, extensions by underscore.
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        "home_page_url": URL, "feed_url": URL, "next_url": URL,
        "language": {"type": "string"},
        "items": {"type": "array", "items": {
            "type": "object",
            "required": ["id", "content_html"],
            "properties": {
                "id": {"type": "string"}, "url": URL, "title": {"type": "string"},
                "content_html": {"type": "string"}, "language": {"type": "string"},
                "date_published": {"type": "string", "format": "date-time"},
                "date_modified": {"type": "string", "format": "date-time"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "authors": {"type": "array", "items": {
                    "type": "object", "properties": {"name": {"type": "string"}, "url": URL},
                    "additionalProperties": False}},
            },
            "patternProperties": {"^_": {"type": "object"}},
            "additionalProperties": False,
        }},
    },
    "patternProperties": {"^_": {"type": "object"}},
    "additionalProperties": False,
}  # fmt: skip


def soup(**values: Any) -> Post:
    """A need with awkward letters, a date and a place."""
    line = {"title": "Aide, service; vaisselle", "quantity": 5, "committed": 3,
            "needed_from": date(2026, 9, 24), "needed_until": date(2026, 9, 25)}  # fmt: skip
    post = make_post(**{
        "by": make_organisation(slug="cuillere", name="Cuillère & bois"),
        "purpose": Purpose.NEED, "title": "Soupe <midi> & « pain » ]]>", "lines": [line],
        "place": find_place_by_text("Matane"), "body_html": "<p>Un &amp; deux.</p>", **values,
    })  # fmt: skip
    news.commit()
    return post


def test_atom_and_rss_are_read_by_a_feed_reader(client: CheckedClient) -> None:
    post = soup()
    for form, version in (("atom", "atom10"), ("rss", "rss20")):
        answer = client.get(f"/fr/feed.{form}")
        read = feedparser.parse(answer.get_data())
        assert (read.bozo, read.version, len(read.entries)) == (False, version, 1)
        entry = read.entries[0]
        assert entry.id == f"urn:uuid:{post.uuid}"
        assert entry.title == "Besoin\u00a0: Soupe <midi> & « pain » ]]>"
        assert entry.link.endswith(f"/p/{post.uuid}")
        assert entry.author == "Cuillère & bois"
        assert "Un &amp; deux." in (entry.get("summary") or "")
        assert {"need", "open", "tool", "partly_met"} & {tag.term for tag in entry.tags}
        point = entry.where["coordinates"]
        assert [round(value, 2) for value in point] == list(point)


def test_json_feed_has_its_published_shape(client: CheckedClient) -> None:
    post = soup()
    body = client.get("/fr/feed.json").get_json(force=True)
    jsonschema.validate(body, JSON_FEED, format_checker=jsonschema.FormatChecker())
    ours = body["items"][0]["_babillard"]
    assert (ours["purpose"], ours["state"]) == ("need", "partly_met")
    assert ours["lines"][0]["remaining"] == 2
    assert ours["location"]["label"] == post.place.label  # type: ignore[union-attr]


def test_dated_lines_are_events_of_a_calendar(client: CheckedClient) -> None:
    post = soup()
    make_post(title="Sans date " + "é" * 70)
    long = {"title": "é" * 80, "needed_from": date(2026, 9, 20), "needed_until": date(2026, 9, 20)}
    make_post(title="Long", lines=[long])
    news.commit()
    body = client.get("/fr/feed.ics").get_data()
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    read = icalendar.Calendar.from_ical(body)
    events: list[Any] = list(read.walk("VEVENT"))
    assert not any(event.errors for event in events)
    assert len(events) == 2
    soups = next(e for e in events if "Soupe" in str(e["SUMMARY"]))
    assert soups["UID"].startswith(str(post.lines[0].uuid))
    assert "Aide, service; vaisselle" in str(soups["SUMMARY"])
    assert (soups["DTSTART"].dt, soups["DTEND"].dt) == (date(2026, 9, 24), date(2026, 9, 26))
    assert (soups["STATUS"], soups["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")


def test_a_feed_follows_the_boards_own_search(client: CheckedClient) -> None:
    soup()
    make_post(title="Perceuse")
    news.commit()
    titles = [e.title for e in feedparser.parse(client.get("/fr/feed.rss?q=soupe").data).entries]
    assert len(titles) == 1
    here = client.get("/fr/feed.atom?purpose=need&place=Matane").get_data(as_text=True)
    assert "place=Matane" in here
    for wrong in ("colour=red", "kind=gold", "place=Zzyzx", "organisation=nobody"):
        assert client.get(f"/fr/feed.json?{wrong}").status_code == 400, wrong
    head = client.get("/fr/?purpose=need&page=1").get_data(as_text=True)
    assert "/fr/feed.atom?purpose=need" in head
    assert client.get("/fr/organisations/cuillere/feed.atom").data.count(b"<entry") == 1
    assert "/fr/organisations/cuillere/feed.ics" in client.get(
        "/fr/organisations/cuillere"
    ).get_data(as_text=True)
    assert client.get("/fr/organisations/personne/feed.atom").status_code == 404


def test_what_closed_stays_thirty_days_with_its_state(client: CheckedClient) -> None:
    post = soup(expires_at=NOW + timedelta(days=1))
    fix(NOW + timedelta(days=2))
    assert b'state" term="expired"' in client.get("/fr/feed.atom").data
    assert "(Terminée)" in client.get("/fr/feed.atom").get_data(as_text=True)
    fix(NOW + timedelta(days=32))
    assert b"<entry" not in client.get("/fr/feed.atom").data
    fix(NOW)
    post.met_at = NOW
    news.commit()
    assert client.get("/fr/feed.json").get_json(force=True)["items"][0]["_babillard"]["state"] == (
        "met"
    )


def test_what_was_taken_off_is_named_without_its_words(client: CheckedClient) -> None:
    post = soup()
    post.withdrawn_at = NOW
    hidden = make_post(title="Réservée aux membres", audience=Audience.MEMBERS)
    hidden.withdrawn_at = NOW
    news.commit()
    body = client.get("/fr/feed.atom").get_data(as_text=True)
    assert f'<at:deleted-entry ref="urn:uuid:{post.uuid}"' in body
    assert "Soupe" not in body
    assert str(hidden.uuid) not in body
    assert client.get("/fr/feed.json").get_json(force=True)["_babillard"]["gone"][0]["state"] == (
        "withdrawn"
    )


def test_a_feed_is_kept_by_caches_and_asked_for_again_cheaply(client: CheckedClient) -> None:
    soup()
    first = client.get("/fr/feed.atom")
    assert "stale-while-revalidate" in first.headers["Cache-Control"]
    assert first.headers["Vary"] == "Accept-Encoding"
    mark = first.headers["ETag"]
    assert client.get("/fr/feed.atom", headers={"If-None-Match": mark}).status_code == 304
    line = db.session.query(Line).first()
    assert line is not None
    line.committed = 4
    news.commit()
    assert client.get("/fr/feed.atom", headers={"If-None-Match": mark}).status_code == 200


def test_pages_of_a_feed_lead_on(client: CheckedClient) -> None:
    organisation = make_organisation()
    for number in range(51):
        make_post(by=organisation, title=f"Chaise {number}")
    news.commit()
    first = client.get("/fr/feed.json").get_json(force=True)
    assert (len(first["items"]), first["next_url"][-17:]) == (50, "/feed.json?page=2")
    second = client.get("/fr/feed.json?page=2").get_json(force=True)
    assert len(second["items"]) == 1
    assert "next_url" not in second


def test_a_feed_is_named_by_what_it_follows(client: CheckedClient) -> None:
    make_organisation(name="Cuisine du Nord", slug="cuisine-du-nord")
    news.commit()
    for asked, title in (
        ("", ""),
        ("?purpose=need", "Besoins · "),
        ("?purpose=offer&kind=tool&kind=space", "Offres · Espace · Outil ou équipement · "),
        ("?organisation=cuisine-du-nord", "Cuisine du Nord · "),
        ("?q=soupe&purpose=need", "Besoins · «\u00a0soupe\u00a0» · "),
    ):
        board = client.application.config["BOARD"].instance_name
        told = client.get(f"/fr/feed.json{asked}").get_json()
        assert told["title"] == f"{title}{board}", asked


def test_what_left_since_is_asked_of_the_index_and_not_of_every_post(app: Flask) -> None:
    with app.app_context():
        asked = str(queries._changed.compile(db.engine, compile_kwargs={"literal_binds": False}))
        if db.engine.dialect.name == "sqlite":
            plan = db.session.execute(text(f"EXPLAIN QUERY PLAN {asked.replace('?', '7')}")).all()
            assert any("ix_post_changed_in" in row[-1] for row in plan), plan
        else:
            assert "ORDER BY" not in asked
