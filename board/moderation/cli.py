"""`flask moderator`: who looks after the board."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from board.database import writing
from board.extensions import db
from board.moderation import moderators

moderator = AppGroup("moderator", help="Who looks after the board.")


@moderator.command("add")
@click.argument("email")
def add(email: str) -> None:
    """Let the person with this address moderate."""
    with writing():
        person = moderators.find(email)
        if person is None:
            raise click.ClickException("nobody has an account with this confirmed address")
        moderators.name(person)
        db.session.commit()
    click.echo(f"{email} moderates")


@moderator.command("remove")
@click.argument("email")
def remove(email: str) -> None:
    """Let the person with this address moderate no more."""
    with writing():
        person = moderators.find(email)
        if person is None or person.moderator_at is None:
            raise click.ClickException("this address is no moderator's")
        moderators.dismiss(person)
        db.session.commit()
    click.echo(f"{email} moderates no more")


@moderator.command("list")
def everybody() -> None:
    """Say who moderates, since when."""
    for person in moderators.everybody():
        click.echo(f"{person.email}\t{person.moderator_at:%Y-%m-%d}")
