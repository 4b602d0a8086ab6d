"""`flask init` and `flask seed`: an empty real instance, or one full of invented life."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import with_appcontext

from board import news
from board.answers import holidays
from board.config import SettingsError
from board.database import writing
from board.migrations import upgrade
from board.taxonomy import gazetteer, services


@click.command("init")
@with_appcontext
def init() -> None:
    """Make the tables, load the concepts and the places, and nothing else: an empty board."""
    try:
        holidays.check_place()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    with writing():
        upgrade()
        concepts = services.load_concepts()
        places = gazetteer.load_gazetteer()
        news.commit()
    click.echo(f"{concepts} concepts and {places} places loaded or changed")


@click.command("seed")
@click.option("--posts", default=300, show_default=True, type=click.IntRange(1, 1_000_000))
@with_appcontext
def seed(posts: int) -> None:
    """Load invented organisations and posts, once; more posts when asked for more."""
    from board.sample import seed as sample

    with writing():
        upgrade()
        report = sample.seed(posts=posts, tell=_tell)
    if report.has_own_posts:
        click.echo("this board has posts of its own: no sample data was added")
    else:
        click.echo(
            f"{report.posts} posts, {report.organisations} organisations"
            f" and {report.accounts} accounts added"
        )


def _tell(done: int, of: int) -> None:
    click.echo(f"{done} / {of}", err=True)


def register(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(init)
    app.cli.add_command(seed)
