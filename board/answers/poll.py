"""Fetch what came into the mailbox of replies: imaps://user:password@host:993/INBOX."""

from __future__ import annotations

import imaplib
import logging
from urllib.parse import unquote, urlsplit

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from sqlalchemy.exc import DBAPIError, OperationalError

from board import jobs, news
from board.answers import inbound, mailbox
from board.database import begin_writing
from board.extensions import db
from board.web.context import settings

TIMEOUT_S = 20
MOST_AT_ONCE = 50
SEEN, FLAGGED = "\\Seen", "\\Flagged"
# The mailbox or the database is away: nothing is wrong with the mail, it is taken next time.
_AWAY = (OSError, imaplib.IMAP4.abort, OperationalError)
log = logging.getLogger(__name__)


@jobs.job(minutes=2)
def fetch() -> None:
    """Take in what nobody has seen; a mail is marked seen once it is kept."""
    if not settings().imap_url:
        return
    try:
        with _open(settings().imap_url) as box:
            take_all(box)
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        log.warning("the mailbox could not be read: %s", error.__class__.__name__)


def take_all(box: BaseMailBox) -> int:
    """Take in up to `MOST_AT_ONCE` unseen mails, each in its own transaction; returns how many.

    What cannot be taken in is flagged for whoever looks after the mailbox, and the next one comes.
    """
    small = AND(seen=False, size_lt=mailbox.LARGEST_MAIL)
    taken = sum(_take(box, uid) for uid in box.uids(small)[:MOST_AT_ONCE])
    large = AND(seen=False, size_gt=mailbox.LARGEST_MAIL - 1)
    for uid in box.uids(large)[:MOST_AT_ONCE]:
        _take(box, uid, head_only=True)
    return taken


def _take(box: BaseMailBox, uid: str, *, head_only: bool = False) -> bool:
    """Take one mail in; it is marked seen whatever becomes of it, so that it stops no other.

    Of what is too large to be a reply only the head is fetched (`head_only`).
    """
    take = inbound.refuse_large if head_only else inbound.take
    try:
        for mail in box.fetch(AND(uid=uid), mark_seen=False, bulk=False, headers_only=head_only):
            take(mail.obj.as_bytes())
            news.commit()
    except Exception as error:  # whatever a broken mail makes a library raise
        db.session.rollback()
        begin_writing()
        if _is_away(error):
            raise
        log.warning("a mail that came in could not be taken: %s", error.__class__.__name__)
        box.flag(uid, [SEEN, FLAGGED], True)
        return False
    begin_writing()
    box.flag(uid, SEEN, True)
    return True


def _is_away(error: Exception) -> bool:
    """Whether the mailbox or the database failed, not the mail: it is taken at the next look."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or isinstance(error, _AWAY)


def _open(url: str) -> BaseMailBox:
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    box: BaseMailBox
    if parts.scheme == "imaps":
        box = MailBox(host, parts.port or 993, timeout=TIMEOUT_S)
    elif parts.hostname in {"127.0.0.1", "::1", "localhost"}:
        box = MailBoxUnencrypted(host, parts.port or 143, timeout=TIMEOUT_S)
    else:
        box = MailBoxStartTls(host, parts.port or 143, timeout=TIMEOUT_S)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return box.login(unquote(parts.username or ""), unquote(parts.password or ""), folder)
