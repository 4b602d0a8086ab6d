"""What an account may be: purposes of tokens, passwords, names."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

TERMS_VERSION = "2026-11"
PASSWORD_MIN = 10
PASSWORD_MAX = 200


class TokenPurpose(StrEnum):
    """What a link in a mail may do, and only that."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105
    CHANGE_EMAIL = "change_email"
    INVITATION = "invitation"


LIFETIME = {
    TokenPurpose.CONFIRM_EMAIL: timedelta(days=3),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=2),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
    TokenPurpose.INVITATION: timedelta(days=14),
}
