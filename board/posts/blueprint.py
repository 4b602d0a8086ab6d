"""The addresses under which posts are written and looked after."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("posts", __name__, url_prefix="/<language:language>")
