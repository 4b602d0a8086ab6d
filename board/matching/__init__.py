"""Needs meet offers, and people see why."""

from __future__ import annotations

from flask import Flask

from board.matching.cli import match


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    app.cli.add_command(match)
