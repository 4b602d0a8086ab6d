"""Engine against engine: how long the classes of search take, and what the board adds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_address
from itertools import count
from statistics import median, quantiles
from typing import Any

from bench.agreement import MONTREAL, queries
from bench.engines import Pair, pair
from board.extensions import db
from board.posts.rules import Kind, Purpose
from board.search.filters import Query, to_args
from board.search.served import Served

OF_A_CLASS = 40
FILTERED = {"purpose": Purpose.NEED, "kinds": (Kind.TOOL, Kind.SPACE)}


def classes() -> dict[str, list[Query]]:
    """Return the classes of the guide's table, each of distinct queries."""
    asked: dict[str, list[str]] = {}
    for each in queries(of_each=OF_A_CLASS):
        asked.setdefault(each.kind, []).append(each.q)
    words = asked["right"]
    return {
        "3-letter prefix": [Query(q=q[:3]) for q in dict.fromkeys(q[:3] for q in words)],
        "one word": [Query(q=q) for q in words],
        "several words": [Query(q=q) for q in asked["several words"]],
        "1 typo": [Query(q=q) for q in asked["one typo"]],
        "2 typos, 9+ letters": [Query(q=q) for q in asked["two typos"]],
        "text + 2 filters + facets": [Query(q=q, **FILTERED) for q in words],  # type: ignore[arg-type]
        "browse + facets": [
            Query(near=(MONTREAL[0] + n / 100, MONTREAL[1]), radius_km=50) for n in range(40)
        ],
    }


def timed(
    ask: Callable[[Query], Any],
    asked: Sequence[Query],
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """Ask each once, after a few that warm up; milliseconds of each."""
    for query in asked[:3]:
        ask(replace(query, closed=True))
    times = []
    for query in asked:
        begun = clock()
        ask(query)
        times.append(1000 * (clock() - begun))
        db.session.rollback()
    return times


@contextmanager
def own_times(served: Served) -> Iterator[list[float]]:
    """Collect what the server says that each search took it, in milliseconds."""
    said: list[float] = []
    ask = served._ask

    def note(asked: Sequence[Any]) -> list[dict[str, Any]]:
        answers = ask(asked)
        said.append(max(float(answer["processingTimeMs"]) for answer in answers))
        return answers

    served._ask = note  # type: ignore[method-assign]
    try:
        yield said
    finally:
        served._ask = ask  # type: ignore[method-assign]


def p50_p95(times: Sequence[float]) -> str:
    """Write both."""
    return f"{median(times):.1f}/{quantiles(times, n=20)[-1]:.1f}"


def lines(engines: Pair) -> Iterator[str]:
    """Measure and tell, class by class."""
    heads = "".join(f"{head:>12}" for head in ("embedded", "server", "its own", "page"))
    yield f"{'p50/p95 ms':<28}{heads}{'added':>8}{'CPU':>8}"
    client = engines.app.test_client()
    base = engines.app.config["BOARD"].base_url
    added: list[float] = []
    networks = count(1)

    def page(query: Query) -> None:
        """Each from another network: how much one may search in a minute is not measured here."""
        network = {"REMOTE_ADDR": str(ip_address(0x0A000000 + next(networks)))}
        asked = to_args(query)
        answer = client.get("/fr/", query_string=asked, base_url=base, environ_base=network)
        if answer.status_code != 200:
            raise RuntimeError(f"the page of « {query.q} » answers {answer.status_code}")

    for name, asked in classes().items():
        alone = timed(engines.embedded.search, asked)
        with own_times(engines.served) as own:
            with_server = timed(engines.served.search, asked)
        engines.served.forget()
        cpu = timed(engines.served.search, asked, time.process_time)
        engines.served.forget()
        whole = timed(page, asked)
        told = p50_p95(own) if own else "-"
        more = median(with_server) - median(own) if own else 0.0
        added += [more] if own else []
        yield (f"{name:<28}{p50_p95(alone):>12}{p50_p95(with_server):>12}{told:>12}"
               f"{p50_p95(whole):>12}{more:>8.1f}{median(cpu):>8.1f}")  # fmt: skip
    yield f"added by the board to the engine's own time, p50 over the classes: {median(added):.1f}"


def main() -> None:
    """Print the table."""
    with pair(10_000) as engines:
        for line in lines(engines):
            print(line, flush=True)


if __name__ == "__main__":
    main()
