"""The flask commands, each a few lines over a service."""

from __future__ import annotations

from time import sleep

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from board import jobs, migrations, uploads
from board.sample import cli as sample
from board.taxonomy.cli import taxonomy

TABLES_PAUSE_S = 0.5


@click.command("worker")
@click.option("--once", is_flag=True, help="Run every job once and end: for a timer.")
@with_appcontext
def worker(once: bool) -> None:
    """Run what is owed and what the clock asks for, until SIGTERM or Ctrl-C."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    _wait_for_tables()
    if once:
        click.echo(f"{jobs.work_once(app)} jobs done")
    else:
        jobs.work(app)


def _wait_for_tables() -> None:
    """Wait while the web server, started at the same time, brings the database up to date."""
    if not migrations.is_up_to_date():
        click.echo("waiting for « flask db upgrade »")
    while not migrations.is_up_to_date():
        sleep(TABLES_PAUSE_S)


@click.group("uploads")
def uploads_group() -> None:
    """Look after the files that people sent."""


@uploads_group.command("sweep")
@with_appcontext
def sweep() -> None:
    """Forget the files that no post and no organisation names any more."""
    click.echo(f"{uploads.sweep()} pictures forgotten")


def register(app: Flask) -> None:
    """Hang every command on the application."""
    sample.register(app)
    app.cli.add_command(taxonomy)
    app.cli.add_command(worker)
    app.cli.add_command(uploads_group)
