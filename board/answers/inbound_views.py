"""Where a mail server hands over what comes in: POST, signed, the mail itself as the body."""

from __future__ import annotations

import hmac
from hashlib import sha256

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from board.answers import inbound
from board.clock import now
from board.web import Authority, authority, commits, slow_first
from board.web.context import settings

bp = Blueprint("inbound", __name__)
LATE_S = 300


@bp.post("/mail/inbound")
@authority(Authority.WEBHOOK)
@slow_first
@commits
def receive() -> ResponseReturnValue:
    """Take a mail (message/rfc822) whose signature is right; says nothing of what became of it."""
    if not settings().mail_webhook_secret:
        abort(404)
    sent_at = request.headers.get("X-Babillard-Timestamp", "")
    body = request.get_data()
    if not _is_signed(settings().mail_webhook_secret, sent_at, body):
        abort(403)
    inbound.take(body)
    return "", 204


def _is_signed(secret: str, sent_at: str, body: bytes) -> bool:
    """HMAC-SHA256 over the time (seconds since 1970), a dot and the body, as lower-case hex."""
    if not sent_at.isascii() or not sent_at.isdigit() or len(sent_at) > 12:
        return False
    if abs(now().timestamp() - int(sent_at)) > LATE_S:
        return False
    right = hmac.new(secret.encode(), sent_at.encode() + b"." + body, sha256).hexdigest()
    given = request.headers.get("X-Babillard-Signature", "").removeprefix("sha256=")
    return hmac.compare_digest(right.encode(), given.encode())
