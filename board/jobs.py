"""What runs later: features declare jobs, a worker runs them by the clock and after commits.

A job takes nothing and asks the database what is owed, so that it may be lost, late or run twice:
the clock brings it back. Declare one in the feature's `jobs.py` and import it in its `register`:

    @jobs.job(minutes=5, after=("post",))
    def pay_the_index() -> None: ...
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from time import monotonic, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy import String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from board import health, news
from board.clock import now
from board.config import Settings
from board.database import writing
from board.extensions import Model, db
from board.queue import open_queue

Work = Callable[[], None]
THREADS = 2
SLICE_S = 5.0
LONGEST_SLEEP_S = 1.0
FINISH_WITHIN_S = 8
SILENT_FOR = timedelta(minutes=5)
log = logging.getLogger(__name__)


class Heartbeat(Model):
    """When the worker last showed that it works, or last did something."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Job:
    """Some work, when the clock calls for it, and whose news call for it at once."""

    name: str
    work: Work
    minutes: int
    daily_at: str
    after: frozenset[str]
    long: bool = False

    def is_due(self, at: datetime, timezone: str) -> bool:
        """Whether the clock calls for it in the minute of `at`."""
        if self.minutes:
            return int(at.timestamp()) // 60 % self.minutes == 0
        return at.astimezone(ZoneInfo(timezone)).strftime("%H:%M") == self.daily_at


_jobs: dict[str, Job] = {}


def job(
    *, minutes: int = 0, daily_at: str = "", after: tuple[str, ...] = (), long: bool = False
) -> Callable[[Work], Work]:
    """Declare work for every n minutes, or daily at "HH:MM" of the instance's clocks.

    With `after`, it is also started right after each commit that told news of one of these nouns.
    It runs in its own application context and writing transaction; what it leaves uncommitted is
    committed at its end. Every job also runs when a worker starts: nothing waits for a missed hour.

    A `long` one runs while no other long one does, so that a thread is always free for what has to
    come every minute. Whatever goes through many things asks `must_give_way` between them.
    """
    if bool(minutes) == bool(daily_at):
        raise ValueError("a job runs every so many minutes, or daily at an hour")

    def declare(work: Work) -> Work:
        name = f"{work.__module__}.{work.__name__}"
        _jobs[name] = Job(name, work, minutes, daily_at, frozenset(after), long)
        return work

    return declare


def start(*names: str) -> None:
    """Let the worker run these jobs soon; each waits in the queue at most once."""
    queue = _queue(current_app._get_current_object())  # type: ignore[attr-defined]
    for name in names:
        if queue.huey.put_if_empty(name, True):
            queue.tasks[name]()


def must_give_way() -> bool:
    """Whether the job under way had its time: it stops where it is, and is started once more.

    Outside of a worker (a command, a test) nobody waits, and nothing has to stop.
    """
    run = _run.get()
    if run is not None and monotonic() >= run.until:
        run.is_cut = True
    return run is not None and run.is_cut


def start_in(seconds: int, name: str) -> None:
    """Let the worker run a job in some seconds, sooner than its clock; at most one waits so."""
    queue = _queue(current_app._get_current_object())  # type: ignore[attr-defined]
    if queue.huey.put_if_empty(_later(name), time() + seconds):
        queue.tasks[name].schedule(delay=seconds)


def _later(name: str) -> str:
    return f"{name} later"


def work_off(app: Flask) -> int:
    """Run what waits now, here, without a worker; return how many jobs ran."""
    huey, done = _queue(app).huey, 0
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
        done += 1
    return done


def work(app: Flask) -> None:
    """Be the worker until a signal: SIGTERM finishes what runs, and lets go after some seconds."""
    queue = _queue(app)
    _begin(app, queue)
    queue.huey.create_consumer(
        workers=THREADS,
        worker_type="thread",  # a bare container has no semaphores for processes
        max_delay=LONGEST_SLEEP_S,
        graceful_signal="TERM",
        shutdown_timeout=FINISH_WITHIN_S,
    ).run()


def work_once(app: Flask) -> int:
    """Run every job once and return how many ran: for a timer where no worker may stay."""
    _begin(app, _queue(app))
    return work_off(app)


@dataclass(slots=True)
class Queue:
    """The queue of one application, and what it knows to run."""

    huey: Any
    tasks: dict[str, Any]
    long: Lock = field(default_factory=Lock)
    put_aside: deque[str] = field(default_factory=deque)


@dataclass(slots=True)
class Run:
    """One run of a job: until when it may work, and whether it was asked to stop."""

    until: float
    is_cut: bool = False


_run: ContextVar[Run | None] = ContextVar("run", default=None)


def _queue(app: Flask) -> Queue:
    """Return the application's queue, opened when it is first needed."""
    if "jobs" not in app.extensions:
        settings: Settings = app.config["BOARD"]
        huey = open_queue(settings)
        queue = app.extensions["jobs"] = Queue(huey, {})
        for one in _jobs.values():
            queue.tasks[one.name] = _task(app, queue, one, settings.timezone)
    known: Queue = app.extensions["jobs"]
    return known


def _task(app: Flask, queue: Queue, declared: Job, timezone: str) -> Any:
    """Teach the queue a job."""
    huey = queue.huey

    def is_due(at: datetime) -> bool:
        return declared.is_due(at.replace(tzinfo=UTC), timezone)

    def perform() -> None:
        huey.delete(declared.name)  # from here on, news may ask for it again
        due = huey.get(_later(declared.name), peek=True)
        if due is not None and due <= time():  # not yet: this is a run of the clock in between
            huey.delete(_later(declared.name))
        if declared.long and not queue.long.acquire(blocking=False):
            queue.put_aside.append(declared.name)
            return
        with app.app_context():
            try:
                is_cut = _perform(declared)
            finally:
                if declared.long:
                    _let_others(queue)
            if is_cut:
                start(declared.name)

    return huey.periodic_task(is_due, name=declared.name)(perform)


def _perform(declared: Job) -> bool:
    """Run a job now; says whether it stopped before its end."""
    with writing():
        run = Run(monotonic() + SLICE_S)
        mine = _run.set(run)
        try:
            declared.work()
            news.commit()
        finally:
            _run.reset(mine)
    return run.is_cut


def _let_others(queue: Queue) -> None:
    """A long job is over for now: those that met it are asked for again, before itself."""
    queue.long.release()
    while queue.put_aside:
        start(queue.put_aside.popleft())


def _begin(app: Flask, queue: Queue) -> None:
    """Forget what an earlier worker left and ask for every job once: it catches up."""
    queue.huey.flush()
    with app.app_context():
        start(*queue.tasks)


def _start_soon(told: news.News) -> None:
    """Right after a commit: start whoever waits for these nouns."""
    wanted = [one.name for one in _jobs.values() if one.after & told.keys()]
    if wanted:
        start(*wanted)


@job(minutes=1)
def beat() -> None:
    """Show that clock, queue, worker and database all work."""
    mark("worker")


def mark(name: str) -> None:
    """Write down that this happened now."""
    at = now()
    beaten = db.session.execute(update(Heartbeat).where(Heartbeat.name == name).values(at=at))
    if beaten.rowcount == 0:  # type: ignore[attr-defined]
        db.session.execute(insert(Heartbeat).values(name=name, at=at))


def last_beat(name: str = "worker") -> datetime | None:
    """Return when the worker last showed itself (or marked that); None if it never did."""
    return db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))


def _worker_is_well() -> bool:
    """Whether the worker beats; a board that never had one does without."""
    beaten = last_beat()
    return beaten is None or now() - beaten < SILENT_FOR


def register(app: Flask) -> None:  # noqa: ARG001 - like every part
    """Start jobs after commits, and tell when the worker has died."""
    news.is_told(_start_soon)
    health.is_ready_when("worker", _worker_is_well)
