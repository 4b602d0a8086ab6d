"""The whole board in one file, and back: rows as JSON lines, so that any database takes them."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.backups import cli

    cli.register(app)
