"""`flask search`: set the search server up, see how it stands, build the indexes again."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from board.database import writing
from board.search import differing, instep, server_key, sync
from board.search.away import Away, refuses_key
from board.search.indexes import NOUNS

if TYPE_CHECKING:
    from board.search.meili import Admin

MOST_NAMED = 20
HINTS = {
    "invalid_api_key": ": BABILLARD_MEILISEARCH_KEY must be its master key or an admin key of it",
    "missing_authorization": ": it asks for a key, set BABILLARD_MEILISEARCH_KEY",
    "no answer": ": is it running, and is BABILLARD_MEILISEARCH_URL its address?",
}

WEB_HINTS = {
    "invalid_api_key": " to the search-only key of the web processes: run « flask search setup »,"
    " or mend BABILLARD_MEILISEARCH_SEARCH_KEY and start them again",
}
WEB_HINTS["missing_authorization"] = WEB_HINTS["invalid_api_key"]

search = AppGroup("search", help="The index that finds posts.")


@search.command("reindex")
def reindex() -> None:
    """Index every post again while the board serves, here and on the search server."""

    def tell(done: int, of: int) -> None:
        if done == of or done % 1_000 < sync.BATCH:
            click.echo(f"{done} / {of}", err=True)

    with writing():
        done = sync.reindex(tell)
    click.echo(f"{done} posts read, the board's own index is new")
    if instep.settings().meilisearch_url or instep.settings().meilisearch_key:
        _reindex_server()


def _reindex_server() -> None:
    """Fill fresh indexes on the search server; where that cannot be, say what was not done."""
    try:
        _fill_server(_server())
    except click.ClickException as error:
        raise click.ClickException(
            f"the search server was not reindexed, it holds what it held: {error.message}"
        ) from None


def _fill_server(server: Admin) -> None:
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
    refused = refuses_key(instep.noted()[0])
    with _clear_trouble(), writing():
        if if_missing and not differing.is_missing(problem := differing.problem_of(server)):
            instep.keep_search_key(server)
            instep.note(problem)
            click.echo(f"search server: {problem or 'in order'}")
            return
        instep.set_up(server)
        differing.mend(server, [differing.compare(server, index) for index in NOUNS])
        instep.pay(server)
        instep.note(differing.problem_of(server))
    click.echo("the search server has its indexes and settings")
    if refused:
        click.echo("the worker's key was refused: start it again with this one")
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
            owed = differing.mend(server, found)
            instep.pay(server)
            instep.note(differing.problem_of(server))
            click.echo(f"{owed} told again")
        elif any(difference.count for difference in found):
            if owed := differing.count_owed(found):
                click.echo(f"{owed} of these are owed: the worker is about to tell them")
            raise click.ClickException("not in step: run « flask search status --repair »")
    _check_in_use()


def _check_in_use() -> None:
    """Say it where the web processes search without the server, or are refused by it."""
    problem, since = instep.noted()
    if problem is not None:
        when = f" since {since:%Y-%m-%d %H:%M} UTC" if since else ""
        raise click.ClickException(
            f"the board does not ask the server, its worker found{when}: {problem}"
        )
    with _clear_trouble(WEB_HINTS):
        instep.try_search_key()


def _tell_difference(difference: differing.Difference) -> None:
    click.echo(f"{difference.index}: {difference.held} held, {difference.wanted} wanted")
    for name in ("missing", "outdated", "extra", "foreign"):
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
def _clear_trouble(hints: Mapping[str, str] = MappingProxyType(HINTS)) -> Iterator[None]:
    """Say in one line what the server would not do."""
    try:
        yield
    except Away as error:
        more = next((hint for sign, hint in hints.items() if sign in str(error)), "")
        raise click.ClickException(f"search server: {error}{more}") from None
