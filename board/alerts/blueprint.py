"""The addresses of notices and kept searches."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("alerts", __name__, url_prefix="/<language:language>")
