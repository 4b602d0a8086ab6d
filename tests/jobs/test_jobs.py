"""Jobs: declared by features, started by the clock and right after a commit, harmless twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey import SqliteHuey
from sqlalchemy import text

from board import cli, clock, jobs, mail, migrations, news
from board.config import Settings
from board.database import will_write
from board.extensions import db
from tests.conftest import NOW
from tests.pages import CheckedClient
from tests.servers import redis

MAIL = "board.mail.pay"


@pytest.fixture
def done(app: Flask) -> Iterator[list[str]]:
    """What a job of this test did; the queue forgets it afterwards."""
    did: list[str] = []

    @jobs.job(minutes=5, after=("post",))
    def note() -> None:
        did.append("noted")

    name = f"{note.__module__}.{note.__name__}"
    app.extensions.pop("jobs", None)
    jobs.work_off(app)
    yield did
    del jobs._jobs[name]
    app.extensions.pop("jobs", None)


def owe(app: Flask) -> None:
    """Owe a mail."""
    will_write()
    mail.owe(to="ana@exemple.org", subject="Chaises", text="x", language="fr")
    will_write(False)


def test_a_job_starts_right_after_the_commit_that_it_waits_for(app: Flask, done: list[str]) -> None:
    from tests.factories import make_post

    make_post()
    assert jobs.work_off(app) == 0
    news.commit()
    assert done == []
    jobs.work_off(app)
    assert done == ["noted"]


def test_a_run_of_the_clock_leaves_the_later_one_the_only_one(app: Flask) -> None:
    tries = []

    @jobs.job(minutes=1)
    def insist() -> None:
        tries.append(1)
        jobs.start_in(10, name)

    name = f"{insist.__module__}.{insist.__name__}"
    app.extensions.pop("jobs", None)
    jobs.work_off(app)
    for _minute in range(5):
        jobs.start(name)
        jobs.work_off(app)
    waiting = jobs._queue(app).huey.scheduled()
    del jobs._jobs[name]
    jobs._queue(app).huey.flush()
    app.extensions.pop("jobs", None)
    assert len(tries) == 5
    assert len(waiting) == 1


def test_what_was_rolled_back_starts_nothing(app: Flask, done: list[str]) -> None:
    owe(app)
    db.session.rollback()
    news.commit()
    assert jobs.work_off(app) == 0


def test_a_job_waits_in_the_queue_once_however_often_it_is_asked_for(
    app: Flask, done: list[str]
) -> None:
    for _ in range(3):
        owe(app)
        news.commit()
    assert jobs.work_off(app) == 1
    owe(app)
    news.commit()
    assert jobs.work_off(app) == 1


def test_news_that_come_while_a_job_runs_start_it_again(app: Flask, done: list[str]) -> None:
    @jobs.job(minutes=5, after=())
    def meanwhile() -> None:
        done.append("meanwhile")
        if len(done) == 1:
            jobs.start(name)

    name = f"{meanwhile.__module__}.{meanwhile.__name__}"
    app.extensions.pop("jobs", None)
    try:
        jobs.start(name)
        assert jobs.work_off(app) == 2
    finally:
        del jobs._jobs[name]
    assert done == ["meanwhile", "meanwhile"]


def test_a_job_that_fails_leaves_nothing_half_written_and_runs_again(
    app: Flask, done: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    @jobs.job(minutes=5)
    def fails() -> None:
        mail.owe(to="ana@exemple.org", subject="Chaises", text="x", language="fr")
        done.append("failed")
        raise ValueError("oups")

    name = f"{fails.__module__}.{fails.__name__}"
    app.extensions.pop("jobs", None)
    try:
        for _ in range(2):
            jobs.start(name)
            jobs.work_off(app)
    finally:
        del jobs._jobs[name]
    assert done == ["failed", "failed"]
    assert mail.count_owed() == 0
    assert "oups" in caplog.text


def test_the_clock_calls_every_so_many_minutes_or_at_an_hour_of_the_instance() -> None:
    often = jobs.Job("often", lambda: None, 5, "", frozenset())
    minutes = [m for m in range(60) if often.is_due(NOW.replace(minute=m), "America/Toronto")]
    assert minutes == list(range(0, 60, 5))
    nightly = jobs.Job("nightly", lambda: None, 0, "03:10", frozenset())
    assert nightly.is_due(datetime(2026, 7, 1, 7, 10, tzinfo=UTC), "America/Toronto")
    assert nightly.is_due(datetime(2026, 12, 1, 8, 10, tzinfo=UTC), "America/Toronto")
    assert not nightly.is_due(datetime(2026, 7, 1, 3, 10, tzinfo=UTC), "America/Toronto")


@pytest.mark.parametrize("when", [{}, {"minutes": 5, "daily_at": "03:10"}])
def test_a_job_says_when(when: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="every so many minutes, or daily"):
        jobs.job(**when)  # type: ignore[arg-type]


def test_a_timer_runs_every_job_once(app: Flask, done: list[str]) -> None:
    answer = app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)
    assert answer.output == f"{len(jobs._jobs)} jobs done\n"
    assert done == ["noted"]
    assert jobs.last_beat() == NOW


def test_the_board_is_not_ready_when_its_worker_is_silent(
    app: Flask, client: CheckedClient
) -> None:
    def answer() -> int:
        db.session.rollback()
        return client.get("/readyz").status_code

    assert answer() == 200
    app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)
    clock.fix(NOW + jobs.SILENT_FOR - timedelta(seconds=1))
    assert answer() == 200
    clock.fix(NOW + jobs.SILENT_FOR)
    assert answer() == 503
    app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)
    assert answer() == 200


def test_a_queue_that_cannot_be_written_stops_no_request(
    app: Flask, done: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    from tests.factories import make_post

    class Broken:
        def put_if_empty(self, *_: object) -> bool:
            raise OSError("no space left")

    jobs._queue(app).huey = Broken()
    post = make_post()
    news.commit()
    app.extensions.pop("jobs", None)
    assert post.id
    assert "a messenger failed" in caplog.text


def test_the_queue_is_in_the_folder_of_the_board(app: Flask, done: list[str]) -> None:
    jobs.start(MAIL)
    assert isinstance(jobs._queue(app).huey, SqliteHuey)
    assert (app.config["BOARD"].data / "jobs.sqlite3").exists()
    assert jobs.work_off(app) == 1


def test_the_queue_can_be_in_redis(tmp_path: Path, sqlite_app: Flask) -> None:
    with redis(tmp_path) as url:
        other = Flask("other")
        other.config["BOARD"] = Settings(data=tmp_path, redis_url=url)
        with other.app_context():
            jobs.start("board.jobs.beat")
            jobs.start("board.jobs.beat")
        queue = jobs._queue(other).huey
        assert queue.pending_count() == 1
        assert queue.dequeue().name == "board.jobs.beat"
        queue.storage.conn.connection_pool.disconnect()


def test_the_worker_waits_for_the_tables(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The web unit and the worker's start together: the first brings the database up to date."""
    revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    turns = []

    def pause(_seconds: float) -> None:
        turns.append(migrations.is_up_to_date())
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": revision})

    monkeypatch.setattr(cli, "sleep", pause)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0031_block_names'"))
    answer = app.test_cli_runner().invoke(args=["worker", "--once"], catch_exceptions=False)
    assert turns == [False]
    assert answer.output.startswith("waiting for « flask db upgrade »")
