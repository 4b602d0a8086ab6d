"""Alembic, loaded when a command asks for it: a web process never pays for it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click
from flask import Flask, current_app

from board.extensions import db

NAME = "migrate"  # where Flask-Migrate looks


def upgrade(revision: str = "head") -> None:
    """Bring the database to a revision."""
    from flask_migrate import upgrade

    upgrade(revision=revision)


def is_up_to_date() -> bool:
    """Whether the database has the newest revision of this board."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    newest = ScriptDirectory(current_app.extensions[NAME].directory).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def is_known(revision: str) -> bool:
    """Whether this board has that revision."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    scripts = ScriptDirectory(current_app.extensions[NAME].directory)
    try:
        scripts.get_revision(revision)
    except CommandError:
        return False
    return True


class Commands(click.Group):
    """`flask db …`: Flask-Migrate's own commands, loaded when one of them is wanted."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:  # fmt: skip
        """Let Flask-Migrate's own group go on from here."""
        own: click.Group = import_module("flask_migrate.cli").db
        return own.make_context(info_name, args, parent, **extra)


def register(app: Flask, folder: str) -> None:
    """Let Flask-Migrate be made when its place is first looked at."""

    def make() -> Any:
        from flask_migrate import Migrate

        made = Migrate(directory=folder, render_as_batch=True, compare_type=True)
        made.init_app(app, db)
        app.cli.add_command(commands)
        return app.extensions[NAME]

    commands = Commands("db", help="Perform database migrations.")
    app.cli.add_command(commands)
    app.extensions.later[NAME] = make  # type: ignore[attr-defined]
