"""A draft that its builder looks at: all of it in an address that only the board can write."""

from __future__ import annotations

from uuid import UUID

import msgspec
from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from board.widgets import designs, queries
from board.widgets.designs import Design
from board.widgets.models import Widget

SALT = "widget preview"
LASTS_S = 24 * 3600


def sign(design: Design, widget: Widget) -> str:
    """Write a design and its widget as one signed word."""
    return _signer().dumps([str(widget.uuid), designs.written(design)])


def read(signed: str) -> tuple[Design, Widget | None]:
    """Read it back; BadData when it was not written here, or long ago."""
    uuid, kept = _signer().loads(signed, max_age=LASTS_S)
    try:
        return designs.read(kept), queries.find_widget(UUID(uuid))
    except (msgspec.ValidationError, ValueError) as error:
        raise BadData("of another version") from error


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=SALT)
