"""`flask import`: another list comes in, is known again, and a bad row harms no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from board import clock, news, search
from board.database import will_write
from board.extensions import db
from board.interchange import importing, lines
from board.interchange import services as brought
from board.interchange.models import ImportBatch, ImportRow
from board.organisations.models import Organisation
from board.posts import services
from board.posts.models import Line, Post, PostRevision
from board.posts.rules import Audience, Basis, Event, Kind, Publication, publication
from board.search.embedded import engine_of_app
from board.search.filters import Query
from board.search.sync import reindex
from board.taxonomy.place_queries import find_place_by_text
from tests.conftest import NOW
from tests.factories import make_organisation
from tests.pages import CheckedClient

ROW: dict[str, Any] = {"external_id": "a-1", "purpose": "offer", "title": "Chaises pliantes"}
FULL: dict[str, Any] = {
    **ROW,
    "body": "Elles sont **légères**.\n\n- propres\n- bleues",
    "language": "fr",
    "tags": ["fête", "quartier"],
    "audience": "members",
    "expires_at": "2026-12-24",
    "lines": [
        {"kind": "tool", "category": "chairs", "basis": "loan", "title": "Chaises", "quantity": 40,
         "unit": "chaises", "from": "2026-10-01", "until": "2026-10-31"},
        {"kind": "space", "title": "La remise"},
    ],
    "place": {"label": "Matane"},
}  # fmt: skip


def run(app: Flask, data: bytes | list[dict[str, Any]], *options: str) -> Result:
    """Import as the command does, from standard input, into « maison »."""
    if isinstance(data, list):
        data = "\n".join(json.dumps(row, ensure_ascii=False) for row in data).encode()
    args = ["import", "-", "--organisation", "maison", *options]
    result = app.test_cli_runner().invoke(args=args, input=data)
    clock.fix(NOW)
    db.session.rollback()
    db.session.expire_all()
    will_write(False)
    return result


@pytest.fixture
def maison(app: Flask) -> Organisation:
    """The organisation that the list is of."""
    organisation = make_organisation(slug="maison", name="Maison des voisins")
    news.commit()
    return organisation


def version() -> int:
    """The number that moves with every public change."""
    return db.session.scalar(select(news.BoardVersion.number)) or 0


def only_post() -> Post:
    """The one post that there is."""
    return db.session.scalars(select(Post)).one()


def test_a_row_becomes_a_published_post(app: Flask, maison: Organisation) -> None:
    result = run(app, [FULL])
    assert result.exit_code == 0, result.output
    assert "1 rows: 1 new, 0 changed, 0 unchanged, 0 failed" in result.stdout
    post = only_post()
    assert publication(post) is Publication.PUBLISHED
    assert (post.title, post.organisation_id, post.author_id) == (ROW["title"], maison.id, None)
    assert "<strong>légères</strong>" in post.body_html
    assert post.audience is Audience.MEMBERS
    assert post.place is not None
    assert post.place.label == "Matane"
    assert [tag.text for tag in post.tags] == ["fête", "quartier"]
    chairs, shed = post.lines
    assert chairs.category is not None
    assert (chairs.category.key, chairs.basis, chairs.quantity) == ("chairs", Basis.LOAN, 40)
    assert (str(chairs.needed_from), str(chairs.needed_until)) == ("2026-10-01", "2026-10-31")
    assert shed.kind is Kind.SPACE
    assert [event.event for event in post.events] == [Event.PUBLISHED]
    revision = db.session.scalars(select(PostRevision)).one()
    assert revision.snapshot["lines"][0]["uuid"] == str(chairs.uuid)


def test_three_fields_are_enough_and_the_rest_is_proposed(app: Flask, maison: Organisation) -> None:
    title = "Nous cherchons 3 bénévoles pour livrer des repas"
    run(app, [{"external_id": 7, "purpose": "need", "title": title}])
    post = only_post()
    assert (post.external_id, post.title, post.language) == ("7", title, "fr")
    (line,) = post.lines
    assert (line.kind, line.quantity) == (Kind.VOLUNTEER, 3)
    assert line.category is not None


def test_what_is_imported_is_found_and_moves_the_board(app: Flask, maison: Organisation) -> None:
    before = version()
    secret = {"external_id": "m", "title": "Secret zibeline", "audience": "members"}
    run(app, [{**ROW, "title": "Zibeline farfelue"}, {**ROW, **secret}])
    assert version() > before
    assert search.current_engine().search(Query(q="zibeline")).total == 1


def test_what_was_indexed_at_once_is_what_an_index_made_anew_holds(
    app: Flask, maison: Organisation
) -> None:
    rows = [
        {**FULL, "external_id": "p", "audience": "public", "tags": ["Conducteur·trice", "chaise"]},
        {**ROW, "external_id": "q", "place": {"label": "Chez Ana", "lat": 48.85, "lon": -67.53}},
        {**FULL, "external_id": "m", "title": "Secret zibeline"},
    ]
    run(app, rows)
    engine = engine_of_app()
    held = db.session.execute(select(engine.dialect.table).order_by(engine.dialect.post_id)).all()
    assert len(held) == 2
    assert engine.mend_vocabulary() == 0
    will_write()
    reindex(lambda _done, _of: None)
    again = select(engine.dialect.table).order_by(engine.dialect.post_id)
    assert db.session.execute(again).all() == held


def test_a_second_run_changes_nothing(app: Flask, maison: Organisation) -> None:
    rows = [{**FULL, "external_id": f"a-{n}"} for n in range(5)]
    run(app, rows)
    before = version()
    result = run(app, rows)
    assert "5 rows: 0 new, 0 changed, 5 unchanged, 0 failed" in result.stdout
    assert version() == before
    assert db.session.scalar(select(func.count()).select_from(Post)) == 5


def test_a_changed_row_leaves_a_revision_and_its_lines_their_identity(
    app: Flask, maison: Organisation
) -> None:
    run(app, [FULL])
    ids = {line.title: line.uuid for line in only_post().lines}
    swapped = [{"title": "La remise", "kind": "space"}, {**FULL["lines"][0], "quantity": 30}]
    result = run(app, [{**FULL, "title": "Trente chaises", "lines": swapped}])
    assert "0 new, 1 changed, 0 unchanged" in result.stdout, result.output
    post = only_post()
    assert {line.title: line.uuid for line in post.lines} == ids
    assert [line.quantity for line in post.lines] == [None, 30]
    assert post.edit_version == 2
    assert [event.event for event in post.events] == [Event.PUBLISHED, Event.EDITED]
    kept = db.session.scalars(select(PostRevision).order_by(PostRevision.edit_version)).all()
    assert [one.snapshot["title"] for one in kept] == ["Chaises pliantes", "Trente chaises"]
    assert search.current_engine().search(Query(q="trente")).total == 0  # for members only


def test_what_was_edited_here_stays_until_the_source_changes(
    app: Flask, maison: Organisation
) -> None:
    run(app, [ROW])
    will_write()
    post = only_post()
    post.title = "Corrigé ici"
    news.commit()
    assert "1 unchanged" in run(app, [ROW]).stdout
    assert only_post().title == "Corrigé ici"


def test_what_somebody_promised_is_not_taken_away(app: Flask, maison: Organisation) -> None:
    run(app, [FULL])
    will_write()
    db.session.scalars(select(Line).where(Line.title == "La remise")).one().committed = 1
    news.commit()
    result = run(app, [{**FULL, "lines": FULL["lines"][:1]}])
    assert result.exit_code == 1
    assert "line 1 (a-1): " in result.stderr
    assert len(only_post().lines) == 2


def test_what_was_withdrawn_here_does_not_come_back(app: Flask, maison: Organisation) -> None:
    run(app, [ROW])
    will_write()
    services.withdraw(post=only_post(), by=None)
    news.commit()
    result = run(app, [{**ROW, "title": "Revoilà"}])
    assert "withdrawn" in result.stderr
    assert only_post().withdrawn_at is not None


def test_a_point_is_rounded_before_it_is_kept(app: Flask, maison: Organisation) -> None:
    place = {"label": "Chez Ana", "lat": 48.8471234, "lon": -67.5345678}
    run(
        app,
        [{**ROW, "place": place}, {**ROW, "external_id": "b", "place": {**place, "lat": 48.8471}}],
    )
    one, other = db.session.scalars(select(Post).order_by(Post.id))
    assert one.place is not None
    assert one.place is other.place
    points = (one.place.latitude, one.place.longitude)
    assert points == (one.place.public_latitude, one.place.public_longitude) == (48.85, -67.53)


def test_a_known_place_is_the_board_s_own(app: Flask, maison: Organisation) -> None:
    matane = find_place_by_text("Matane")
    assert matane is not None
    at = {"lat": matane.public_latitude, "lon": matane.public_longitude}
    run(
        app, [{**ROW, "place": {"label": "matane", **at}}, {**ROW, "external_id": "b", "place": at}]
    )
    assert set(db.session.scalars(select(Post.place_id))) == {matane.id}


def test_contacts_and_scripts_never_reach_the_page(
    app: Flask, client: CheckedClient, maison: Organisation
) -> None:
    body = "Appelez 514-555-0199.\n\n<script>alert(1)</script> [ici](javascript:alert(1))"
    result = run(app, [{**ROW, "title": "Chaises, ana@example.org", "body": body}])
    assert "hidden from the public (line 1; 1 in all)" in result.stderr
    page = client.get(f"/fr/p/{only_post().uuid}").get_data(as_text=True)
    assert "Chaises" in page
    for secret in ("555-0199", "ana@example", "<script>alert", 'href="javascript'):
        assert secret not in page


def test_an_unknown_category_is_kept_as_a_tag_and_said(app: Flask, maison: Organisation) -> None:
    result = run(
        app,
        [{**ROW, "category": "Trucs divers"}, {**ROW, "external_id": "b", "category": "Chaises"}],
    )
    assert result.exit_code == 0
    assert "“Trucs divers” is not one of this board's, kept as a tag (line 1" in result.stderr
    one, other = db.session.scalars(select(Post).order_by(Post.id))
    assert [tag.text for tag in one.tags] == ["Trucs divers"]
    assert other.lines[0].category is not None
    assert other.lines[0].category.key == "chairs"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"\x00\x00", "line 2: not JSON"),
        (b'{"external_id": "\xff"}', "line 2: not UTF-8 at byte"),
        (b'{"external_id": ' + b"[" * 90_000 + b"]" * 90_000 + b"}", "nested too deep"),
        (b'{"external_id": "x", "lines": 1e999}', "not JSON"),
        (b"[]", "line 2: takes one JSON object a line, not a list"),
        (b'{"purpose": "need", "title": "x"}', "line 2: external_id: is missing"),
        (b'{"external_id": "x", "purpose": "besoin"}', "line 2 (x): purpose: “besoin” is"),
        (b'{"external_id": "a-1", "purpose": "need", "title": "x"}', "is already on line 1"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_named_and_the_rest_goes_on(
    app: Flask, maison: Organisation, line: bytes, words: str
) -> None:
    first, last = json.dumps(ROW).encode(), json.dumps({**ROW, "external_id": "z"}).encode()
    result = run(app, b"\xef\xbb\xbf" + first + b"\r\n" + line + b"\r\n\r\n" + last)
    assert result.exit_code == 1
    assert words in result.stderr
    assert "3 rows: 2 new, 0 changed, 0 unchanged, 1 failed" in result.stdout


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"title": "x" * 161}, "title: 161 characters are too many, 160 at most"),
        ({"title": ["x"]}, "title: takes a text, not a list"),
        ({"language": "de"}, "language: “de” is none of fr, en, es"),
        ({"tags": "a"}, "tags: takes a list"),
        ({"tags": [str(n) for n in range(13)]}, "tags: 13 are too many, 12 at most"),
        ({"lines": [{}] * 31}, "lines: 31 are too many, 30 at most"),
        ({"lines": [{"quantity": 10**30}]}, "lines[1].quantity: takes a whole number from 1"),
        ({"lines": [{}, {"quantity": 0}]}, "lines[2].quantity: takes a whole number from 1"),
        ({"lines": [{"quantity": True}]}, "lines[1].quantity: takes a whole number from 1"),
        ({"lines": [{"kind": "outil"}]}, "lines[1].kind: “outil” is none of tool, space"),
        ({"lines": [{"from": "2027-02-30"}]}, "lines[1].from: “2027-02-30” is no day"),
        ({"lines": [{"from": "2027-05-02", "until": "2027-05-01"}]}, "comes before from"),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, "expires_at: the year 9999"),
        ({"expires_at": "2026-01-01"}, "expires_at: this day is past"),
        ({"place": {"lat": 91, "lon": 0}}, "place.lat: takes degrees from -90 to 90"),
        ({"place": {"lat": 1}}, "place.lon: is missing"),
        ({"place": "Matane"}, "place: takes an object"),
        ({"place": {"label": "514 555-0199"}}, "place.label: holds a telephone number"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused_with_its_field(
    app: Flask, maison: Organisation, more: dict[str, Any], words: str
) -> None:
    result = run(app, [{**ROW, **more}, {**ROW, "external_id": "b"}])
    assert result.exit_code == 1
    assert "line 1 (a-1): " in result.stderr
    assert words in result.stderr
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 failed" in result.stdout


def test_a_line_without_end_is_skipped_in_little_memory(
    app: Flask, maison: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 2_000)
    result = run(app, b'{"title": "' + b"x" * 300_000 + b'"}\n' + json.dumps(ROW).encode())
    assert "line 1: the line takes 300,014 bytes" in result.stderr
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 failed" in result.stdout


def test_a_rehearsal_writes_nothing(app: Flask, maison: Organisation) -> None:
    result = run(app, [FULL, {**ROW, "external_id": ""}], "--dry-run")
    assert result.exit_code == 1
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 failed (dry run" in result.stdout
    for model in (Post, ImportBatch, ImportRow):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0


def test_the_organisation_is_made_only_when_asked(app: Flask) -> None:
    refused = run(app, [ROW])
    assert refused.exit_code == 1
    assert "add --create" in refused.stderr
    assert "1 new" in run(app, [ROW], "--create", "--dry-run").stdout
    assert db.session.scalar(select(Organisation)) is None
    assert "1 new" in run(app, [ROW], "--create").stdout
    organisation = db.session.scalars(select(Organisation)).one()
    assert (organisation.slug, organisation.name) == ("maison", "Maison")
    assert organisation.verified_at is None


def test_a_closed_organisation_takes_nothing(app: Flask, maison: Organisation) -> None:
    will_write()
    maison.closed_at = NOW
    news.commit()
    assert "is closed" in run(app, [ROW]).stderr


def test_a_run_that_was_interrupted_goes_on(
    app: Flask, maison: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**ROW, "external_id": str(n)} for n in range(30)]
    monkeypatch.setattr(importing, "AT_ONCE", 10)
    written = brought.write
    calls = iter((True, True, False))

    def stops(*given: Any) -> Any:
        if next(calls):
            return written(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(brought, "write", stops)
    assert run(app, rows).exit_code == 130
    monkeypatch.setattr(brought, "write", written)
    assert "30 rows: 10 new, 0 changed, 20 unchanged, 0 failed" in run(app, rows).stdout


def test_an_import_is_taken_back(app: Flask, maison: Organisation) -> None:
    run(app, [FULL])
    words = {line.title: line.uuid for line in only_post().lines}
    second = [
        {**FULL, "title": "Autre titre", "lines": FULL["lines"][:1]},
        {**ROW, "external_id": "n"},
    ]
    said = run(app, second).stdout
    found = re.search(r"--undo (\S+)", said)
    assert found is not None
    undone = app.test_cli_runner().invoke(args=["import", "--undo", found[1]])
    assert "2 posts taken back, 0 left as they are" in undone.stdout, undone.output
    db.session.expire_all()
    post, new = db.session.scalars(select(Post).order_by(Post.id))
    assert post.title == "Chaises pliantes"
    assert {line.title: line.uuid for line in post.lines} == words
    assert new.withdrawn_at is not None


def test_a_bad_order_is_said_clearly(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "utf16.jsonl"
    file.write_text("{}", encoding="utf-16")
    make_organisation(slug="maison")
    news.commit()
    for args, words in (
        (["import"], "say what to import"),
        (["import", str(file), "--organisation", "maison"], "UTF-16"),
        (["import", "--undo", "00000000-0000-0000-0000-000000000001"], "no import has"),
        (["import", "/nowhere", "--organisation", "x"], "No such file"),
    ):
        result = app.test_cli_runner().invoke(args=args)
        assert result.exit_code in {1, 2}
        assert words in result.stderr


def test_what_the_api_tells_can_be_imported(
    app: Flask, client: CheckedClient, maison: Organisation
) -> None:
    run(app, [{**FULL, "audience": "public"}])
    told = client.get("/api/v1/posts").get_json()["items"]
    make_organisation(slug="ailleurs")
    news.commit()
    data = json.dumps(told[0]).encode()
    args = ["import", "-", "--organisation", "ailleurs"]
    result = app.test_cli_runner().invoke(args=args, input=data)
    assert result.exit_code == 0, result.output
    db.session.expire_all()
    items = client.get("/api/v1/posts").get_json()["items"]
    one, other = items
    own = {"id", "url", "organisation", "published_at", "confirmed_at", "lines", "freshness"}
    assert {k: one[k] for k in one.keys() - own} == {k: other[k] for k in other.keys() - own}
    kept = [{k: line[k] for k in line.keys() - {"id"}} for line in one["lines"]]
    assert kept == [{k: line[k] for k in line.keys() - {"id"}} for line in other["lines"]]
