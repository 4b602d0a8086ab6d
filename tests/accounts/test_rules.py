"""What a password and an address may be."""

from __future__ import annotations

import pytest

from board.accounts.rules import PasswordFault, digest, fold_email, password_fault


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", PasswordFault.SHORT),
        ("neufcarac", PasswordFault.SHORT),
        ("x" * 201, PasswordFault.LONG),
        ("trois petits\x00chats", PasswordFault.UNREADABLE),
        ("trois petits \ufffd chats", PasswordFault.UNREADABLE),
        ("Ana@Exemple.org", PasswordFault.EMAIL),
        ("MotDePasse123", PasswordFault.COMMON),
        ("1234567890", PasswordFault.COMMON),
        ("abababababab", PasswordFault.COMMON),
        ("trois petits chats", None),
        ("été à Percé, 3 vélos", None),
        ("trois petits " * 15, None),
    ],
)
def test_a_password_that_somebody_would_guess_is_refused(
    password: str, fault: PasswordFault | None
) -> None:
    assert password_fault(password, email="ana@exemple.org") is fault


def test_an_address_is_compared_without_capitals() -> None:
    assert fold_email(" Ana@Exemple.ORG ") == "ana@exemple.org"


def test_what_is_kept_of_a_link_does_not_tell_it() -> None:
    assert "secret" not in digest("secret") and len(digest("secret")) == 64
