"""One letter handed to a mail server named by a URL: smtp://user:pass@host:587?starttls, smtps://…"""

from __future__ import annotations

import logging
import smtplib
import ssl
import textwrap
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from board.config import Settings
from board.mail_headers import POLICY

TIMEOUT_S = 10
COLUMNS = 72
log = logging.getLogger(__name__)


class Letter(NamedTuple):
    """What is handed over."""

    recipient: str
    subject: str
    text: str
    html: str | None
    message_id: str
    headers: dict[str, str]


class Outcome(StrEnum):
    """What the mail server said: taken, perhaps later, never this mail, never this address."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    BOUNCED = "bounced"


def deliver(letter: Letter, settings: Settings) -> Outcome:
    """Hand a letter to the mail server; say whether it took it, may later, or never will."""
    if not settings.smtp_url:
        return Outcome.LATER
    parts = urlsplit(settings.smtp_url)
    try:
        with _connect(parts, settings) as server:
            server.send_message(_message(letter, settings), settings.mail_from, [letter.recipient])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        return Outcome.BOUNCED if all(code >= 500 for code in codes) else Outcome.LATER
    except smtplib.SMTPDataError as refused:
        return Outcome.NEVER if refused.smtp_code >= 500 else Outcome.LATER
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server did not take a mail: %s", error.__class__.__name__)
        return Outcome.LATER
    return Outcome.SENT


def in_columns(text: str) -> str:
    """Return a mail's text for a terminal: no line of words beyond `COLUMNS`, no address cut."""
    return "\n".join(
        line if len(line) <= COLUMNS or line.startswith(">") else textwrap.fill(
            line, COLUMNS, break_long_words=False, break_on_hyphens=False)
        for line in text.split("\n")
    )  # fmt: skip


def uses_starttls(parts: SplitResult) -> bool:
    """Whether to encrypt before a word is said: when asked to, and whenever a password goes out."""
    if parts.scheme == "smtps":
        return False
    local = (parts.hostname or "") in {"localhost", "::1", "127.0.0.1"}
    return "starttls" in parse_qs(parts.query, keep_blank_values=True) or (
        parts.username is not None and not local
    )


def _connect(parts: SplitResult, settings: Settings) -> smtplib.SMTP:
    host, name = parts.hostname or "localhost", urlsplit(settings.base_url).hostname or "localhost"
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, name, timeout=TIMEOUT_S,
                                  context=ssl.create_default_context())  # fmt: skip
    else:
        port = parts.port or (587 if parts.username else 25)
        server = smtplib.SMTP(host, port, name, timeout=TIMEOUT_S)
    try:
        if uses_starttls(parts):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _message(letter: Letter, settings: Settings) -> EmailMessage:
    message = EmailMessage(POLICY)
    message["From"] = str(Address(settings.instance_name, addr_spec=settings.mail_from))
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(in_columns(letter.text))
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message
