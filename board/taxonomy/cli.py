"""`flask taxonomy`: keep the concepts in step with their data file."""

from __future__ import annotations

from typing import IO

import click
from flask.cli import AppGroup

from board import news
from board.database import writing
from board.errors import BoardError, NotFound
from board.taxonomy import queries, services
from board.taxonomy.models import Concept
from board.taxonomy.rules import ConceptFileError

taxonomy = AppGroup("taxonomy", help="The kinds and categories of the board, and their words.")


@taxonomy.command("load")
@click.option("--file", "source", type=click.File(encoding="utf-8"), help="Another data file.")
def load(source: IO[str] | None) -> None:
    """Make the concepts what the data file says; people's own words are kept."""
    text = source.read() if source else None
    with writing():
        try:
            touched = services.load_concepts(text)
        except ConceptFileError as error:
            raise click.ClickException(str(error)) from error
        news.commit()
    click.echo(f"{touched} concepts changed")


@taxonomy.command("retire")
@click.argument("key")
@click.option("--replaced-by", help="The key of the concept to use instead.")
def retire(key: str, replaced_by: str | None) -> None:
    """Take a concept out of the lists; posts that carry it keep it."""
    with writing():
        try:
            other = _concept(replaced_by) if replaced_by else None
            services.retire(concept=_concept(key), replaced_by=other)
        except BoardError as error:
            raise click.ClickException(str(error)) from error
        news.commit()
    click.echo(f"{key} is retired")


@taxonomy.command("restore")
@click.argument("key")
def restore(key: str) -> None:
    """Put a retired concept back in the lists."""
    with writing():
        services.restore(concept=_concept(key))
        news.commit()
    click.echo(f"{key} is in use")


def _concept(key: str) -> Concept:
    try:
        return queries.get_concept(key)
    except NotFound as error:
        raise click.ClickException(f"no concept has the key {key}") from error
