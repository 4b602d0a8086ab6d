"""Argon2: slow on purpose, so never inside a transaction."""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from board.accounts.rules import fold_email

_hasher = PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(secrets.token_urlsafe(24))


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher.hash(password)


def hash_claim(password: str, email: str) -> str:
    """Return what is kept of the password of an account whose address is not confirmed.

    Several may claim one address. Their salt comes from that address and the board's secret, so
    that one hashing finds the right one among them, however many there are.
    """
    secret: str = current_app.config["SECRET_KEY"]
    salt = hmac.new(secret.encode(), b"claim:" + fold_email(email).encode(), sha256).digest()
    return _hasher.hash(password, salt=salt[:16])


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` is the one kept; takes as long when nothing is."""
    nobody = _nobody()
    try:
        return _hasher.verify(kept or nobody, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether what is kept was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)
