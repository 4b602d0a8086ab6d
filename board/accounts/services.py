"""What people do with their account.

Whoever signs up is let in at once, but holds the address only once a mail to it was answered:
until then `email_folded` is empty. So an address that somebody holds already answers a new
sign-up in exactly the same way, and nobody can take an address by naming it first.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from board import addressees, erasures, news
from board.accounts import letters, panels, passwords, queries, sessions
from board.accounts.models import KeptForm, OpenSession, Person, Token
from board.accounts.rules import TokenPurpose, fold_email
from board.clock import now
from board.database import begin_writing
from board.errors import Gone, Invalid
from board.extensions import db
from board.mail import Mail

ADDRESS_PURPOSES = (TokenPurpose.CONFIRM_EMAIL, TokenPurpose.CHANGE_EMAIL)
SIGNING_UP = 0x51F0
OWN_PURPOSES = (*ADDRESS_PURPOSES, TokenPurpose.RESET_PASSWORD)


def create_account(
    *, name: str, email: str, password: str, language: str, confirmed: bool = True
) -> Person:
    """Make an account without any mail: for sample data and commands."""
    hashed = _hash(password, email, confirmed)
    person = Person(name=name, email=email, password_hash=hashed, language=language,
                    email_folded=fold_email(email) if confirmed else None,
                    confirmed_at=now() if confirmed else None, terms_accepted_at=now())  # fmt: skip
    db.session.add(person)
    db.session.flush()
    return person


def sign_up(*, name: str, email: str, password: str, language: str) -> Person:
    """Make an account and send its link; who has one and gives its password is let in."""
    known = recognise(email=email, password=password)
    if known is not None:
        return known
    db.session.rollback()
    hashed = passwords.hash_claim(password, email)
    begin_writing()
    _one_at_a_time()
    if twice := queries.find_claim(email, hashed):
        return twice
    person = Person(name=name, email=email, password_hash=hashed, language=language,
                    terms_accepted_at=now())  # fmt: skip
    db.session.add(person)
    db.session.flush()
    letters.ask_confirmation(person)
    return person


def recognise(*, email: str, password: str) -> Person | None:
    """Return whose address and password these are; always as slow, then begins to write.

    Who holds the address comes first; else each of those who claim it is let in to their own
    account by their own password, whoever claimed it before or after.
    """
    holder = queries.find_by_email(email)
    who, kept = (holder.id, holder.password_hash) if holder else (None, None)
    db.session.rollback()
    right = passwords.matches(kept, password)
    claim = passwords.hash_claim(password, email)
    begin_writing()
    if not right:
        return queries.find_claim(email, claim)
    person = db.session.get(Person, who)
    if person is None or person.password_hash != kept or not person.is_active:
        return None
    return person


def renew_hash(*, person: Person, password: str) -> None:
    """Keep the password under today's settings, when it was kept under weaker ones."""
    if person.password_hash and passwords.is_outdated(person.password_hash):
        db.session.rollback()
        hashed = passwords.hash_password(password)
        begin_writing()
        person.password_hash = hashed


def resend_confirmation(*, person: Person) -> None:
    """Send the confirmation link again; the earlier ones stop working."""
    if person.confirmed_at is None:
        _drop_tokens(person, TokenPurpose.CONFIRM_EMAIL)
        letters.ask_confirmation(person)


def must_prove(token: Token, by: Person | None) -> bool:
    """Whether an address is confirmed by somebody who is not signed in as the link's person.

    Else a stranger could claim an address, and its owner would confirm the stranger's account; or
    a new address with a slip in it would give the account to whoever reads that mailbox.
    """
    return by is None or by.id != token.person_id


def confirm_address(*, link: str | None, by: Person | None, password: str = "") -> Person:
    """Let the person of a link hold the address that the link was sent to."""
    token = queries.find_token(link, *ADDRESS_PURPOSES)
    if token is None or token.person is None or not _is_free(token.email or "", token.person):
        raise Gone
    if must_prove(token, by):
        _prove(token.person, password, "password")
    begin_writing()
    token = _use(link, *ADDRESS_PURPOSES)
    person, email = token.person, token.email
    if person is None or email is None or not _is_free(email, person):
        raise Gone
    before = person.email if person.confirmed_at else None
    _hold(person, email)
    _drop_tokens(person, *OWN_PURPOSES)
    if before and fold_email(before) != fold_email(email):
        letters.tell("email_changed", to=before, language=person.language)
    return person


def ask_reset(*, email: str, language: str) -> None:
    """Send a link to choose another password, when somebody holds or claims the address.

    Where several claim it, each gets a link of its own: whoever reads the mailbox knows theirs.
    """
    holder = queries.find_by_email(email)
    letters.ask_reset([holder] if holder else queries.claims_of(email), language=language)


def reset_password(*, link: str | None, password: str) -> Person:
    """Set the password by a link; every session closes, and the address is proved by the way."""
    if queries.find_token(link, TokenPurpose.RESET_PASSWORD) is None:
        raise Gone
    db.session.rollback()
    hashed = passwords.hash_password(password)
    begin_writing()
    token = _use(link, TokenPurpose.RESET_PASSWORD)
    person = token.person
    if person is None or fold_email(person.email or "") != fold_email(token.email or ""):
        raise Gone
    if person.confirmed_at is None:
        if not _is_free(person.email or "", person):
            raise Gone
        _hold(person, person.email or "")
    _set_password(person, hashed)
    return person


def change_profile(*, person: Person, name: str, language: str) -> None:
    """Change what the person is called and the language of their mail."""
    person.name = name
    person.language = language


def change_password(*, person: Person, current: str, new: str) -> None:
    """Set another password; every session closes (the view opens this one again)."""
    email, confirmed = person.email or "", person.confirmed_at is not None
    _prove(person, current, "current_password")
    hashed = _hash(new, email, confirmed)
    begin_writing()
    _set_password(person, hashed)


def ask_new_email(*, person: Person, email: str, password: str) -> None:
    """Send a link to the new address and tell the old one, which stays until it is followed."""
    _prove(person, password, "password")
    begin_writing()
    _drop_tokens(person, TokenPurpose.CHANGE_EMAIL)
    letters.ask_change(person, email)


def close_sessions(*, person: Person) -> None:
    """End every session of the person, wherever it is open."""
    sessions.end_all(person)


def erase(*, person: Person, password: str) -> None:
    """Erase the person who asks, and write to them a last time."""
    _prove(person, password, "password")
    begin_writing()
    email, language, known = person.email or "", person.language, person.confirmed_at is not None
    forget(person)
    if known:
        letters.tell("erased", to=email, language=language)


def forget(person: Person) -> None:
    """Forget a person: what others rely on stays without a name, the rest goes."""
    panels.erase_elsewhere(person)
    given = [person.email, *queries.addresses_to_prove(person)]
    db.session.execute(
        delete(Token).where(Token.person_id == person.id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if person.confirmed_at is not None:
        db.session.execute(
            delete(Mail).where(Mail.recipient == fold_email(person.email or ""))
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    person.name, person.email, person.email_folded = "", None, None
    person.password_hash, person.confirmed_at = None, None
    person.moderator_at = None
    person.erased_at = now()
    addressees.forget(*given)
    news.note("person", {person.id})
    sessions.end_all(person)
    erasures.note("person", person.uuid)


def forget_again(uuid: UUID) -> bool:
    """Forget somebody whom a restored backup brought back."""
    person = db.session.scalar(select(Person).where(Person.uuid == uuid))
    if person is None or person.erased_at is not None:
        return False
    forget(person)
    return True


def forget_what_is_over() -> None:
    """Erase what has an end and reached it: sessions, links, words that nobody came back for."""
    for model in (OpenSession, Token, KeptForm):
        db.session.execute(
            delete(model).where(model.expires_at < now())
            .execution_options(synchronize_session=False)
        )  # fmt: skip


def _prove(person: Person, password: str, field: str) -> None:
    """Check a person's own password outside any transaction."""
    kept = person.password_hash
    db.session.rollback()
    if not passwords.matches(kept, password):
        raise Invalid(field, _("Ce n’est pas votre mot de passe actuel."))


def _hash(password: str, email: str, confirmed: bool) -> str:
    if confirmed:
        return passwords.hash_password(password)
    return passwords.hash_claim(password, email)


def _set_password(person: Person, hashed: str) -> None:
    person.password_hash = hashed
    sessions.end_all(person)
    _drop_tokens(person, TokenPurpose.RESET_PASSWORD, TokenPurpose.CHANGE_EMAIL)
    if person.confirmed_at is not None:
        letters.tell("password_changed", to=person.email or "", language=person.language)


def _hold(person: Person, email: str) -> None:
    person.email, person.email_folded = email, fold_email(email)
    person.confirmed_at = person.confirmed_at or now()
    news.note("person", {person.id})
    try:
        db.session.flush()
    except IntegrityError as taken:  # another claim was confirmed at this very moment
        db.session.rollback()
        raise Gone from taken


def _one_at_a_time() -> None:
    """A form sent twice makes one account (SQLite’s writers wait for each other anyway)."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(SIGNING_UP)))


def _is_free(email: str, person: Person) -> bool:
    holder = queries.find_by_email(email)
    return holder is None or holder is person


def _use(link: str | None, *purposes: TokenPurpose) -> Token:
    """Use a link up, once: of two at the same moment one wins."""
    token = queries.find_token(link, *purposes)
    if token is None:
        raise Gone
    used = db.session.execute(
        update(Token).where(Token.id == token.id, Token.used_at.is_(None)).values(used_at=now())
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise Gone
    return token


def _drop_tokens(person: Person, *purposes: TokenPurpose) -> None:
    db.session.execute(
        delete(Token)
        .where(Token.person_id == person.id, Token.purpose.in_(purposes), Token.used_at.is_(None))
        .execution_options(synchronize_session=False)
    )
