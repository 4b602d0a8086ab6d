"""/dev/mail: what a board without a mail server would have sent; development only."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from board.accounts import queries
from board.web import development_only, render

bp = Blueprint("outbox", __name__, url_prefix="/dev/mail")


@bp.get("")
@development_only
def index() -> ResponseReturnValue:
    """The latest mails, newest first."""
    return render("accounts/outbox.html", mails=queries.latest_mails())


@bp.get("/<uuid:mail_uuid>")
@development_only
def one(mail_uuid: UUID) -> ResponseReturnValue:
    """One mail, as its reader would see it."""
    mail = queries.get_mail(mail_uuid)
    return render("accounts/outbox_mail.html", mail=mail)
