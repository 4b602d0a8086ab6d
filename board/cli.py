"""The flask commands, each a few lines over a service."""

from __future__ import annotations

from flask import Flask

from board.sample import cli as sample
from board.taxonomy.cli import taxonomy


def register(app: Flask) -> None:
    """Hang every command on the application."""
    sample.register(app)
    app.cli.add_command(taxonomy)
