"""`flask import`: bring another list in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO
from uuid import UUID

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from board.database import will_write, writing
from board.errors import BoardError, NotFound
from board.interchange import undoing
from board.interchange.importing import Listener, Order, Refused, Run
from board.interchange.lines import FileRefused


@click.command("import")
@click.argument("file", type=click.File("rb"), required=False)
@click.option("--organisation", "slug", metavar="SLUG", help="In whose name.")
@click.option("--create", is_flag=True, help="Make the organisation when it is unknown.")
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@click.option("--undo", type=click.UUID, metavar="BATCH", help="Take an import back.")
@with_appcontext
def import_file(
    file: IO[bytes] | None, slug: str | None, create: bool, dry_run: bool, undo: UUID | None
) -> None:
    """Import FILE (- for standard input), one JSON object a line; docs/importing.md describes it.

    Rows are known again by their external_id: run it as often as you like.
    """
    if undo is not None:
        _undo(undo)
    elif file is None or slug is None:
        raise click.UsageError("say what to import: FILE --organisation SLUG")
    else:
        _import(file, slug, create, dry_run)


def _undo(batch: UUID) -> None:
    with writing():
        try:
            counts = undoing.undo(batch, _problem)
        except NotFound as error:
            raise click.ClickException(f"no import has the number {batch}") from error
    click.echo(f"{counts['undone']} posts taken back, {counts['left']} left as they are")


def _import(file: IO[bytes], slug: str, create: bool, dry_run: bool) -> None:
    order = Order(file, Path(getattr(file, "name", "-")).name, slug, create, dry_run)
    size = _size_of(file)
    with click.progressbar(length=size or 1, label="Importing", file=sys.stderr) as bar, writing():
        will_write(not dry_run)
        listener = Listener(bar.update if size else lambda _read: None, _problem)
        run = Run(order, current_app.config["BOARD"], listener)
        try:
            run.go()
        except (Refused, FileRefused) as error:
            raise click.ClickException(str(error)) from error
        except BoardError as error:
            raise click.ClickException(getattr(error, "message", str(error))) from error
        except KeyboardInterrupt:
            click.echo("\nstopped: run the same again, it goes on", err=True)
            _say(run)
            raise SystemExit(130) from None
    _say(run)
    if run.report.counts["failed"]:
        raise SystemExit(1)


def _say(run: Run) -> None:
    for note in run.report.noted():
        click.echo(f"note: {note}", err=True)
    end = " (dry run: nothing was written)" if run.order.dry_run else ""
    click.echo(run.report.summary() + end)
    if run.report.counts["added"] + run.report.counts["changed"] and run.report.batch:
        click.echo(f"to take it back: flask --app wsgi import --undo {run.report.batch}")


def _problem(words: str) -> None:
    click.echo(("\r\033[K" if sys.stderr.isatty() else "") + words, err=True)


def _size_of(file: IO[bytes]) -> int:
    try:
        return os.fstat(file.fileno()).st_size
    except (OSError, ValueError):
        return 0


def register(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(import_file)
