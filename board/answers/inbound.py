"""A mail that comes in lands in its conversation, waits for a look, or is dropped; never acts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import StrEnum

from sqlalchemy import select

from board import bounces
from board.accounts import limits
from board.accounts.rules import fold_email
from board.answers import access, letters, mailbox, reply_addresses, rules, services
from board.answers.mailbox import Bounce, Incoming
from board.answers.models import Message, ReplyAddress
from board.answers.rules import Via
from board.clock import now
from board.database import begin_writing
from board.errors import Conflict, Invalid, TooMany
from board.extensions import db
from board.mail import Mail
from board.web.context import settings

log = logging.getLogger(__name__)


class Taken(StrEnum):
    """What became of a mail."""

    SAID = "said"
    HELD = "held"
    KNOWN = "known"
    BOUNCED = "bounced"
    DROPPED = "dropped"
    REFUSED = "refused"


def take(raw: bytes) -> Taken:
    """Take one mail in, once: the same mail again changes nothing. Logs never say who or what.

    Call it before anything else is written: it begins its own writing transaction.
    """
    if len(raw) > mailbox.LARGEST_MAIL:
        return refuse_large(raw)
    mail = mailbox.read(raw, trusted_server=settings().mail_server)
    if mail is None:
        return _drop("unreadable")
    if isinstance(mail, Bounce):
        return _bounced(mail)
    if mail.is_automatic:
        return _drop("automatic")
    return _deliver(mail, _say)


def refuse_large(raw: bytes) -> Taken:
    """Tell whoever sent a mail that is too large to be read, when its head proves who it is."""
    mail = mailbox.read_head(raw, trusted_server=settings().mail_server)
    if mail is None or mail.is_automatic:
        return _drop("too large")
    return _deliver(mail, _refuse)


def _deliver(mail: Incoming, verb: Callable[[Incoming, ReplyAddress], Taken]) -> Taken:
    """Do `verb` with a mail and the way by which it came; each way takes so many an hour."""
    address = next((a for each in mail.recipients if (a := reply_addresses.find(each))), None)
    if address is None:
        return _drop("for nobody")
    try:
        limits.check_rate(f"inbound:{address.id}", limit=rules.MAILS_BY_ADDRESS.hits,
                          window=rules.MAILS_BY_ADDRESS.window)  # fmt: skip
    except TooMany:
        return _drop("too many")
    address_id = address.id
    begin_writing()
    return verb(mail, db.session.get_one(ReplyAddress, address_id))


def _refuse(mail: Incoming, address: ReplyAddress) -> Taken:
    if not _still_theirs(address) or not _is_trusted(mail, address):
        return _drop("too large")
    letters.tell_too_large(address.response, address.person)
    return Taken.REFUSED


def _is_trusted(mail: Incoming, address: ReplyAddress) -> bool:
    """Whether it is proven that a mail comes from whoever was given the address."""
    return mail.is_checked and mail.sender == _address_of(address)


def _say(mail: Incoming, address: ReplyAddress) -> Taken:
    if db.session.scalar(select(Message.id).where(Message.message_id == mail.message_id)):
        return Taken.KNOWN
    body = mailbox.kept(mailbox.said(mail.text))
    if not body or not _still_theirs(address):
        return _drop("empty" if not body else "no longer theirs")
    trusted = _is_trusted(mail, address)
    try:
        message = services.say(response=address.response, side=address.side, author=address.person,
                               body=body, held=not trusted)  # fmt: skip
    except (Conflict, Invalid):
        return _drop("closed")
    if not trusted and not _already_asked(message):
        letters.tell_held(message, of_another=mail.sender != _address_of(address))
    message.via, message.message_id, message.had_files = Via.MAIL, mail.message_id, mail.has_files
    db.session.flush()
    return Taken.SAID if trusted else Taken.HELD


def _still_theirs(address: ReplyAddress) -> bool:
    """Whether whoever was given the address still takes part on that side."""
    if address.person is None:
        return address.response.is_guest and address.response.guest_email is not None
    return access.side_of(address.response, address.person) is address.side


def _already_asked(message: Message) -> bool:
    """Whether another mail of theirs waits in this conversation: asking once is enough."""
    author = (
        Message.author_id == message.author_id if message.author_id else Message.author_id.is_(None)
    )
    return db.session.scalar(
        select(Message.id).where(Message.response_id == message.response_id, author,
                                 Message.held_at.is_not(None), Message.id != message.id)
    ) is not None  # fmt: skip


def _address_of(address: ReplyAddress) -> str:
    email = address.person.email if address.person else address.response.guest_email
    return fold_email(email or "")


def _bounced(bounce: Bounce) -> Taken:
    """Pause an address that a mail of ours came back from; what we never sent proves nothing."""
    begin_writing()
    sent = db.session.scalar(
        select(Mail.id).where(Mail.message_id == bounce.message_id,
                              Mail.recipient == bounce.recipient, Mail.sent_at <= now())
    )  # fmt: skip
    if sent is None:
        return _drop("a bounce of nothing of ours")
    bounces.note(bounce.recipient, taken=False, refused=True)
    return Taken.BOUNCED


def _drop(why: str) -> Taken:
    log.info("a mail that came in was dropped: %s", why)
    return Taken.DROPPED
