"""The mails of an account. None holds a word that somebody else could have written."""

from __future__ import annotations

import secrets

from flask_babel import force_locale, format_datetime
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
        mail.compose("confirm", to=email, language=person.language, must_come=True, url=url)
    else:
        tell_holder(holder)


def tell_holder(holder: Person) -> None:
    """Tell somebody that their address was given again."""
    language = holder.language
    mail.compose("already", to=holder.email or "", language=language, must_come=True,
                 url=mail.link("accounts.sign_in", language=language),
                 forgot=mail.link("accounts.forgot", language=language))  # fmt: skip


def ask_reset(people: list[Person], *, language: str) -> None:
    """Send the link that changes a forgotten password; the work is the same for nobody.

    Several people at one address are several claims: a link for each, told apart by the time at
    which it was made, for a name is somebody's own words.
    """
    language = people[0].language if people else language
    email = (people[0].email if people else None) or ""
    links = [
        (_since(person, language), _reset_link(person, email, language)) for person in people
    ] or [("", _reset_link(None, email, language))]
    subject, text, html = mail.write("reset", language=language, links=links)
    if email:
        mail.owe(to=email, subject=subject, text=text, html=html, language=language,
                  must_come=True)  # fmt: skip


def _reset_link(person: Person | None, email: str, language: str) -> str:
    raw = new_token(person, TokenPurpose.RESET_PASSWORD, email)
    return mail.link("accounts.reset", language=language, token=raw)


def _since(person: Person, language: str) -> str:
    with force_locale(language):
        return format_datetime(person.created_at, "long")


def ask_change(person: Person, email: str) -> None:
    """Send to a new address the link that makes it the person's, and tell the present one."""
    if person.confirmed_at is not None:
        tell("email_asked", to=person.email or "", language=person.language)
    holder = queries.find_by_email(email)
    raw = new_token(person, TokenPurpose.CHANGE_EMAIL, email)
    if holder is not None and holder is not person:
        tell_holder(holder)
        return
    url = mail.link("accounts.confirm", language=person.language, token=raw)
    mail.compose("change_email", to=email, language=person.language, must_come=True, url=url)


def tell(name: str, *, to: str, language: str) -> None:
    """Send a notice without secrets: what changed, and where to go if it was not you."""
    mail.compose(name, to=to, language=language, must_come=True,
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
