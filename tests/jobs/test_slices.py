"""Long work comes in slices, one at a time: what has to come every minute finds a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select

from board import debts, jobs, news
from board.database import will_write
from board.extensions import db
from board.matching import owed
from tests.factories import make_post

Declare = Callable[..., str]


@pytest.fixture
def declare(app: Flask) -> Iterator[Declare]:
    """Declares a job for one test; the queue forgets it afterwards."""
    names = []

    def one(work: jobs.Work, **how: bool) -> str:
        jobs.job(minutes=5, **how)(work)  # type: ignore[arg-type]
        names.append(f"{work.__module__}.{work.__name__}")
        return names[-1]

    app.extensions.pop("jobs", None)
    yield one
    for name in names:
        del jobs._jobs[name]
    jobs._queue(app).huey.flush()
    app.extensions.pop("jobs", None)


def test_what_takes_long_stops_after_its_slice_and_goes_on_behind_the_others(
    app: Flask, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLICE_S", 0.02)
    left, did = ["one", "two"], []

    def many() -> None:
        while not jobs.must_give_way() and left:
            did.append(left.pop(0))
            sleep(0.03)

    def other() -> None:
        did.append("other")

    jobs.work_off(app)
    names = (declare(many), declare(other))
    app.extensions.pop("jobs", None)
    jobs.start(*names)
    jobs.work_off(app)
    assert did == ["one", "other", "two"]


def test_one_long_job_runs_at_a_time_and_leaves_a_thread_to_the_others(
    app: Flask, declare: Declare
) -> None:
    did = []

    def first() -> None:
        db.session.rollback()
        will_write(False)
        meanwhile = Thread(target=jobs.work_off, args=(app,))
        meanwhile.start()
        meanwhile.join(30)
        did.append("first")

    def second() -> None:
        did.append("second")

    def short() -> None:
        did.append("short")

    jobs.work_off(app)
    names = (declare(first, long=True), declare(second, long=True), declare(short))
    app.extensions.pop("jobs", None)
    jobs.start(*names)
    jobs.work_off(app)
    assert did == ["short", "first", "second"]


def test_matching_gives_way_and_all_that_is_owed_is_paid(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SLICE_S", 0.001)
    for number in range(3 * owed.TOGETHER):
        make_post(title=f"Chaises {number}")
    news.commit()
    assert jobs.work_off(app) > 5, "each few posts are a run of their own"
    will_write(False)
    left = select(func.count()).where(debts.Debt.consumer == owed.CONSUMER)
    assert db.session.scalar(left) == 0


def test_outside_of_a_worker_nothing_has_to_stop(app: Flask) -> None:
    assert not jobs.must_give_way()
