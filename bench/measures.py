"""Measuring: short slices, the hello's between the others', told as ratios of the same round."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median

from bench.boards import Board
from bench.client import Ask, load, once
from bench.served import WORKERS, Server


@dataclass(slots=True)
class Case:
    """One thing to ask of one server, and what each round came to."""

    name: str
    server: Server
    asks: Iterator[Ask]
    status: int = 200
    different: int = 0
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def warm(self, seconds: float) -> None:
        """Ask for a while, and until each worker has most likely answered each question."""
        asked = 0
        while asked <= 2 * WORKERS * self.different:
            asked += load(self.server.port, self.asks, seconds).requests

    def measure(self, seconds: float) -> None:
        """Ask for a while; note the rate and the processor time of each answer."""
        before = self.server.cpu_seconds()
        slice_ = load(self.server.port, self.asks, seconds)
        used = self.server.cpu_seconds() - before
        if not set(slice_.statuses) <= {self.status, 200}:
            raise RuntimeError(f"{self.name}: answers {slice_.statuses}, wanted {self.status}")
        self.rates.append(slice_.requests / slice_.seconds)
        self.cpu_ms.append(1000 * used / slice_.requests)


def case(name: str, server: Server, asks: Sequence[Ask], status: int = 200) -> Case:
    """Ask these in turn."""
    return Case(name, server, cycle(asks), status, len(asks))


def in_rounds(cases: Sequence[Case], hello: Case, rounds: int, seconds: float) -> None:
    """Measure all, again and again, a slice of hello before each."""
    for each in (hello, *cases):
        each.warm(seconds / 2)
    for _ in range(rounds):
        for each in cases:
            hello.measure(seconds)
            each.measure(seconds)


def ratio(cases: Sequence[Case], hello: Case, each: Case) -> float:
    """How fast a case is against the slices of hello just before its own."""
    place = next(i for i, one in enumerate(cases) if one is each)
    own = hello.rates[place :: len(cases)]
    return median(rate / h for rate, h in zip(each.rates, own, strict=True))


def of_each_other(one: Case, other: Case) -> float:
    """How fast a case is against another of the same rounds."""
    return median(a / b for a, b in zip(one.rates, other.rates, strict=True))


def etag_of(server: Server, ask: Ask) -> Ask:
    """The same question from somebody who holds the answer."""
    path, headers = ask
    tag = once(server.port, ask)[1].header("ETag")
    return path, {**headers, "If-None-Match": tag or "none"}


def cold(
    board: Board, server: Server, hello: Server, times: int, ask: Ask | None = None
) -> tuple[float, float]:
    """Ask for the list (or `ask`) right after a public write: (ratio to hello, milliseconds)."""
    waits, hellos = [], []
    for number in range(times):
        board.confirm_one(number)
        hellos.append(once(hello.port, ("/", {}))[0])
        seconds, answer = once(server.port, ask or board.list_page())
        if answer.status != 200:
            raise RuntimeError(f"it answers {answer.status} after a write")
        waits.append(seconds)
    return median(hellos) / median(waits), 1000 * median(waits)


def use(board: Board, server: Server) -> None:
    """Ask of each worker what people ask in an hour, so that its memory is that of a used one."""
    every = board.searches()[: 200 * WORKERS] + board.post_pages(50) * WORKERS
    every += [board.feed(), board.widget()] * (2 * WORKERS) + board.panels(30 * WORKERS)
    for number, ask in enumerate(every):
        while (status := once(server.port, ask)[1].status) == 429:
            time.sleep(5)  # so much at once from one network has to wait
        if status != 200:
            raise RuntimeError(f"{ask[0]} answers {status}")
        if number % 100 == 0:
            board.confirm_one(number)


def statements(board: Board) -> int:
    """How many statements the first list after a public write takes."""
    from sqlalchemy import event

    from board.extensions import db

    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    client = board.app.test_client()
    base = board.app.config["BOARD"].base_url
    client.get("/fr/", base_url=base)
    board.confirm_one(7)
    with board.app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            client.get("/fr/", base_url=base)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
    return len([s for s in seen if not s.startswith("BEGIN")])
