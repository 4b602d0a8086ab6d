"""`flask backup` and `flask restore`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from board import erasures
from board.backups import archive, services


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write the whole board into FILE while it serves: database, uploads, settings, no secrets."""
    try:
        made = services.backup(file.absolute())
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    size = file.stat().st_size
    click.echo(f"{made.rows} rows and {made.files} files are in {file} ({size:,} bytes)")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--erasures",
    "log",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Replay what was erased since: the DATA/erasures.jsonl of the board that was lost.",
)
@with_appcontext
def restore(file: Path, log: Path | None) -> None:
    """Make this empty instance the board of FILE. Stop the web processes first."""
    kept = erasures.log_file()
    forgotten = [path for path in (log, kept) if path is not None and path.is_file()]
    try:
        made = services.restore(file, forgotten=forgotten, tell=_tell)
    except (services.Refused, archive.NotWhole) as error:
        raise click.ClickException(f"nothing was touched: {error}") from error
    except (OSError, DBAPIError) as error:
        words = f"the restore stopped ({type(error).__name__}): mend the cause and run it again"
        raise click.ClickException(words) from error
    rows = sum(about["rows"] for about in made["tables"].values())
    click.echo(
        f"{rows} rows and {len(made['files']) - len(made['tables'])} files of {made['made_at']}"
        f" are back, {made['replayed']} erasures replayed"
    )
    if other := services.settings_elsewhere(made):
        click.echo("The backup was made with other settings than this instance has:")
        for name, value in other.items():
            click.echo(f"  {name}={shlex.quote(value) if value else ''}")


def _tell(words: str) -> None:
    click.echo(words, err=True)


def register(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(backup)
    app.cli.add_command(restore)
