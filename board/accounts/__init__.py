"""People, sign-in, their privacy rights."""

from __future__ import annotations

from flask import Flask

from board.accounts import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
