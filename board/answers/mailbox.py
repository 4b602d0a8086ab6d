"""Mail as it comes in: which conversation it is for, who says they wrote it, what they said.

Nothing here believes a mail: From is what it says, and whether the receiving server checked it is
read from the Authentication-Results (RFC 8601) of the one server that this instance trusts.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses
from hashlib import sha256
from typing import Any

import nh3
from mailparser_reply import EmailReplyParser

from board.accounts.rules import fold_email
from board.answers import charsets
from board.answers.rules import MESSAGE_MAX
from board.web.forms import clean

LARGEST_MAIL = 1024 * 1024
LARGEST_HEAD = 32 * 1024
MOST_PARTS = 60
MOST_ADDRESSES = 50
TRIMMED_IN = ["fr", "en", "es"]
UNSAID = {"script", "style", "blockquote"}
MARKER = "\u2015\u2015\u2015"  # before the line above which one answers, in every language
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
_BULK = {"bulk", "junk", "list", "auto_reply"}
_DMARC_PASS = re.compile(r"dmarc(?:\s*/\s*\d+)?\s*=\s*pass(?:\s|$)", re.IGNORECASE)
_QUOTED = re.compile(r"^\s*(?:>.*)?$")
_ADDRESS_LINE = re.compile(r"^\s*>*\s*\S.*@.*:\s*$")
_BEGINS, _ENDS = r"^[ \t>]*(?:le|on|el)\b", r"\b(?:écrit|wrote|escribió)[ \u00a0\u202f]*:)[ \t]*$"
# « Le 28 novembre 2026, Babillard a écrit : », on one line or broken into two.
_WROTE = re.compile(rf"({_BEGINS}(?=[^\n]*\d)[^\n]{{0,300}}{_ENDS}", re.IGNORECASE | re.MULTILINE)
_BROKEN_WROTE = re.compile(
    rf"({_BEGINS}[^\n]{{0,200}})\n[ \t>]*([^\n]{{0,100}}{_ENDS}", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail, as far as it can be read."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    is_checked: bool
    is_automatic: bool
    text: str
    has_files: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail server tells that one of our mails reached nobody."""

    recipient: str
    message_id: str


def read(raw: bytes, *, trusted_server: str) -> Incoming | Bounce | None:
    """Read a mail; None when it cannot be one, or is built to be costly. Never raises."""
    if _is_costly(raw):
        return None
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        return _bounce(mail) or _incoming(mail, raw, trusted_server)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def read_head(raw: bytes, *, trusted_server: str) -> Incoming | None:
    """Read who wrote a mail and to whom, from how it begins; None when that cannot be told."""
    head = _END_OF_HEAD.split(raw[: LARGEST_HEAD + 1], maxsplit=1)[0]
    if len(head) > LARGEST_HEAD:
        return None
    try:
        mail = message_from_bytes(head, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        del mail["Content-Type"]  # of parts that are not here
        return _incoming(mail, head, trusted_server)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def said(text: str) -> str:
    """Return what a reply itself says, without what it quotes: above it, else below or between."""
    text = _BROKEN_WROTE.sub(r"\1 \2", clean(text))
    quoted = _WROTE.search(text)
    above = text[: quoted.start()] if quoted else text
    return _trimmed(above.split(MARKER, 1)[0]) or _below(text)


def _below(text: str) -> str:
    """Return what stands below or between quoted lines, where a program shows which they are."""
    lines = text.split("\n")
    own = [line for line in lines if not line.lstrip().startswith(">")]
    told = [line for line in own if not _WROTE.match(line)]
    is_shown = len(told) < len(lines) and not any(MARKER in line for line in told)
    return _trimmed("\n".join(told)) if is_shown else ""


def _trimmed(text: str) -> str:
    """Return a text without what programs put under it."""
    trimmed = EmailReplyParser(languages=TRIMMED_IN).parse_reply(text=text) or ""
    lines = trimmed.rstrip().split("\n")
    while lines and (_ADDRESS_LINE.match(lines[-1]) or _QUOTED.match(lines[-1])):
        lines.pop()
    return clean("\n".join(lines))


def kept(text: str) -> str:
    """Return as much of what came by mail as is kept; what was cut goes one letter beyond."""
    return text if len(text) <= MESSAGE_MAX else text[:MESSAGE_MAX] + "…"


def was_cut(body: str) -> bool:
    """Whether more was written than is kept."""
    return len(body) > MESSAGE_MAX


def _is_costly(raw: bytes) -> bool:
    """Whether its headers or its parts are more than any person's program writes."""
    head = _END_OF_HEAD.split(raw, maxsplit=1)[0]
    parts = raw.lower().count(b"content-type:")
    return len(head) > LARGEST_HEAD or parts > MOST_PARTS


def _incoming(mail: EmailMessage, raw: bytes, trusted_server: str) -> Incoming:
    senders = [fold_email(a) for _name, a in getaddresses(_all(mail, "from")) if a]
    found = getaddresses([each for name in _RECIPIENTS for each in _all(mail, name)])
    body, files = _body(mail)
    return Incoming(
        message_id=_identity(mail, raw),
        sender=senders[0] if len(senders) == 1 else "",
        recipients=tuple(a.lower() for _name, a in found[:MOST_ADDRESSES] if a),
        is_checked=_is_checked(mail, trusted_server),
        is_automatic=_is_automatic(mail),
        text=body,
        has_files=files,
    )


def _all(mail: EmailMessage, name: str) -> list[str]:
    """Return what each header of a name says as it came: names in odd charsets are not read."""
    found = (value for key, value in mail.raw_items() if key.lower() == name)
    return [clean(" ".join(str(value).split())) for value in found]


def _one(mail: EmailMessage, name: str) -> str:
    return next(iter(_all(mail, name)), "")


def _identity(mail: EmailMessage, raw: bytes) -> str:
    """Return the Message-ID; a mail without one is known by its bytes."""
    given = _one(mail, "message-id")
    if given and len(given) <= 250 and given.isprintable():
        return given
    return f"<{sha256(raw).hexdigest()}@unnamed>"


def _is_automatic(mail: EmailMessage) -> bool:
    """Whether a program wrote it (RFC 3834): nobody is to be told of it."""
    automatic = _one(mail, "auto-submitted").partition(";")[0].strip().lower()
    precedence = _one(mail, "precedence").lower()
    if automatic not in {"no", ""} or precedence in _BULK:
        return True
    if _one(mail, "return-path") == "<>":
        return True
    return any(name in mail for name in ("x-auto-response-suppress", "x-autoreply", "list-id"))


def _is_checked(mail: EmailMessage, trusted_server: str) -> bool:
    """Whether the trusted server says that DMARC passed: its header is the topmost of its name.

    Read as RFC 8601 writes it: what stands in comments and quoted words, and the values of other
    methods, were chosen by whoever sent the mail.
    """
    if not trusted_server:
        return False
    for value in _all(mail, "authentication-results"):
        server, _, results = value.partition(";")
        if server.split()[:1] == [trusted_server]:
            return any(_DMARC_PASS.match(one.strip()) for one in _bare(results).split(";"))
    return False


def _bare(text: str) -> str:
    """Return a structured header without its comments and quoted words; nothing, if one is open."""
    out, depth, quoted, at = [], 0, False, 0
    while at < len(text):
        letter = text[at]
        if letter == "\\" and (quoted or depth):
            at += 1
        elif quoted:
            quoted = letter != '"'
        elif letter == '"' and not depth:
            quoted = True
        elif letter in "()":
            depth = max(0, depth + (1 if letter == "(" else -1))
            out.append(" ")
        elif not depth:
            out.append(letter)
        at += 1
    return "" if quoted or depth else "".join(out)


def _body(mail: EmailMessage) -> tuple[str, bool]:
    files = any(True for _part in mail.iter_attachments()) if mail.is_multipart() else False
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return "", files
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    text = clean(charsets.decoded(raw, part.get_content_charset()))
    if part.get_content_type() == "text/html":
        text = clean(_plain(text))
    return text, files


def _plain(markup: str) -> str:
    """Return the words of HTML: its quotations go, its blocks become lines."""
    markup = re.sub(r"(?i)<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>", "\n", markup)
    return html.unescape(nh3.clean(markup, tags=set(), attributes={}, clean_content_tags=UNSAID))


def _bounce(mail: EmailMessage) -> Bounce | None:
    """Read a delivery status (RFC 3464) that says that it failed for good."""
    if mail.get_content_type() != "multipart/report":
        return None
    recipient = message_id = ""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            recipient = recipient or _failed(part)
        elif kind in {"message/rfc822", "text/rfc822-headers"}:
            message_id = message_id or _returned_id(part)
    recipient, message_id = clean(recipient), clean(message_id)
    return Bounce(recipient, message_id) if recipient and message_id else None


def _failed(part: Any) -> str:
    for block in part.get_payload():
        if str(block.get("action", "")).strip().lower() != "failed":
            continue
        if not str(block.get("status", "")).strip().startswith("5"):
            continue
        address = str(block.get("final-recipient", "")).partition(";")[2].strip()
        if address:
            return fold_email(address)
    return ""


def _returned_id(part: Any) -> str:
    payload = part.get_payload()
    text = str(payload[0]) if isinstance(payload, list) and payload else str(payload)
    found = re.search(r"(?im)^message-id:\s*(<[^>\s]{1,240}>)", text)
    return found[1] if found else ""
