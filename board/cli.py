"""The flask commands, each a few lines over a service."""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hang every command on the application."""
