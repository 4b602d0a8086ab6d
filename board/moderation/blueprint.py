"""The addresses of reports, decisions and appeals."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("moderation", __name__, url_prefix="/<language:language>")
