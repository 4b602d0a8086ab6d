"""The flask commands, each a few lines over a service."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from board import jobs, uploads
from board.sample import cli as sample
from board.taxonomy.cli import taxonomy


@click.command("worker")
@click.option("--once", is_flag=True, help="Run every job once and end: for a timer.")
@with_appcontext
def worker(once: bool) -> None:
    """Run what is owed and what the clock asks for, until SIGTERM or Ctrl-C."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        click.echo(f"{jobs.work_once(app)} jobs done")
    else:
        jobs.work(app)


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
