"""Needs and offers, their lines, their life: the heart."""

from __future__ import annotations

from flask import Flask

from board.posts import models  # noqa: F401


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board.posts import pages

    pages.register(app)
