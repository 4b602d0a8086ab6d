"""Matching: one new post against a full board, a rebuild, and what others wait for meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median, quantiles

from sqlalchemy import delete, select

from bench.boards import Board
from bench.table import Row, Table
from board import debts, news
from board.database import begin_writing, will_write, writing
from board.extensions import db
from board.matching import knowledge, owed, pairing
from board.posts import visibility
from board.posts.models import Post

GOAL_MS = {10_000: 50.0, 100_000: 150.0}
WRITERS_MS = 50.0
MATCHED, WARMING = 60, 5
REBUILT = 400


def rows(board: Board, size: int) -> Iterator[Row]:
    """Measure a board of that many posts."""
    with board.app.app_context(), writing():
        took, cpu = one_at_a_time()
        p95, goal = quantiles(took, n=20)[-1], GOAL_MS.get(size)
        name = f"one new post matched, {size} posts"
        yield Row(f"{name}, p50 ms", goal, median(took), cpu, at_most=True)
        yield Row(f"{name}, p95 ms", goal, p95, quantiles(cpu, n=20)[-1:], at_most=True)
    alone = waits(board, 4.0)
    writer = _writer(board, 0.0)
    with board.app.app_context(), writing():
        rate = rebuild_rate()
    beside = _read(writer)
    yield Row(f"rebuild, posts a second, {size} posts", None, rate)
    yield Row("another writer, alone, p95 ms", None, alone, at_most=True)
    yield Row("another writer while a rebuild runs, p95 ms", WRITERS_MS, beside, at_most=True)


def one_at_a_time() -> tuple[list[float], list[float]]:
    """Match some posts, each as the worker does; milliseconds of each by the clock and of work."""
    known = knowledge.current()
    times, cpu = [], []
    for post_id in _some(MATCHED + WARMING):
        db.session.rollback()
        will_write(False)
        begun, worked = time.perf_counter(), time.process_time()
        made = pairing.plan({post_id}, known)
        begin_writing()
        pairing.keep(made)
        news.commit()
        times.append(1000 * (time.perf_counter() - begun))
        cpu.append(1000 * (time.process_time() - worked))
    return times[WARMING:], cpu[WARMING:]


def rebuild_rate() -> float:
    """Match some hundreds of posts as a rebuild does; posts a second."""
    begin_writing()
    db.session.execute(delete(debts.Debt).where(debts.Debt.consumer == owed.CONSUMER))
    debts.owe(db.session(), owed.CONSUMER, owed.REBUILD, _some(REBUILT))
    news.commit()
    begun = time.perf_counter()
    done = owed.pay()
    return done / (time.perf_counter() - begun)


def _some(count: int) -> list[int]:
    """Return posts from all over the board."""
    rows = select(Post.id).where(visibility.published()).order_by(Post.uuid).limit(count)
    return list(db.session.scalars(rows))


def waits(board: Board, seconds: float) -> float:
    """Return the p95 of another process that confirms posts for so long, in milliseconds."""
    return _read(_writer(board, seconds))


def _writer(board: Board, seconds: float) -> subprocess.Popen[str]:
    """Start the other process; with no seconds, it writes until its input closes."""
    command = [sys.executable, "-m", "bench.writer", str(seconds)]
    environment = {**board.environment, "PYTHONPATH": ".", "PATH": "/usr/bin:/bin"}
    return subprocess.Popen(command, env=environment, text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip


def _read(writer: subprocess.Popen[str]) -> float:
    out, _errors = writer.communicate("")
    return float(out)


def fill(table: Table, boards: dict[int, Board]) -> None:
    """Put the rows of every board into the table."""
    for size, board in boards.items():
        for row in rows(board, size):
            table.add(row)
