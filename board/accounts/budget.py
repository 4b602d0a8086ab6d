"""Reads are limited by what they cost: so much searching a minute for one network.

A page that is kept costs nothing and is not counted. The time that searches take is added up in the
database, for all workers together, a quarter of a second at a time, so that a search writes at most
once for each quarter of a second that it and the others before it took.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from board.accounts import limits
from board.clock import now
from board.errors import TooMany

WINDOW = timedelta(minutes=1)
BUDGET_MS = 20_000
PART_MS = 250
MOST_NETWORKS = 1_000
_owed: dict[str, float] = {}
_closed: dict[str, datetime] = {}


@contextmanager
def spending() -> Iterator[None]:
    """Count what the search inside costs; raise TooMany for a network that has spent its minute."""
    network = limits.network()
    _refuse(network)
    begun = time.perf_counter()
    try:
        yield
    finally:
        _owe(network, (time.perf_counter() - begun) * 1000)


def _refuse(network: str) -> None:
    until = _closed.get(network)
    if until is None:
        return
    if now() < until:
        raise TooMany(max(1, int((until - now()).total_seconds())))
    del _closed[network]


def _owe(network: str, cost_ms: float) -> None:
    if len(_owed) > MOST_NETWORKS:
        _owed.clear()
    owed = _owed[network] = _owed.get(network, 0.0) + cost_ms
    if owed < PART_MS:
        return
    del _owed[network]
    if limits.add(f"search:{network}", round(owed), window=WINDOW) > BUDGET_MS:
        _closed[network] = limits.window_start(WINDOW) + WINDOW
