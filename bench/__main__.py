"""Print the goals of speed, what this machine does, and whether each is met."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from statistics import median

from bench import imports, matching, measures, searches
from bench.boards import Board, prepare
from bench.engines import pair
from bench.measures import Case, case, etag_of, of_each_other, ratio
from bench.served import WORKERS, Server, served
from bench.table import Row, Table
from tests.servers import postgresql

SMALL, LARGE = 10_000, 100_000
ROWS, QUICK_ROWS = 10_000, 3_000
OF_EACH_SIZE = {"list": "cached list", "304": "304", "post": "post page", "feed": "feed"}


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="shorter, without the large board")
    quick = parser.parse_args().quick
    rounds, seconds, times = (3, 0.4, 20) if quick else (9, 0.6, 60)
    with ExitStack() as stack:
        hello = stack.enter_context(served("bench.hello:app", {}, "/"))
        boards = {size: prepare(size) for size in ([SMALL] if quick else [SMALL, LARGE])}
        servers = {
            size: stack.enter_context(served("wsgi:web", board.environment, "/readyz"))
            for size, board in boards.items()
        }
        table = Table(f"{WORKERS} workers of granian, one thread each, SQLite")
        measure(table, hello, boards, servers, rounds, seconds, times)
        bring_in(table, QUICK_ROWS if quick else ROWS)
        matching.fill(table, boards)
        if not quick:
            on_postgresql(table, hello, stack, rounds, seconds)
        print(table)
    if not quick:
        engine_against_engine()
    return 0


def engine_against_engine() -> None:
    """Tell how long searches take with each engine, where the search server's program is there."""
    try:
        with pair(SMALL) as engines:
            for line in searches.lines(engines):
                print(line, flush=True)
    except FileNotFoundError as missing:
        print(f"engine against engine: not measured, {missing}")


def cases_of(board: Board, server: Server, size: int) -> dict[str, Case]:
    """What is asked of a board."""
    first = board.list_page()
    found = board.searches()
    return {
        "list": case("list", server, [first]),
        "304": case("304", server, [etag_of(server, first)], 304),
        "post": case("post page", server, board.post_pages(50)),
        "feed": case("feed", server, [board.feed()]),
        **(
            {
                "signed in": case("signed in", server, [board.signed_in()]),
                "search": case("search", server, found[:1]),
                "searches": Case("searches", server, cycle(found)),
                "widget": case("widget", server, [board.widget()]),
                "app hello": case("app hello", server, [("/healthz", {})]),
            }
            if size == SMALL
            else {}
        ),
    }


def measure(
    table: Table, hello: Server, boards: dict[int, Board], servers: dict[int, Server],
    rounds: int, seconds: float, times: int,
) -> None:  # fmt: skip
    """Measure every board in the same rounds and fill the table."""
    bare = case("hello", hello, [("/", {})])
    named = {size: cases_of(boards[size], servers[size], size) for size in boards}
    every = [each for cases in named.values() for each in cases.values()]
    measures.in_rounds(every, bare, rounds, seconds)
    small = named[SMALL]

    def against(name: str, title: str, goal: float) -> None:
        figure = ratio(every, bare, small[name])
        table.add(Row(title, goal, figure, small[name].cpu_ms))

    table.note(f"bare hello: {max(bare.rates):.0f} requests/s, {median(bare.cpu_ms):.2f} ms of CPU")
    table.note(f"hello inside the board / bare hello: {ratio(every, bare, small['app hello']):.2f}")
    against("list", "list, anonymous, warm", 0.55)
    against("304", "304", 0.60)
    against("signed in", "list, signed in", 0.35)
    figure, wait = measures.cold(boards[SMALL], servers[SMALL], hello, times)
    table.add(Row(f"list, first after a public write ({wait:.1f} ms)", 0.12, figure))
    count = measures.statements(boards[SMALL])
    table.add(Row("its statements", 3, count, at_most=True))
    against("search", "search, the same again", 0.40)
    against("searches", "searches, all different", 0.12)
    against("post", "post page", 0.40)
    against("feed", "feed, kept", 0.55)
    against("widget", "widget, kept", 0.55)
    for_others(table, boards[SMALL], servers[SMALL], hello, times)
    if LARGE in named:
        for name, title in OF_EACH_SIZE.items():
            figure = of_each_other(named[LARGE][name], small[name])
            table.add(Row(f"{title}, 100 000 of 10 000 posts", 0.9, figure))
        figure, wait = measures.cold(boards[LARGE], servers[LARGE], hello, times)
        table.add(Row(f"list at 100 000, first after a public write ({wait:.1f} ms)", None, figure))
    for size, server in servers.items():
        measures.use(boards[size], server)
        used = f"memory of a used worker, {size} posts, MB"
        table.add(Row(used, 120, server.memory_mb("Pss"), at_most=True))
        private = server.memory_mb("Private_Clean", "Private_Dirty")
        table.add(Row("that no other process shares", None, private, at_most=True))


def bring_in(table: Table, rows: int) -> None:
    """How fast a list comes in, and what others wait meanwhile."""
    speed, waits = imports.measure(rows)
    table.add(Row("import, rows a second", 1_000, speed))
    title = "another's writes during an import / before it, 95th percentile"
    table.add(Row(title, 2, waits, at_most=True))


def for_others(table: Table, board: Board, server: Server, hello: Server, times: int) -> None:
    """The first feed and the first widget after a public write."""
    for name, ask in (("feed", board.feed()), ("widget", board.widget())):
        figure, wait = measures.cold(board, server, hello, times, ask)
        table.add(Row(f"{name}, first after a public write ({wait:.1f} ms)", 0.18, figure))


def on_postgresql(
    table: Table, hello: Server, stack: ExitStack, rounds: int, seconds: float
) -> None:
    """The warm list on a PostgreSQL of our own, where the programs are there."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
    try:
        url = stack.enter_context(postgresql(folder / "server"))
    except FileNotFoundError as missing:
        table.note(f"warm list on PostgreSQL: not measured, {missing}")
        return
    board = prepare(SMALL, url)
    server = stack.enter_context(served("wsgi:web", board.environment, "/readyz"))
    bare = case("hello", hello, [("/", {})])
    warm = case("list on PostgreSQL", server, [board.list_page()])
    measures.in_rounds([warm], bare, rounds, seconds)
    figure = ratio([warm], bare, warm)
    table.add(Row("list, anonymous, warm, PostgreSQL", 0.35, figure, warm.cpu_ms))


if __name__ == "__main__":
    sys.exit(main())
