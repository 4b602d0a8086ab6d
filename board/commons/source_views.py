"""Where the running source is handed out, for instances that name no other place."""

from __future__ import annotations

from flask import Blueprint, redirect, send_file
from flask.typing import ResponseReturnValue

from board.commons import source
from board.web import public
from board.web.context import settings

bp = Blueprint("source", __name__)


@bp.get("/source.tar.gz")
@public
def archive() -> ResponseReturnValue:
    """Hand out the source that runs here, or lead to where the instance keeps it."""
    if settings().source_url:
        return redirect(settings().source_url, code=302)
    packed = source.packed(settings().data)
    return send_file(packed, "application/gzip", as_attachment=True, max_age=0,
                     download_name=packed.name)  # fmt: skip
