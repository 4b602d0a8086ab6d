"""The addresses under which posts are kept true."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("life", __name__, url_prefix="/<language:language>")
