"""Sample accounts: on a development board only, with passwords made there and nowhere else."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from board import news
from board.accounts import queries, services
from board.accounts.models import Person
from board.config import Settings
from board.extensions import db
from board.organisations.models import Membership, Organisation
from board.organisations.rules import Role


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """An invented person, and for whom they act."""

    name: str
    email: str
    organisation: str | None
    role: Role | None
    words: str


ACCOUNTS = (
    SampleAccount("Odile Framboisier", "odile@voisins-du-canal.example.org",
                  "maison-des-voisins-du-canal", Role.RESPONSIBLE,
                  "responsable, Maison des voisins du Canal"),
    SampleAccount("Wendy Tournepage", "wendy@example.org", None, None,
                  "bénévole, sans organisation"),
)  # fmt: skip


def accounts_file(settings: Settings) -> Path:
    """Return where the passwords are kept for whoever runs the board."""
    return settings.data / "sample-accounts.txt"


def accounts_words(settings: Settings) -> str:
    """Return the accounts to try, a line each; nothing on a board that others can reach."""
    path = accounts_file(settings)
    if not settings.development_helpers or not path.exists():
        return ""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]
    return "\n".join(f"  {email}  /  {password}  ({words})" for email, password, words in rows)


def make_accounts(settings: Settings) -> list[SampleAccount]:
    """Make the accounts that are missing; a board that others can reach gets none."""
    if not settings.development_helpers:
        return []
    missing = [account for account in ACCOUNTS if queries.find_by_email(account.email) is None]
    db.session.rollback()
    # As many letters as a sentence, and made here: nobody knows them but this installation.
    made = [(account, secrets.token_urlsafe(9)) for account in missing]
    for account, password in made:
        services.create_account(
            name=account.name, email=account.email, password=password, language="fr"
        )
        news.commit()
    if made:
        _keep(accounts_file(settings), made)
    return missing


def join_organisations() -> dict[str, int]:
    """Let the sample people act for their organisations; return who writes for which slug."""
    authors: dict[str, int] = {}
    for account in ACCOUNTS:
        person = queries.find_by_email(account.email)
        if person is not None and account.organisation is not None and account.role is not None:
            authors[account.organisation] = person.id
            _join(person, account.organisation, account.role)
    return authors


def _join(person: Person, slug: str, role: Role) -> None:
    organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        return
    among = select(Membership.id).where(
        Membership.person_id == person.id, Membership.organisation_id == organisation.id
    )
    if db.session.scalar(among) is None:
        db.session.add(Membership(person=person, organisation=organisation, role=role))
        db.session.flush()


def _keep(path: Path, made: list[tuple[SampleAccount, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{who.email}\t{password}\t{who.words}\n" for who, password in made)
