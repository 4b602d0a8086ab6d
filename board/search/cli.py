"""`flask search`: build the index again while the board serves."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from board.database import writing
from board.search import sync

search = AppGroup("search", help="The index that finds posts.")


@search.command("reindex")
def reindex() -> None:
    """Index every post again, fifty at a time; the board serves all the while."""

    def tell(done: int, of: int) -> None:
        if done == of or done % 1_000 < sync.BATCH:
            click.echo(f"{done} / {of}", err=True)

    with writing():
        done = sync.reindex(tell)
    click.echo(f"{done} posts read, the index is new")
