"""The address that answers a mail of a conversation: a capability of one person and one thread."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from hashlib import sha256

from flask import current_app
from sqlalchemy import select

from board.accounts.models import Person
from board.answers.models import ReplyAddress, Response
from board.answers.rules import Actor
from board.extensions import db
from board.web.context import settings

_TAG = re.compile(r"r(\d{1,12})-([a-z2-7]{26})")


def of(response: Response, side: Actor, person: Person | None) -> str | None:
    """Return the address where this person's replies reach this conversation; None: no mail in."""
    name, _, domain = settings().mail_reply.partition("@")
    if not domain:
        return None
    row = _find(response, side, person) or _make(response, side, person)
    return f"{name}+r{row.id}-{_proof(row.id)}@{domain}"


def find(address: str) -> ReplyAddress | None:
    """Return what an address may speak for; None when nobody was ever given it."""
    name, _, domain = settings().mail_reply.lower().partition("@")
    local, _, at = address.lower().partition("@")
    base, _, tag = local.partition("+")
    found = _TAG.fullmatch(tag)
    if not domain or (base, at) != (name, domain) or found is None:
        return None
    if not hmac.compare_digest(_proof(int(found[1])), found[2]):
        return None
    return db.session.get(ReplyAddress, int(found[1]))


def _find(response: Response, side: Actor, person: Person | None) -> ReplyAddress | None:
    whose = ReplyAddress.person_id == person.id if person else ReplyAddress.person_id.is_(None)
    return db.session.scalar(
        select(ReplyAddress)
        .where(ReplyAddress.response_id == response.id, ReplyAddress.side == side, whose)
        .order_by(ReplyAddress.id)
    )


def _make(response: Response, side: Actor, person: Person | None) -> ReplyAddress:
    row = ReplyAddress(response=response, side=side, person=person)
    db.session.add(row)
    db.session.flush()
    return row


def _proof(row_id: int) -> str:
    """Return 130 bits that only this instance can write for a row."""
    secret: str = current_app.config["SECRET_KEY"]
    made = hmac.new(secret.encode(), f"reply:{row_id}".encode(), sha256).digest()
    return b32encode(made).decode().lower()[:26]
