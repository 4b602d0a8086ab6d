"""`flask search`: set the search server up, see how it stands, build the indexes again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from board.database import writing
from board.search import differing, instep, server_key, sync
from board.search.away import Away
from board.search.indexes import NOUNS

if TYPE_CHECKING:
    from board.search.meili import Admin

MOST_NAMED = 20
HINTS = {
    "invalid_api_key": ": BABILLARD_MEILISEARCH_KEY must be its master key or an admin key of it",
    "missing_authorization": ": it asks for a key, set BABILLARD_MEILISEARCH_KEY",
    "no answer": ": is it running, and is BABILLARD_MEILISEARCH_URL its address?",
}

search = AppGroup("search", help="The index that finds posts.")


@search.command("reindex")
def reindex() -> None:
    """Index every post again while the board serves, here and on the search server."""

    def tell(done: int, of: int) -> None:
        if done == of or done % 1_000 < sync.BATCH:
            click.echo(f"{done} / {of}", err=True)

    with writing():
        done = sync.reindex(tell)
    click.echo(f"{done} posts read, the index is new")
    if instep.settings().meilisearch_key:
        _reindex_server()


def _reindex_server() -> None:
    server = _server()
    with _clear_trouble(), writing(), click.progressbar(length=1, file=sys.stderr) as bar:

        def tell(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        done = differing.reindex(server, tell)
        instep.pay(server)
        instep.note(differing.problem_of(server))
    click.echo(f"{done} documents told to the search server, the new indexes are in service")


@search.command("setup")
@click.option("--if-missing", is_flag=True, help="Change nothing where the indexes are there.")
def setup(if_missing: bool) -> None:
    """Give the search server its indexes, their settings, what it lacks, and a search-only key."""
    server = _server()
    with _clear_trouble(), writing():
        if if_missing and not differing.is_missing(problem := differing.problem_of(server)):
            instep.keep_search_key(server)
            instep.note(problem)
            click.echo(f"search server: {problem or 'in order'}")
            return
        instep.set_up(server)
        differing.owe_again([differing.compare(server, index) for index in NOUNS])
        instep.pay(server)
        instep.note(differing.problem_of(server))
    click.echo("the search server has its indexes and settings")
    if not instep.settings().meilisearch_search_key:
        click.echo(f"the search-only key is kept in {server_key.path_of(instep.settings())}")


@search.command("status")
@click.option("--repair", is_flag=True, help="Tell the server again what differs.")
def status(repair: bool) -> None:
    """Compare every post's version with the search server and name what differs."""
    server = _server()
    with _clear_trouble(), writing():
        problem = differing.problem_of(server)
        if problem is not None:
            raise click.ClickException(f"{problem}: run « flask search setup »")
        found = [differing.compare(server, index) for index in NOUNS]
        for difference in found:
            _tell_difference(difference)
        if repair:
            owed = differing.owe_again(found)
            instep.pay(server)
            instep.note(differing.problem_of(server))
            click.echo(f"{owed} told again")
        elif any(difference.ids for difference in found):
            if owed := differing.count_owed(found):
                click.echo(f"{owed} of these are owed: the worker is about to tell them")
            raise click.ClickException("not in step: run « flask search status --repair »")


def _tell_difference(difference: differing.Difference) -> None:
    click.echo(f"{difference.index}: {difference.held} held, {difference.wanted} wanted")
    for name in ("missing", "outdated", "extra"):
        if ids := getattr(difference, name):
            shown = ", ".join(map(str, ids[:MOST_NAMED]))
            more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
            click.echo(f"  {name}: {shown}{more}")


def _server() -> Admin:
    """Return the server, once it has shown that it is one that this board knows."""
    with _clear_trouble():
        server = instep.admin()
        differing.check_version(server)
        return server


@contextmanager
def _clear_trouble() -> Iterator[None]:
    """Say in one line what the server would not do."""
    try:
        yield
    except Away as error:
        more = next((hint for sign, hint in HINTS.items() if sign in str(error)), "")
        raise click.ClickException(f"search server: {error}{more}") from None
