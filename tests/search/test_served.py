"""The board with a real search server: in step, and whole while the server is away."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bench import agreement
from board import clock, debts, health, news, search
from board.clock import now
from board.database import begin_writing, writing
from board.extensions import db
from board.life import jobs as life_jobs
from board.posts import services
from board.posts.models import Post
from board.search import differing, instep, server_documents, server_key
from board.search import jobs as search_jobs
from board.search.away import Away
from board.search.embedded import Embedded
from board.search.engine import Results
from board.search.filters import Query
from board.search.indexes import CONCEPTS, NOUNS, ORGANISATIONS, POSTS
from board.search.meili import Admin, Row, Searcher
from board.search.served import CONSUMER, Served
from tests.conftest import NOW, put_back
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient
from tests.search.conftest import publish, titles
from tests.servers import Meilisearch


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meilisearch]:
    """A server that these tests stop, kill and wipe."""
    try:
        server = Meilisearch(tmp_path_factory.mktemp("machine"))
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def board(sqlite_app: Flask, machine: Meilisearch) -> Iterator[Flask]:
    """A board that searches on that server, set up, with the worker stopped."""
    before, engine = sqlite_app.config["BOARD"], sqlite_app.extensions["board.search"]
    if machine.process is None:
        machine.start()
    sqlite_app.config["BOARD"] = replace(
        before, meilisearch_url=machine.url, meilisearch_key=machine.key, meilisearch_index="t"
    )
    sqlite_app.extensions["board.search"] = Served("sqlite", sqlite_app.config["BOARD"])
    instep.listen()
    debts.consumes(CONSUMER)
    health.tells("search_server", instep.lag)
    clock.fix(NOW)
    search_jobs._compared["at"] = -search_jobs.COMPARED_EVERY_S
    with sqlite_app.app_context():
        admin = instep.admin()
        with writing():
            for index in NOUNS:
                admin.drop(instep.uid_of(index))
            instep.set_up(admin)
            instep.note(None)
        yield sqlite_app
        put_back(sqlite_app, before.data)
    clock.fix(None)
    sqlite_app.config["BOARD"], sqlite_app.extensions["board.search"] = before, engine


def ask(q: str) -> Results:
    return search.current_engine().search(Query(q=q), at=now())


def answered_in_time(q: str) -> None:
    """Ask until a busy machine's server answers within its budget."""
    engine = search.current_engine()
    for _ in range(20):
        if not ask(q).is_partial:
            return
        engine.breaker.succeeded()  # type: ignore[attr-defined]
        time.sleep(0.2)
    raise AssertionError("the search server never answered in time")


def pay() -> int:
    with writing():
        return instep.pay(instep.admin())


def look() -> None:
    with writing():
        search_jobs.look_at_search_server()


def status(app: Flask, *options: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["search", "status", *options])
    return result.exit_code, result.output


def test_what_was_just_published_is_found_before_the_server_hears_of_it(board: Flask) -> None:
    publish("Perceuse à percussion", "Ponceuse")
    assert debts.lag(CONSUMER)[0] > 0
    results = ask("perceuse")
    assert titles(results) == ["Perceuse à percussion"]
    assert not results.is_partial
    assert ask("perceusse").did_you_mean == "perceuse"


def test_what_was_withdrawn_never_shows_even_before_the_server_hears_of_it(board: Flask) -> None:
    person = make_person()
    post = publish("Perceuse à percussion", by=make_organisation(responsible=person))[0]
    pay()
    assert titles(ask("perceuse")) == ["Perceuse à percussion"]
    begin_writing()
    services.withdraw(post=db.session.get_one(Post, post.id), by=person)
    news.commit()
    assert titles(ask("perceuse")) == []
    pay()
    assert titles(ask("perceuse")) == []
    assert instep.admin().count(instep.uid_of(POSTS)) == 0


def test_a_new_title_replaces_the_old_one_at_once(board: Flask) -> None:
    post = publish("Perceuse à percussion")[0]
    pay()
    begin_writing()
    db.session.get_one(Post, post.id).title = "Tondeuse à gazon"
    news.commit()
    assert titles(ask("perceuse")) == []
    assert titles(ask("tondeuse")) == ["Tondeuse à gazon"]


def test_away_it_is_said_quietly_and_everything_owed_is_paid_on_return(
    board: Flask, machine: Meilisearch
) -> None:
    publish("Perceuse à percussion")
    pay()
    machine.kill()
    results = ask("perceuse")
    assert titles(results) == ["Perceuse à percussion"]
    assert results.is_partial
    publish("Perceuse sans fil")
    assert titles(ask("perceuse sans fil")) == ["Perceuse sans fil"]
    with pytest.raises(Away):
        pay()
    owed, _seconds = debts.lag(CONSUMER)
    assert owed > 0
    machine.start()
    db.session.execute(debts.Debt.__table__.update().values(due_at=now()))  # type: ignore[attr-defined]
    db.session.commit()
    look()
    assert debts.lag(CONSUMER)[0] == 0
    assert status(board)[0] == 0


def test_a_server_that_was_restarted_between_two_questions_is_asked_again(
    board: Flask, machine: Meilisearch
) -> None:
    publish("Perceuse à percussion", "Ponceuse")
    pay()
    answered_in_time("perceuse")
    machine.kill()
    machine.start()
    engine = board.extensions["board.search"]
    line = engine._searcher._line
    assert line._line.sock is not None  # the connection to the server that is gone
    line._budget_s = 10.0  # what is proved is that it is asked again, not how quickly it starts
    results = ask("ponceuse")
    assert titles(results) == ["Ponceuse"]
    assert not results.is_partial


def test_without_words_the_server_is_never_asked(board: Flask, machine: Meilisearch) -> None:
    publish("Perceuse à percussion")
    machine.kill()
    results = search.current_engine().search(Query(), at=now())
    assert results.total == 1
    assert not results.is_partial


def test_the_page_says_it_and_goes_on(board: Flask, machine: Meilisearch) -> None:
    publish("Perceuse à percussion")
    machine.kill()
    client = board.test_client()
    assert isinstance(client, CheckedClient)
    page = client.get("/fr/?q=perceuse").get_data(as_text=True)
    assert "Perceuse" in page
    assert "Recherche de secours" in page
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/fr/?q=perceuse", "/fr/map/points?q=perceuse"])
def test_what_stands_in_while_the_server_is_away_is_kept_by_nobody(
    board: Flask, machine: Meilisearch, path: str
) -> None:
    publish("Perceuse à percussion")
    pay()
    machine.kill()
    client = board.test_client()
    away = client.get(path)
    assert away.status_code == 200
    assert away.headers["Cache-Control"] == "no-store"
    assert "ETag" not in away.headers
    machine.start()
    board.extensions["board.search"].breaker.succeeded()
    back = client.get(path)
    assert "Recherche de secours" not in back.get_data(as_text=True)
    assert back.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": back.headers["ETag"]})
    assert again.status_code == 304


def test_what_changed_in_an_index_behind_the_board_is_found_within_the_hour(board: Flask) -> None:
    post = publish("Perceuse à percussion")[0]
    pay()
    look()
    admin, uid = instep.admin(), instep.uid_of(POSTS)
    admin.put(uid, [{"id": post.id, "version": 99}])
    look()
    assert status(board)[0] == 1
    search_jobs._compared["at"] -= search_jobs.COMPARED_EVERY_S
    look()
    assert status(board)[0] == 0


def test_a_wiped_server_is_filled_again_by_the_worker(board: Flask, machine: Meilisearch) -> None:
    publish("Perceuse à percussion", "Ponceuse", "Tondeuse")
    pay()
    machine.kill()
    machine.wipe()
    machine.start()
    assert titles(ask("ponceuse")) == ["Ponceuse"]
    look()
    code, output = status(board)
    assert code == 0, output
    board.extensions["board.search"] = Served("sqlite", board.config["BOARD"])
    results = ask("ponceuse")
    assert titles(results) == ["Ponceuse"]
    assert not results.is_partial


def test_an_index_that_a_wiped_server_made_of_itself_is_made_anew(board: Flask) -> None:
    publish("Perceuse à percussion")
    pay()
    admin, uid = instep.admin(), instep.uid_of(POSTS)
    admin.drop(uid)
    publish("Ponceuse")
    with pytest.raises(Away, match="is missing"):
        pay()
    admin.put(uid, [{"id": 1, "version": 1}])
    look()
    assert status(board)[0] == 0
    assert titles(ask("ponceuse")) == ["Ponceuse"]


def test_an_emptied_index_is_not_believed(board: Flask) -> None:
    publish("Perceuse à percussion")
    pay()
    admin = instep.admin()
    admin.remove(instep.uid_of(POSTS), [i for i, _v in admin.versions(instep.uid_of(POSTS))])
    results = ask("perceuse")
    assert titles(results) == ["Perceuse à percussion"]
    assert results.is_partial
    look()
    assert status(board)[0] == 0


def test_what_others_put_on_the_server_is_named_taken_away_and_hinders_nobody(
    board: Flask,
) -> None:
    publish("Perceuse à percussion")
    status(board, "--repair")
    admin, uid = instep.admin(), instep.uid_of(POSTS)
    stray = {"title": "perceuse", "listed_until": 2**40, "paused": False}
    admin.put(uid, [{"id": 9_999, **stray}])
    admin.put(uid, [{"id": "abc-1", **stray}])
    results = ask("perceuse")
    assert (titles(results), results.is_partial) == (["Perceuse à percussion"], False)
    assert len(search.current_engine().suggest_grouped("perc").posts) == 1
    ended, said = status(board)
    assert ended == 1 and "extra: 9999" in said and "foreign: abc-1" in said
    look()
    assert status(board)[0] == 0


@pytest.mark.parametrize("hits", [None, [{"id": 1}], [{"id": 2**70, "_rankingScore": 1}], 3])
def test_an_answer_of_another_shape_is_no_answer(
    board: Flask, monkeypatch: pytest.MonkeyPatch, hits: object
) -> None:
    publish("Perceuse à percussion")
    pay()
    odd = {"hits": hits, "estimatedTotalHits": 1}
    monkeypatch.setattr(Searcher, "search", lambda _self, queries: [odd] * len(queries))
    assert titles(ask("perceuse")) == ["Perceuse à percussion"]
    assert len(search.current_engine().suggest_grouped("perc").posts) == 1


def test_a_line_that_the_server_closed_meanwhile_is_opened_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer_every_other() -> None:
            for answers in (False, True):
                with door.accept()[0] as line:
                    line.recv(4_096)
                    body = b'{"pkgVersion":"1.50.0"}'
                    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    if answers:
                        line.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

        thread = threading.Thread(target=answer_every_other)
        thread.start()
        assert Admin(f"http://127.0.0.1:{door.getsockname()[1]}", "key").version() == "1.50.0"
        thread.join()


@pytest.mark.parametrize("index", [ORGANISATIONS, CONCEPTS])
def test_another_emptied_index_is_filled_within_the_minute(board: Flask, index: str) -> None:
    publish("Perceuse à percussion")
    status(board, "--repair")
    look()
    admin, uid = instep.admin(), instep.uid_of(index)
    admin.remove(uid, [i for i, _v in admin.versions(uid)])
    look()
    assert status(board)[0] == 0


def test_a_folder_put_back_from_yesterday_is_brought_up_to_date(
    board: Flask, machine: Meilisearch
) -> None:
    (post,) = publish("Perceuse à percussion")
    status(board, "--repair")
    look()
    machine.kill()
    data, kept = machine.folder / "data", machine.folder / "kept"
    shutil.copytree(data, kept)
    machine.start()
    with writing():
        db.session.get_one(Post, post.id).title = "Perceuse canari"
        news.commit()
    pay()
    look()
    machine.kill()
    shutil.rmtree(data)
    kept.rename(data)
    _open_to_its_server(data)
    machine.start()
    assert status(board)[0] == 1
    look()
    assert status(board)[0] == 0


def _open_to_its_server(folder: Path) -> None:
    """Give a folder that was copied to whom the server runs as."""
    owner = folder.parent.stat()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)


def test_other_settings_are_reported_and_not_changed(board: Flask) -> None:
    publish("Perceuse à percussion")
    pay()
    admin = instep.admin()
    uid = instep.uid_of(POSTS)
    admin.create(uid, {"searchableAttributes": ["body"]})
    look()
    held = admin.settings_of(uid)
    assert held is not None
    assert held["searchableAttributes"] == ["body"]
    results = ask("perceuse")
    assert titles(results) == ["Perceuse à percussion"]
    assert results.is_partial
    code, output = status(board)
    assert code == 1
    assert "searchableAttributes" in output


def test_a_server_of_another_time_is_not_asked_and_commands_say_why(
    board: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("Perceuse à percussion")
    pay()
    monkeypatch.setattr(differing, "OLDEST", (1, 99))
    look()
    results = ask("perceuse")
    assert titles(results) == ["Perceuse à percussion"]
    assert results.is_partial
    for command in ("status", "setup", "reindex"):
        result = board.test_cli_runner().invoke(args=["search", command])
        assert result.exit_code == 1
        assert "is not known to this board (1.99 to below 2.0)" in result.output


def test_setup_only_where_something_is_missing_changes_no_settings(board: Flask) -> None:
    admin, uid = instep.admin(), instep.uid_of(POSTS)
    admin.create(uid, {"searchableAttributes": ["body"]})
    server_key.path_of(board.config["BOARD"]).unlink()
    result = board.test_cli_runner().invoke(args=["search", "setup", "--if-missing"])
    assert result.exit_code == 0
    assert "t-posts has other settings: searchableAttributes" in result.output
    held = admin.settings_of(uid)
    assert held is not None
    assert held["searchableAttributes"] == ["body"]
    assert server_key.read(board.config["BOARD"])
    admin.drop(uid)
    board.test_cli_runner().invoke(args=["search", "setup", "--if-missing"])
    assert status(board)[0] == 0


def test_commands_say_which_key_they_need(board: Flask) -> None:
    weak = server_key.read(board.config["BOARD"])
    board.config["BOARD"] = replace(board.config["BOARD"], meilisearch_key=weak)
    code, output = status(board)
    assert code == 1
    assert "BABILLARD_MEILISEARCH_KEY must be its master key or an admin key" in output
    assert weak not in output


def test_status_ends_badly_while_the_worker_finds_the_server_unfit(
    board: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    status(board, "--repair")
    assert status(board)[0] == 0
    right = board.config["BOARD"]
    board.config["BOARD"] = replace(right, meilisearch_key=server_key.read(right))
    look()
    assert "BABILLARD_MEILISEARCH_KEY of this worker is refused" in caplog.text
    clock.fix(NOW + timedelta(hours=2))
    look()
    board.config["BOARD"] = right
    code, output = status(board)
    assert code == 1
    assert f"its worker found since {NOW:%Y-%m-%d %H:%M} UTC: 403 invalid_api_key" in output
    told = board.test_cli_runner().invoke(args=["search", "setup"]).output
    assert "the worker's key was refused: start it again with this one" in told
    assert status(board)[0] == 0


def test_status_ends_badly_while_the_web_processes_have_another_key(board: Flask) -> None:
    status(board, "--repair")
    board.config["BOARD"] = replace(board.config["BOARD"], meilisearch_search_key="old")
    code, output = status(board)
    assert code == 1
    assert "403 invalid_api_key to the search-only key of the web processes" in output


def test_reindex_says_what_was_done_and_what_was_not(board: Flask, machine: Meilisearch) -> None:
    publish("Perceuse à percussion")
    for settings in ({"meilisearch_key": ""}, {}):
        if not settings:
            machine.kill()
        before = board.config["BOARD"]
        board.config["BOARD"] = replace(before, **settings)
        result = board.test_cli_runner().invoke(args=["search", "reindex"])
        board.config["BOARD"] = before
        assert result.exit_code == 1
        assert "1 posts read, the board's own index is new" in result.output
        assert "the search server was not reindexed, it holds what it held: " in result.output


def test_the_api_keeps_its_shape_while_the_server_is_away(
    board: Flask, machine: Meilisearch
) -> None:
    publish("Perceuse à percussion", "Ponceuse")
    pay()
    client = board.test_client()
    served = client.get("/api/v1/posts?q=perceuse")
    machine.kill()
    alone = client.get("/api/v1/posts?q=perceuse&per_page=24")
    assert alone.status_code == 200
    one, other = served.get_json(), alone.get_json()
    for told in (one, other):
        assert 0 <= told["items"][0].pop("score") <= 1
    assert one["items"] == other["items"]
    assert one.keys() == other.keys()
    assert one["facets"] == other["facets"]


def test_status_names_what_differs_and_repair_mends_it(board: Flask) -> None:
    posts = publish("Perceuse à percussion", "Ponceuse", "Tondeuse")
    pay()
    admin, uid = instep.admin(), instep.uid_of(POSTS)
    admin.remove(uid, [posts[0].id])
    admin.put(uid, [{"id": posts[1].id, "version": 99}, {"id": 424_242, "version": 1}])
    code, output = status(board)
    assert code == 1
    assert f"missing: {posts[0].id}" in output
    assert f"outdated: {posts[1].id}" in output
    assert "extra: 424242" in output
    assert status(board, "--repair")[0] == 0
    assert status(board)[0] == 0


def test_documents_of_another_form_are_told_again(
    board: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    (post,) = publish("Perceuse à percussion")
    status(board, "--repair")
    assert status(board)[0] == 0
    monkeypatch.setattr(server_documents, "FORM", server_documents.FORM + 1)
    code, output = status(board)
    assert code == 1
    assert f"outdated: {post.id}" in output
    board.test_cli_runner().invoke(args=["search", "setup"])
    assert status(board)[0] == 0


def test_the_comparison_of_engines_says_how_each_took_the_words(board: Flask) -> None:
    publish("Canaris jaunes")
    pay()
    served, embedded = search.current_engine(), Embedded("sqlite")
    assert agreement._how(served, Query(q="canari")) == "the server's order 1"  # type: ignore[arg-type]
    assert agreement._how(embedded, Query(q="canari")) == "side by side 1"
    assert agreement._how(embedded, Query(q="canarri")) == "one typo 1, meant: canaris"


def test_a_post_that_grows_stale_stays_in_step(board: Flask) -> None:
    (post,) = publish("Perceuse à percussion")
    status(board, "--repair")
    before = post.version
    clock.fix(NOW + timedelta(days=125))
    with writing():
        life_jobs.let_time_pass()
        news.commit()
    db.session.refresh(post)
    assert post.version > before
    pay()
    assert status(board)[0] == 0


def test_an_accepted_task_that_fails_is_an_error_and_stays_owed(
    board: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("Perceuse à percussion")
    from board.search.server_documents import documents as real

    spoilt = lambda index, ids: [{**row, "id": "no id!"} for row in real(index, ids)]  # noqa: E731
    monkeypatch.setattr(instep, "documents", spoilt)
    with pytest.raises(Away, match=r"task .* failed"):
        pay()
    assert debts.lag(CONSUMER)[0] > 0
    own = select(debts.Debt.problem).where(debts.Debt.consumer == CONSUMER)
    problem = db.session.scalar(own.limit(1))
    assert problem is not None
    assert "failed" in problem


def test_reindex_swaps_fresh_indexes_in_and_an_interrupted_one_starts_anew(board: Flask) -> None:
    publish("Perceuse à percussion", "Ponceuse")
    pay()

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with writing(), pytest.raises(KeyboardInterrupt):
        differing.reindex(instep.admin(), stop)
    assert titles(ask("ponceuse")) == ["Ponceuse"]
    make_post(title="Tondeuse à gazon")
    news.commit()
    result = board.test_cli_runner().invoke(args=["search", "reindex"])
    assert result.exit_code == 0, result.output
    assert status(board)[0] == 0
    assert titles(ask("tondeuse")) == ["Tondeuse à gazon"]


def test_a_key_that_was_lost_is_made_again_by_the_worker(board: Flask) -> None:
    path = server_key.path_of(board.config["BOARD"])
    key = path.read_text()
    path.unlink()
    look()
    assert path.read_text() == key


def test_the_web_holds_a_key_that_can_only_search(board: Flask) -> None:
    key = server_key.read(board.config["BOARD"])
    path = server_key.path_of(board.config["BOARD"])
    assert key
    assert key != board.config["BOARD"].meilisearch_key
    assert path.stat().st_mode & 0o777 == 0o600
    from board.search.meili import Admin

    weak = Admin(board.config["BOARD"].meilisearch_url, key)
    for act in (
        weak.version,
        lambda: weak.settings_of("t-posts"),
        lambda: weak.put("t-posts", [{"id": 1}]),
    ):
        with pytest.raises(Away, match="403"):
            act()


def test_the_operator_is_told_how_far_behind_the_server_is(board: Flask) -> None:
    publish("Perceuse à percussion")
    told = board.test_client().get("/readyz").get_json()
    assert told["search_server"]["owed"] >= 1
    assert told["search_server"]["problem"] is None
    figures = board.test_client().get("/metrics").get_data(as_text=True)
    assert 'babillard_debt_owed{consumer="meilisearch"}' in figures
    pay()
    assert board.test_client().get("/readyz").get_json()["search_server"]["owed"] == 0


def test_no_key_reaches_logs_or_pages(
    board: Flask, machine: Meilisearch, caplog: pytest.LogCaptureFixture
) -> None:
    publish("Perceuse à percussion")
    client = board.test_client()
    key = server_key.read(board.config["BOARD"])
    for down in (False, True):
        if down:
            machine.kill()
            look()
        for path in ("/fr/?q=perceuse", "/api/v1/posts?q=perceuse", "/readyz"):
            body = client.get(path).get_data(as_text=True)
            assert key not in body
            assert machine.key not in body
    assert key not in caplog.text
    assert machine.key not in caplog.text


def test_a_slow_server_costs_its_budget_once(board: Flask, tmp_path: Path) -> None:
    publish("Perceuse à percussion")
    pay()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        port = silent.getsockname()[1]
        slow = replace(board.config["BOARD"], meilisearch_url=f"http://127.0.0.1:{port}")
        board.extensions["board.search"] = Served("sqlite", slow)
        began = time.monotonic()
        first = ask("perceuse")
        waited = time.monotonic() - began
        assert titles(first) == ["Perceuse à percussion"]
        assert first.is_partial
        assert waited >= 0.3
        engine = board.extensions["board.search"]
        assert not engine.breaker.lets_through()
        assert ask("percussion").is_partial


def test_an_answer_that_comes_drop_by_drop_costs_the_budget_once(board: Flask) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n"
    publish("Perceuse à percussion")
    pay()
    with socket.create_server(("127.0.0.1", 0)) as dripping:

        def drip() -> None:
            with dripping.accept()[0] as near, contextlib.suppress(OSError):
                near.recv(1 << 16)
                for byte in head + b"{" * 40:
                    near.sendall(bytes([byte]))
                    time.sleep(0.05)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        port = dripping.getsockname()[1]
        slow = replace(board.config["BOARD"], meilisearch_url=f"http://127.0.0.1:{port}")
        board.extensions["board.search"] = Served("sqlite", slow)
        began = time.monotonic()
        assert ask("perceuse").is_partial
        assert time.monotonic() - began < 0.05 * len(head)
        board.extensions["board.search"].forget()
        thread.join(5)


def test_words_that_only_share_a_stem_are_no_sign_of_a_loss(board: Flask) -> None:
    publish("Animateurs/trices de camp", "Ponceuse")
    pay()
    results = ask("animatrices")
    assert titles(results) == ["Animateurs/trices de camp"]
    assert not results.is_partial


def test_one_request_is_enough_even_when_words_are_left_out(
    board: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("Perceuse à percussion", "Ponceuse")
    pay()
    asked: list[int] = []
    real = Searcher.search

    def count(searcher: Searcher, queries: Sequence[Row]) -> list[dict[str, Any]]:
        asked.append(len(queries))
        return real(searcher, queries)

    monkeypatch.setattr(Searcher, "search", count)
    for q in ("perceuse", "ponceuze", "perceuse zygomatique"):
        assert ask(q).total == 1
    assert asked == [1, 1, 1]
