"""The mails of an account. None holds a word that somebody else could have written."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, or_

from board import mail
from board.accounts import queries
from board.accounts.models import Person, Token
from board.accounts.rules import LIFETIME, TokenPurpose, digest
from board.clock import now
from board.extensions import db


def ask_confirmation(person: Person) -> None:
    """Send the link that confirms an address; who holds it already hears that they do."""
    email = person.email or ""
    raw = new_token(person, TokenPurpose.CONFIRM_EMAIL, email)
    holder = queries.find_by_email(email)
    if holder is None or holder is person:
        url = mail.link("accounts.confirm", language=person.language, token=raw)
        mail.compose("confirm", to=email, language=person.language, url=url)
    else:
        tell_holder(holder)


def tell_holder(holder: Person) -> None:
    """Tell somebody that their address was given again."""
    language = holder.language
    mail.compose("already", to=holder.email or "", language=language,
                 url=mail.link("accounts.sign_in", language=language),
                 forgot=mail.link("accounts.forgot", language=language))  # fmt: skip


def ask_reset(person: Person | None, *, language: str) -> None:
    """Send the link that changes a forgotten password; the work is the same for nobody."""
    language = person.language if person else language
    email = (person.email if person else None) or ""
    raw = new_token(person, TokenPurpose.RESET_PASSWORD, email)
    url = mail.link("accounts.reset", language=language, token=raw)
    subject, text, html = mail.write("reset", language=language, url=url)
    if email:
        mail.owe(to=email, subject=subject, text=text, html=html, language=language)


def ask_change(person: Person, email: str) -> None:
    """Send to a new address the link that makes it the person's."""
    holder = queries.find_by_email(email)
    raw = new_token(person, TokenPurpose.CHANGE_EMAIL, email)
    if holder is not None and holder is not person:
        tell_holder(holder)
        return
    url = mail.link("accounts.confirm", language=person.language, token=raw)
    mail.compose("change_email", to=email, language=person.language, url=url)


def tell(name: str, *, to: str, language: str) -> None:
    """Send a notice without secrets: what changed, and where to go if it was not you."""
    mail.compose(name, to=to, language=language,
                 forgot=mail.link("accounts.forgot", language=language))  # fmt: skip


def new_token(person: Person | None, purpose: TokenPurpose, email: str) -> str:
    """Make a link's secret: it works once, until its time; old ones are forgotten."""
    raw = secrets.token_urlsafe(32)
    db.session.execute(
        delete(Token)
        .where(or_(Token.expires_at < now(), Token.used_at.is_not(None)))
        .execution_options(synchronize_session=False)
    )
    db.session.add(Token(person=person, purpose=purpose, email=email or None, digest=digest(raw),
                         expires_at=now() + LIFETIME[purpose]))  # fmt: skip
    db.session.flush()
    return raw
