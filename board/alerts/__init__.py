"""Notices and saved searches: what each person wants to hear of, and how often."""

from __future__ import annotations

from flask import Flask

from board.alerts import models  # noqa: F401


def register(_app: Flask) -> None:
    """Make room for what people want to hear of."""
