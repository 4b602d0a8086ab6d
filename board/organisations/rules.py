"""Who may do what in an organisation, which names it may bear, and which resemble each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from board.accounts.rules import Limit
from board.folding import fold

NAME_MAX = 120
SLUG_MAX = 60
DESCRIPTION_MAX = 4_000
WEBSITE_MAX = 300
LANGUAGES_MAX = 10
SPOKEN = ("fr", "en", "es", "ht", "pt", "ar", "zh", "it", "vi", "uk", "iu", "cr", "moe", "moh")
ALIKE = 90
INVITATIONS_A_DAY = 30
FOUNDED = Limit(10, timedelta(days=1))
KEEP_INVITATIONS = timedelta(days=30)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


RESERVED = _set(
    "add admin all api close create delete edit join leave list logo members new page search"
)
SMALL_WORDS = _set(
    """a and asbl at au aux corp d de del des du e el en enr et inc incorporee l la las le les
    limitee llc lo los ltd ltee obnl of osbl s sarl senc sencrl the un una une y"""
)
_CONFUSABLE = str.maketrans(
    "авекмнорстухіѕјԁԛԝѵһӏгпαβεζηικμνορτυχωıđħɡɑøі",
    "abekmhopctyxisjdqwvhlrnabezhikmvoptuxwidhgaoi",
)
_IN_WORDS = str.maketrans("013457", "oleast")
_WORDS = re.compile(r"[^\W_]+")
_LINK = re.compile(
    r"://|www\.|@|[^\W_]{2,}\.(?:com|net|org|info|biz|io|ru|xyz|top|shop|site|online|club|link|ca|qc"
    r"|quebec|fr|be|ch|es|mx|uk|us|co|me|app)(?![^\W_])",
    re.IGNORECASE,
)
_HOST = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?(?:\.[^\W_](?:[\w-]{0,61}[^\W_])?)+(?::\d{1,5})?")


class Role(StrEnum):
    """What a member does for an organisation; a responsible is also an editor."""

    RESPONSIBLE = "responsible"
    EDITOR = "editor"


def may_edit_posts(role: Role | None) -> bool:
    """Editors and responsibles write posts."""
    return role is not None


def may_manage(role: Role | None) -> bool:
    """Only a responsible changes the organisation itself or its members."""
    return role is Role.RESPONSIBLE


def plain_name(name: str) -> str:
    """Return a name on one line, without signs that nobody sees."""
    seen = (c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) != "Cf")
    return " ".join("".join(seen).split())


def is_name(name: str) -> bool:
    """Whether a name can be read: at least two letters or figures."""
    return sum(c.isalnum() for c in name) >= 2


def holds_link(name: str) -> bool:
    """Whether a name carries an address: it travels in mails to people who never asked."""
    return _LINK.search(name) is not None


class Forms(NamedTuple):
    """A name as it is compared: its own words, and how it looks at a glance."""

    words: str
    figures: frozenset[str]
    look: str


def words_of(text: str) -> list[str]:
    """Return the words of a text as names are compared: no capitals, no accents."""
    return _WORDS.findall(fold(plain_name(text)).translate(_CONFUSABLE))


@lru_cache(maxsize=20_000)
def forms_of(name: str) -> Forms:
    """Return what is compared of a name: no capitals, accents, articles or legal words."""
    everything = words_of(name)
    words = [word for word in everything if word not in SMALL_WORDS] or everything
    figures = frozenset(word for word in words if any(c.isdigit() for c in word))
    return Forms(" ".join(words), figures, "".join(_look(word) for word in words))


def _look(word: str) -> str:
    """Return a word with what the eye confuses made one: rn and m, 0 and o, l and i."""
    if any(c.isalpha() for c in word):
        word = word.translate(_IN_WORDS)
    return word.replace("rn", "m").replace("vv", "w").replace("l", "i")


def looks_alike(one: str, other: str) -> bool:
    """Whether somebody could take one name for the other."""
    a, b = forms_of(one), forms_of(other)
    if not a.words or not b.words:
        return False
    if a.look == b.look:
        return True
    if a.figures != b.figures:
        return False
    return max(fuzz.ratio(a.words, b.words), fuzz.token_sort_ratio(a.words, b.words)) >= ALIKE


def slug_of(name: str) -> str:
    """Return the short address of a name: small ASCII letters, figures and hyphens."""
    ascii_only = fold(name).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_only.replace("'", "-"))
    slug = "-".join(words)[:SLUG_MAX].strip("-")
    return slug if len(slug) >= 2 else "organisation"


def free_slug(name: str, taken: Iterable[str]) -> str:
    """Return a slug that is neither taken nor one of the board's own words."""
    slug, known = slug_of(name), set(taken)
    if slug not in known and slug not in RESERVED:
        return slug
    n = 2
    while f"{slug}-{n}" in known:
        n += 1
    return f"{slug}-{n}"


def website_of(typed: str) -> str | None:
    """Return the web address that somebody typed, with its scheme; None when it is none."""
    if not typed.isprintable() or any(c in typed for c in ' <>"\\^`{|}'):
        return None
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not _HOST.fullmatch(parts.netloc):
        return None
    return address if len(address) <= WEBSITE_MAX else None


def known_languages(codes: Iterable[str]) -> str:
    """Return the languages to keep, in the board's order, as they are stored."""
    chosen = set(codes)
    return ",".join([code for code in SPOKEN if code in chosen][:LANGUAGES_MAX])
