"""The address under which an organisation looks after its widgets."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("widgets", __name__, url_prefix="/<language:language>/organisations/<slug>/widgets")
