"""What the value of each setting may be; whatever cannot be used is said in the words of docs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

Check = Callable[[str], Any]
LONGEST_SHOWN = 80
LANGUAGES = ("fr", "en", "es")
# Groups of countries and codes for tests, beside the countries of CLDR.
NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_TILE_HOST = re.compile(r"(\{s\}\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Unusable(ValueError):
    """A value cannot be used; the message says what the setting takes."""


def plain(text: str) -> str:
    """Take words on one line."""
    if _CONTROL.search(text):
        raise Unusable("one line of text")
    return text


def shown(text: str) -> str:
    """Write a wrong value so that it fits on the line that says so."""
    line = _CONTROL.sub("?", text)
    return line if len(line) <= LONGEST_SHOWN else line[:LONGEST_SHOWN] + "…"


def written(value: Any) -> str:
    """Write a value as a person would set it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _parts(text: str, expected: str, *schemes: str, host: bool = True) -> SplitResult:
    """Take an address apart: its scheme, a host that can be one, a port that is a number."""
    try:
        parts = urlsplit(plain(text))
        _ = parts.port
    except ValueError:
        raise Unusable(expected) from None
    if parts.scheme not in schemes or (host and not _HOST.fullmatch(parts.hostname or "")):
        raise Unusable(expected)
    return parts


def _base_url(text: str) -> str:
    expected = "an address without a path, like https://board.example.org"
    parts = _parts(text, expected, "http", "https")
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise Unusable(expected)
    return f"{parts.scheme}://{parts.netloc}"


def _http_url(text: str) -> str:
    _parts(text, "an http or https address", "http", "https")
    return text.rstrip("/")


def _server_url(text: str) -> str:
    expected = "an http or https address without a name or password in it: keys are settings apart"
    if "@" in _parts(text, expected, "http", "https").netloc:
        raise Unusable(expected)
    return text.rstrip("/")


def _tiles(text: str) -> str:
    expected = (
        "a tile address with {z}, {x} and {y}, like https://tiles.example.org/{z}/{x}/{y}.png"
    )
    parts = urlsplit(plain(text))
    if parts.scheme not in {"http", "https"} or not _TILE_HOST.fullmatch(parts.netloc):
        raise Unusable(f"{expected}, with or without {{s}} before its host")
    if not all(part in text for part in ("{z}", "{x}", "{y}")):
        raise Unusable(expected)
    return text


def _address(example: str, *schemes: str) -> Check:
    def check(text: str) -> str:
        _parts(text, f"an address like {example}", *schemes)
        return text

    return check


def _redis_url(text: str) -> str:
    expected = "an address like redis://127.0.0.1:6379/0"
    parts = _parts(text, expected, "redis", "rediss", "unix", host=not text.startswith("unix:"))
    number = parts.path.strip("/")
    if parts.scheme != "unix" and number and not (number.isascii() and number.isdigit()):
        raise Unusable(expected)
    return text


def _database_url(text: str) -> str:
    expected = "postgresql://user:secret@host/name or sqlite:////folder/file"
    schemes = ("sqlite", "postgresql", "postgres", "postgresql+psycopg")
    parts = _parts(text, expected, *schemes, host=False)
    is_file = parts.scheme == "sqlite"
    if not parts.path.strip("/") or "://" not in text or (is_file and parts.netloc):
        raise Unusable(expected)
    return f"{'sqlite' if is_file else 'postgresql+psycopg'}:{text.split(':', 1)[1]}"


def _number(low: int, high: int) -> Callable[[str], int]:
    def check(text: str) -> int:
        if (
            not text.isascii()
            or not text.isdigit()
            or len(text) > 9
            or not low <= int(text) <= high
        ):
            raise Unusable(f"a whole number from {low} to {high}")
        return int(text)

    return check


def _switch(text: str) -> bool:
    if text.lower() not in {"1", "0", "on", "off", "yes", "no", "true", "false"}:
        raise Unusable("on or off")
    return text.lower() in {"1", "on", "yes", "true"}


def _days(text: str) -> tuple[int, ...]:
    expected = "up to five numbers of days from 1 to 365, like 7,1"
    try:
        days = sorted({_number(1, 365)(part.strip()) for part in text.split(",")}, reverse=True)
    except Unusable:
        raise Unusable(expected) from None
    if len(days) > 5:
        raise Unusable(expected)
    return tuple(days)


def _secret(text: str) -> str:
    if len(plain(text)) < 32:
        raise Unusable("at least 32 characters; leave it out and one is made")
    return text


def _token(text: str) -> str:
    if len(plain(text)) < 32:
        raise Unusable("at least 32 characters")
    return text


def _one_of(*words: str) -> Check:
    def check(text: str) -> str:
        if text not in words:
            raise Unusable(f"one of {', '.join(words)}")
        return text

    return check


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise Unusable("a zone name like America/Toronto") from None
    return text


def is_country(code: str) -> bool:
    """Whether it is a country's code of two letters (ISO 3166-1)."""
    from babel import Locale

    known = Locale("en").territories
    return len(code) == 2 and code.isalpha() and code in known and code not in NO_COUNTRIES


def _country(text: str) -> str:
    if not is_country(text):
        raise Unusable("the two letters of a country (ISO 3166-1), like CA or FR")
    return text


def _holidays(text: str) -> str:
    """Take a country or a part of one; whether its holidays are known is asked by `init`."""
    if text.lower() == "none":
        return "none"
    country, dash, part = text.partition("-")
    if not is_country(country) or bool(dash) != bool(re.fullmatch("[A-Z0-9]{1,4}", part)):
        raise Unusable("a country or a part of one, like FR or CA-QC, or none")
    return text


def _index_name(text: str) -> str:
    if not text.isascii() or not text.replace("-", "").isalnum() or len(text) > 40:
        raise Unusable("up to 40 letters, digits and hyphens")
    return text


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(plain(text)):
        raise Unusable("an e-mail address without a name, like babillard@example.org")
    return text


def _server_name(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise Unusable("the name of a mail server, like mx.example.org")
    return text


CHECKS: dict[str, Check] = {
    "base_url": _base_url,
    "secret_key": _secret,
    "database_url": _database_url,
    "data": lambda text: Path(plain(text)),
    "workers": _number(1, 64),
    "meilisearch_url": _server_url,
    "meilisearch_index": _index_name,
    "redis_url": _redis_url,
    "smtp_url": _address("smtp://user:secret@mail.example.org:587 or smtps://…", "smtp", "smtps"),
    "mail_from": _email,
    "mail_reply": _email,
    "mail_server": _server_name,
    "mail_webhook_secret": _token,
    "imap_url": _address("imaps://user:secret@mail.example.org/INBOX", "imap", "imaps"),
    "responsible_email": _email,
    "language": _one_of(*LANGUAGES),
    "country": _country,
    "log_level": _one_of("debug", "info", "warning", "error"),
    "log_format": _one_of("json", "text"),
    "metrics_token": _token,
    "timezone": _timezone,
    "source_url": _http_url,
    "map_tiles": _tiles,
    "trusted_proxies": _number(0, 5),
    "confirm_days": _number(1, 3650),
    "stale_days": _number(2, 3650),
    "warning_days": _days,
    "closing_days": _number(1, 3650),
    "nudge_days": _number(1, 60),
    "hand_over_days": _number(2, 90),
    "release_days": _number(3, 120),
    "holidays": _holidays,
    "hold_newcomers": _switch,
}
