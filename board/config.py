"""Settings: every `BABILLARD_*` variable, read once, here, and checked at start."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

LANGUAGES = ("fr", "en", "es")
PREFIX = "BABILLARD_"
_TILE_HOST = re.compile(r"(\{s\}\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?")
# What a backup, a page or a log never tells: keys, and addresses that may hold a password.
SECRETS = frozenset(
    {"secret_key", "database_url", "meilisearch_key", "meilisearch_search_key", "meilisearch_url",
     "redis_url", "smtp_url", "metrics_token", "mail_webhook_secret", "imap_url"}
)  # fmt: skip
SOURCE = "https://github.com/babillard/babillard"


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and says what it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an instance is told from outside; docs/settings.md has the table."""

    base_url: str = "http://127.0.0.1:8000"
    secret_key: str = ""
    database_url: str = ""
    data: Path = Path("var")
    workers: int = 2
    meilisearch_url: str = ""
    meilisearch_key: str = ""
    meilisearch_search_key: str = ""
    meilisearch_index: str = "babillard"
    redis_url: str = ""
    smtp_url: str = ""
    mail_from: str = "babillard@localhost"
    mail_reply: str = ""
    mail_server: str = ""
    mail_webhook_secret: str = ""
    imap_url: str = ""
    language: str = "fr"
    timezone: str = "America/Toronto"
    instance_name: str = "Babillard"
    responsible_person: str = ""
    responsible_email: str = ""
    content_licence: str = "CC BY-SA 4.0"
    source_url: str = SOURCE
    country: str = "CA"
    map_tiles: str = ""
    map_attribution: str = ""
    trusted_proxies: int = 0
    confirm_days: int = 90
    stale_days: int = 120
    warning_days: tuple[int, ...] = (7, 1)
    closing_days: int = 30
    nudge_days: int = 3
    hand_over_days: int = 6
    release_days: int = 10
    holidays: str = "CA-QC"
    metrics_token: str = ""
    log_level: str = "warning"
    log_format: str = "json"
    hold_newcomers: bool = False

    @property
    def host(self) -> str:
        """The one host name (and port) that this board answers to."""
        return urlsplit(self.base_url).netloc

    @property
    def secure(self) -> bool:
        """Whether the board is reached by https."""
        return self.base_url.startswith("https://")

    @property
    def loopback(self) -> bool:
        """Whether the board is reached from this machine only."""
        name = urlsplit(self.base_url).hostname or ""
        return name in {"localhost", "::1"} or name.startswith("127.")

    @property
    def development_helpers(self) -> bool:
        """Whether /dev/mail and sample accounts may exist: a loopback board without SMTP."""
        return self.loopback and not self.smtp_url

    def url(self, path: str) -> str:
        """Return the full address of `path` (which starts with /), for mail and feeds."""
        return self.base_url + path


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check every setting; raise `SettingsError` with one clear sentence otherwise."""
    source = os.environ if environ is None else environ
    given = {key[len(PREFIX) :].lower(): value for key, value in source.items()
             if key.startswith(PREFIX) and not key.startswith(PREFIX + "TEST_")}  # fmt: skip
    known = {field.name for field in fields(Settings)}
    if unknown := sorted(set(given) - known):
        raise SettingsError(f"{PREFIX}{unknown[0].upper()} is not a setting; see docs/settings.md")
    values: dict[str, Any] = {}
    for name, text in given.items():
        if text.strip():
            values[name] = _CHECKS.get(name, _plain)(PREFIX + name.upper(), text.strip())
    data = Path(values.get("data", "var")).absolute()
    values["data"] = data
    values.setdefault("database_url", f"sqlite:///{data / 'babillard.sqlite3'}")
    if not values.get("secret_key"):
        values["secret_key"] = kept_secret(data / "secret-key")
    settings = Settings(**values)
    if settings.stale_days <= settings.confirm_days:
        raise SettingsError(f"{PREFIX}STALE_DAYS takes more days than {PREFIX}CONFIRM_DAYS")
    if not settings.nudge_days < settings.hand_over_days < settings.release_days:
        raise SettingsError(
            f"{PREFIX}NUDGE_DAYS, HAND_OVER_DAYS and RELEASE_DAYS take growing numbers"
        )
    return settings


def make_folder(path: Path) -> None:
    """Make the folder of everything; SettingsError when that cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SettingsError(f"{PREFIX}DATA: {path} cannot be made ({why})") from None


def kept_secret(path: Path) -> str:
    """Return the secret in `path`, made there once, readable by its owner only."""
    make_folder(path.parent)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_text(encoding="ascii").strip()
        if secret:
            return secret
        raise SettingsError(f"{path} is empty: delete it, a new secret will be made") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret


def _plain(name: str, text: str) -> str:
    if "\x00" in text:
        raise SettingsError(f"{name} holds a NUL character")
    return text


def _base_url(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise SettingsError(
            f"{name} takes an address without a path, like https://board.example.org"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _http_url(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise SettingsError(f"{name} takes an http or https address")
    return text.rstrip("/")


def _tiles(name: str, text: str) -> str:
    if not all(part in _http_url(name, text) for part in ("{z}", "{x}", "{y}")):
        raise SettingsError(f"{name} takes a tile address with {{z}}, {{x}} and {{y}}")
    if not _TILE_HOST.fullmatch(urlsplit(text).netloc):
        raise SettingsError(f"{name} takes a plain host name, with or without {{s}} before it")
    return text


def _schemes(*allowed: str) -> Callable[[str, str], str]:
    def check(name: str, text: str) -> str:
        if urlsplit(text).scheme not in allowed:
            raise SettingsError(f"{name} takes an address that starts with {' or '.join(allowed)}")
        return text

    return check


def _database_url(name: str, text: str) -> str:
    text = _schemes("sqlite", "postgresql", "postgres", "postgresql+psycopg")(name, text)
    scheme, rest = text.split(":", 1)
    return f"{'sqlite' if scheme == 'sqlite' else 'postgresql+psycopg'}:{rest}"


def _number(low: int, high: int) -> Callable[[str, str], int]:
    def check(name: str, text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise SettingsError(f"{name} takes a whole number from {low} to {high}")
        return int(text)

    return check


def _switch(name: str, text: str) -> bool:
    if text.lower() not in {"1", "0", "on", "off", "yes", "no", "true", "false"}:
        raise SettingsError(f"{name} takes on or off")
    return text.lower() in {"1", "on", "yes", "true"}


def _days(name: str, text: str) -> tuple[int, ...]:
    days = sorted({_number(1, 365)(name, part.strip()) for part in text.split(",")}, reverse=True)
    if len(days) > 5:
        raise SettingsError(f"{name} takes up to five numbers of days, like 7,1")
    return tuple(days)


def _secret(name: str, text: str) -> str:
    if len(text) < 32:
        raise SettingsError(f"{name} takes at least 32 characters; leave it out and one is made")
    return text


def _token(name: str, text: str) -> str:
    if len(text) < 32:
        raise SettingsError(f"{name} takes at least 32 characters")
    return text


def _one_of(*words: str) -> Callable[[str, str], str]:
    def check(name: str, text: str) -> str:
        if text not in words:
            raise SettingsError(f"{name} takes one of {', '.join(words)}")
        return text

    return check


def _timezone(name: str, text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise SettingsError(f"{name} takes a zone name like America/Toronto") from None
    return text


def _holidays(name: str, text: str) -> str:
    if text.lower() == "none":
        return "none"
    if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,4})?", text):
        raise SettingsError(f"{name} takes a place like CA-QC or FR, or none")
    return text


def _index_name(name: str, text: str) -> str:
    if not text.isascii() or not text.replace("-", "").isalnum() or len(text) > 40:
        raise SettingsError(f"{name} takes up to 40 letters, digits and hyphens")
    return text


def _email(name: str, text: str) -> str:
    if text.count("@") != 1 or any(c.isspace() for c in text):
        raise SettingsError(f"{name} takes an e-mail address")
    return text


_CHECKS: dict[str, Callable[[str, str], Any]] = {
    "base_url": _base_url,
    "secret_key": _secret,
    "database_url": _database_url,
    "data": lambda _name, text: Path(text),
    "workers": _number(1, 64),
    "meilisearch_url": _http_url,
    "meilisearch_index": _index_name,
    "redis_url": _schemes("redis", "rediss", "unix"),
    "smtp_url": _schemes("smtp", "smtps"),
    "mail_from": _email,
    "mail_reply": _email,
    "mail_webhook_secret": _secret,
    "imap_url": _schemes("imap", "imaps"),
    "responsible_email": _email,
    "language": _one_of(*LANGUAGES),
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
