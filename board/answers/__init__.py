"""Answers: everyone who answers gets an answer, and nothing is promised twice."""

from __future__ import annotations

from flask import Flask

from board.answers import models  # noqa: F401


def register(_app: Flask) -> None:
    """Hang the feature on the application."""
