"""The addresses under which posts are answered, and answers looked after."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("answers", __name__, url_prefix="/<language:language>")
