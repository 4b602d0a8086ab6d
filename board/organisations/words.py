"""Organisations in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable

from babel import Locale
from flask import g
from flask_babel import lazy_gettext as _l

from board.config import LANGUAGES
from board.organisations.rules import SPOKEN, Role
from board.taxonomy import wording

ROLES = {Role.RESPONSIBLE: _l("responsable"), Role.EDITOR: _l("rédaction")}


def language_name(code: str) -> str:
    """Return the name of a language in the page's language."""
    named = Locale.parse(g.language).languages
    return str(named.get(code) or Locale.parse("fr").languages.get(code) or code)


def language_names(codes: Iterable[str]) -> list[str]:
    """Return the names of several languages, as they were ordered."""
    return [language_name(code) for code in codes]


def written_in(text: str, spoken: str) -> str:
    """Guess the language of a description, for those who hear it; else the first one spoken."""
    first = next((code for code in spoken.split(",") if code in LANGUAGES), LANGUAGES[0])
    return wording.language_of(wording.words_of(text), first)


def language_choices() -> list[tuple[str, str]]:
    """Return the languages that an organisation can say it speaks."""
    return [(code, language_name(code)) for code in SPOKEN]
