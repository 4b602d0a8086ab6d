"""Mail is a row in the writer's transaction, then a debt: a worker pays it after the commit.

A board without a worker keeps what it owes; `flask mail send` or `flask worker --once` pays it.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import JSON, Index, String, Text, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from board import bounces, jobs
from board.clock import now
from board.config import Settings
from board.database import writing
from board.extensions import Identified, Model, db
from board.smtp import Letter, Outcome, deliver

MAILS_A_DAY = 20
MUST_COME_A_DAY = 2 * MAILS_A_DAY
LEASE = timedelta(minutes=10)
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440)]
KEEP_SENT = timedelta(days=30)
TOO_OLD = timedelta(days=7)
SUBJECT_MAX = 250
MARK = "#"  # no address begins so
log = logging.getLogger(__name__)


class Mail(Identified, Model):
    """One mail owed to one address; its Message-ID stays the same however often it is tried."""

    __tablename__ = "mail"

    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(SUBJECT_MAX))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_mail_due_at", "due_at"),
        Index("ix_mail_recipient", "recipient", "created_at"),
    )

    def news(self) -> tuple[str, int | None]:
        """The debt is paid as soon as it is committed."""
        return ("mail", self.id)


def owe(*, to: str, subject: str, text: str, language: str, html: str | None = None,
        headers: dict[str, str] | None = None, must_come: bool = False) -> Mail | None:  # fmt: skip
    """Owe a mail to an address; None once that address was owed `MAILS_A_DAY` in a day.

    `headers` go out beside the usual ones (Reply-To, References, List-Unsubscribe). What
    `must_come` (an account's links, a digest of all that had no room) has room beyond that.
    """
    recipient = to.strip().lower()
    if not has_room(recipient, must_come=must_come):
        log.warning("an address reached its %s mails of the day", MAILS_A_DAY)
        return None
    mail = Mail(recipient=recipient, language=language, text=text, html=html,
                subject=" ".join(subject.split())[:SUBJECT_MAX], headers=headers or {},
                message_id=f"<{uuid4()}@{domain()}>")  # fmt: skip
    db.session.add(mail)
    db.session.flush()
    return mail


def has_room(recipient: str, *, must_come: bool = False) -> bool:
    """Whether an address may be owed one more mail today."""
    most = MUST_COME_A_DAY if must_come else MAILS_A_DAY
    return _count_today(recipient.strip().lower()) < most


def compose(name: str, *, to: str, language: str, headers: dict[str, str] | None = None,
            must_come: bool = False, **context: Any) -> Mail | None:  # fmt: skip
    """Owe `templates/mail/<name>.txt` (first line: the subject) in the recipient's language."""
    subject, text, html = write(name, language=language, **context)
    return owe(to=to, subject=subject, text=text, html=html, language=language, headers=headers,
               must_come=must_come)  # fmt: skip


def write(name: str, *, language: str, **context: Any) -> tuple[str, str, str]:
    """Return the subject, text and HTML of a mail, ready to be owed."""
    environment = current_app.jinja_env
    values = {"instance": _settings().instance_name, "home": _settings().url("/"), **context}
    with force_locale(language):
        words = environment.get_template(f"mail/{name}.txt").render(values)
        subject, paragraphs = _parts(words)
        html = environment.get_template("mail/layout.html").render(
            values, subject=subject, paragraphs=paragraphs, language=language
        )
    return subject, "\n\n".join(paragraphs) + "\n", html


def piece(name: str, **context: Any) -> tuple[str, str]:
    """Return the title and the words of one piece of news, a part of a mail, as things stand."""
    title, paragraphs = _parts(
        current_app.jinja_env.get_template(f"mail/{name}.txt").render(context)
    )
    return title, "\n\n".join(paragraphs)


def _parts(words: str) -> tuple[str, list[str]]:
    """Part what a template wrote into its first line and its paragraphs."""
    subject, _, text = words.partition("\n")
    return subject.strip(), [p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()]


def link(endpoint: str, *, language: str, **values: Any) -> str:
    """Return the full address of a page, from BASE_URL alone: for mails."""
    path = current_app.url_map.bind("localhost").build(endpoint, {"language": language, **values})
    return _settings().url(path)


def pay_due(limit: int = 100) -> int:
    """Send what is due now and return how many went out; two payers never send the same one."""
    sent = 0
    with writing():
        forget_old()
        db.session.commit()
        due = _due(limit)
        for mail_id in due:
            letter = _claim(mail_id)
            if letter is not None:
                outcome = deliver(letter, _settings())
                sent += _settle(mail_id, letter.recipient, outcome) is Outcome.SENT
    return sent


def count_owed() -> int:
    """Return how many mails wait to be sent."""
    return db.session.scalar(select(func.count(Mail.id)).where(Mail.due_at.is_not(None))) or 0


def _due(limit: int) -> list[int]:
    ids = db.session.scalars(
        select(Mail.id).where(Mail.due_at <= now()).order_by(Mail.due_at, Mail.id).limit(limit)
    ).all()
    db.session.rollback()
    return list(ids)


def _claim(mail_id: int) -> Letter | None:
    """Take a mail for `LEASE`: whoever comes meanwhile finds it not due."""
    taken = db.session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.due_at <= now())
        .values(due_at=now() + LEASE, attempts=Mail.attempts + 1)
        .returning(
            Mail.recipient, Mail.subject, Mail.text, Mail.html, Mail.message_id, Mail.headers
        )
        .execution_options(synchronize_session=False)
    ).first()
    db.session.commit()
    return Letter(*taken) if taken is not None else None


def _settle(mail_id: int, recipient: str, outcome: Outcome) -> Outcome:
    """Note what became of a mail; once settled its text goes, for its links are secrets."""
    values: dict[str, Any] = {"due_at": None, "text": "", "html": None, "headers": {}}
    bounces.note(recipient, taken=outcome is Outcome.SENT, refused=outcome is Outcome.BOUNCED)
    if outcome is Outcome.SENT:
        values["sent_at"] = now()
    else:
        tries = db.session.scalar(select(Mail.attempts).where(Mail.id == mail_id)) or 0
        if outcome is Outcome.LATER and tries <= len(PAUSES):
            values = {"due_at": now() + PAUSES[max(tries, 1) - 1]}
        else:
            values["failed_at"] = now()
        log.warning("mail %s was not sent (try %s): %s", mail_id, tries, outcome)
    db.session.execute(
        update(Mail).where(Mail.id == mail_id).values(**values)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.commit()
    return outcome


def forget_old() -> None:
    """Give up what waited too long, and forget what was settled long ago."""
    db.session.execute(
        update(Mail)
        .where(Mail.due_at.is_not(None), Mail.created_at < now() - TOO_OLD)
        .values(due_at=None, failed_at=now(), text="", html=None, headers={})
        .execution_options(synchronize_session=False)
    )
    old = now() - KEEP_SENT
    db.session.execute(
        delete(Mail)
        .where(or_(Mail.sent_at < old, Mail.failed_at < old))
        .execution_options(synchronize_session=False)
    )


def _count_today(recipient: str) -> int:
    return db.session.scalar(
        select(func.count(Mail.id)).where(
            Mail.recipient.in_((recipient, marked(recipient))),
            Mail.created_at > now() - timedelta(days=1),
        )
    ) or 0  # fmt: skip


def marked(recipient: str) -> str:
    """Return what stands for an address that is forgotten: nobody without the secret reads it."""
    key = _settings().secret_key.encode()[:64]
    return MARK + blake2b(recipient.encode(), digest_size=20, key=key).hexdigest()


def _settings() -> Settings:
    settings: Settings = current_app.config["BOARD"]
    return settings


def domain() -> str:
    """Return the domain that this board's mail comes from."""
    return _settings().mail_from.rpartition("@")[2] or "localhost"


@jobs.job(minutes=1, after=("mail",))
def pay() -> None:
    """Send what is due, batch after batch; without a mail server all stays owed."""
    while _settings().smtp_url and not jobs.must_give_way() and pay_due():
        pass


def register(app: Flask) -> None:
    """Say so when nobody will ever pay."""
    settings: Settings = app.config["BOARD"]
    if not settings.smtp_url and not settings.loopback:
        app.logger.warning("BABILLARD_SMTP_URL is not set: mail is kept and not sent")
