"""Both engines on one board: the embedded one, and a real search server started for the measure."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from bench.boards import prepare
from board import create_app
from board.database import writing
from board.search import differing, instep
from board.search.embedded import Embedded
from board.search.served import Served
from tests.servers import Meilisearch


@dataclass(frozen=True, slots=True)
class Pair:
    """One board's posts, and two engines that find them."""

    app: Flask
    embedded: Embedded
    served: Served
    server: Meilisearch


@contextmanager
def pair(posts: int) -> Iterator[Pair]:
    """Give both engines on a board of that many posts, inside its application's context."""
    board = prepare(posts).app.config["BOARD"]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        server = Meilisearch(Path(folder) / "server")
        server.start()
        try:
            own = replace(board, meilisearch_url=server.url, meilisearch_key=server.key)
            app = create_app(own)
            with app.app_context():
                with writing():
                    instep.set_up(admin := instep.admin())
                    differing.reindex(admin, lambda _done, _of: None)
                    instep.note(None)
                served = app.extensions["board.search"]
                yield Pair(app, Embedded("sqlite"), served, server)
        finally:
            server.kill()
