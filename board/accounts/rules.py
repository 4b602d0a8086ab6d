"""What an account may be: purposes of links, passwords, addresses, how often one may try."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

TERMS_VERSION = "2026-11"
PASSWORD_MIN = 10
PASSWORD_MAX = 200
NAME_MAX = 80
EMAIL_MAX = 254


class TokenPurpose(StrEnum):
    """What a link in a mail may do, and only that."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CHANGE_EMAIL = "change_email"
    INVITATION = "invitation"
    CONFIRM_POST = "confirm_post"
    FOLLOW_SEARCH = "follow_search"
    HEAR_LESS = "hear_less"
    CONFIRM_ANSWER = "confirm_answer"
    FOLLOW_ANSWER = "follow_answer"
    SAY_OUTCOME = "say_outcome"


LIFETIME = {
    TokenPurpose.CONFIRM_EMAIL: timedelta(days=3),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=2),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
    TokenPurpose.INVITATION: timedelta(days=14),
    TokenPurpose.CONFIRM_POST: timedelta(days=45),
    TokenPurpose.FOLLOW_SEARCH: timedelta(days=3),
    TokenPurpose.HEAR_LESS: timedelta(days=120),
    TokenPurpose.CONFIRM_ANSWER: timedelta(days=3),
    TokenPurpose.FOLLOW_ANSWER: timedelta(days=180),
    TokenPurpose.SAY_OUTCOME: timedelta(days=60),
}


class Limit(NamedTuple):
    """How many tries in how much time."""

    hits: int
    window: timedelta


SIGN_IN_BY_ADDRESS = Limit(10, timedelta(minutes=15))
SIGN_IN_BY_NETWORK = Limit(100, timedelta(minutes=15))
SIGN_UP_BY_NETWORK = Limit(50, timedelta(hours=1))
SESSION_LIFE = timedelta(days=30)
SEEN_EVERY = timedelta(hours=1)
MOST_SESSIONS = 20
MOST_CLAIMS = 10
KEEP_FORMS = timedelta(hours=2)
FORM_MAX = 256 * 1024
MOST_FORMS_OF_ONE = 5
MOST_FORMS = 1_000
FORMS_BY_NETWORK = Limit(60, timedelta(hours=1))
MAIL_BY_ADDRESS = Limit(5, timedelta(hours=1))
MAIL_BY_NETWORK = Limit(30, timedelta(hours=1))
PASSWORD_BY_PERSON = Limit(10, timedelta(minutes=15))


class PasswordFault(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    UNREADABLE = "unreadable"
    EMAIL = "email"
    COMMON = "common"


_COMMON = """
    1234567890 12345678910 123456789a 0123456789 0987654321 9876543210 1q2w3e4r5t 1qaz2wsx3edc
    azertyuiop azerty12345 azerty123456 azertyuiop123 qwertyuiop qwerty12345 qwerty123456
    qwertyuiop123 asdfghjkl1 asdfghjklm zaq12wsxcde motdepasse motdepasse1 motdepasse12
    motdepasse123 monmotdepasse password12 password123 password1234 passw0rd123 mypassword
    mypassword1 letmein123 welcome123 contrasena contrasena1 contrasena123 administrateur
    administrator admin12345 admin123456 bonjour123 bonjour1234 bonjour12345 jetaime123
    jetaime1234 iloveyou12 iloveyou123 teamomucho montreal123 montreal1234 quebec1234
    quebec12345 canadiens1 canadiens123 gocanadiens bienvenue1 bienvenue123 babillard1
    babillard123 organisme1 organisme123 communautaire benevolat1 benevole123 football123
    baseball123 superman123 princesse1 princesse123 soleil1234 chocolat12 chocolat123
    abcdefghij abcdefghijk abcd123456 abc1234567 a123456789 aa12345678 qwerty1234 changeme123
    changezmoi
"""
COMMON = frozenset(_COMMON.split())


def password_fault(password: str, *, email: str = "") -> PasswordFault | None:
    """Return why nobody should use this password, or None."""
    if len(password) < PASSWORD_MIN:
        return PasswordFault.SHORT
    if len(password) > PASSWORD_MAX:
        return PasswordFault.LONG
    if is_unreadable(password):
        return PasswordFault.UNREADABLE
    plain = password.casefold().strip()
    if email and plain in {fold_email(email), fold_email(email).partition("@")[0]}:
        return PasswordFault.EMAIL
    if plain in COMMON or len(set(plain)) < 3:
        return PasswordFault.COMMON
    return None


def is_unreadable(text: str) -> bool:
    """Whether text holds control characters or what is left of broken UTF-8."""
    return any(ord(c) < 32 or c in "\x7f\ufffd" or 0xD800 <= ord(c) < 0xE000 for c in text)


def fold_email(email: str) -> str:
    """Return an address as it is compared: nobody's mailbox depends on capitals."""
    return email.strip().lower()


def mailbox_of(email: str) -> str:
    """Return the mailbox behind an address, to count and to block: what follows a plus is a label.

    Mail is always sent to the address as it was given.
    """
    local, _at, domain = fold_email(email).rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}" if local else domain


def digest(raw: str) -> str:
    """Return what is kept of a link's secret."""
    return sha256(raw.encode()).hexdigest()


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
             ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrome", "Chrome"),
             ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip


def device_of(user_agent: str) -> str:
    """Return what a person recognises their device by (« Firefox, Windows »), nothing finer."""
    found = (
        next((name for mark, name in known if mark in user_agent), "")
        for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)
