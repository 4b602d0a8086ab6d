"""Settings: every `BABILLARD_*` variable, read once, here, and checked at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from board.config_values import CHECKS, LANGUAGES, Unusable, plain, shown, written

__all__ = ["LANGUAGES", "PREFIX", "SECRETS", "Settings", "SettingsError",
           "read_settings", "variables"]  # fmt: skip

PREFIX = "BABILLARD_"
# What a backup, a page or a log never tells: keys, and addresses that may hold a password.
SECRETS = frozenset(
    {"secret_key", "database_url", "meilisearch_key", "meilisearch_search_key", "meilisearch_url",
     "redis_url", "smtp_url", "metrics_token", "mail_webhook_secret", "imap_url"}
)  # fmt: skip


class SettingsError(ValueError):
    """A setting cannot be used; the message names the variable and says what it takes."""


LICENCES = {
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0 1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


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
    source_url: str = ""
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

    @property
    def licence_url(self) -> str | None:
        """Where the licence of what is posted can be read; None when we do not know it."""
        return LICENCES.get(self.content_licence)

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
            values[name] = _checked(name, text.strip())
    data = Path(values.get("data", "var")).absolute()
    values["data"] = data
    values.setdefault("database_url", f"sqlite:///{data / 'babillard.sqlite3'}")
    if not values.get("secret_key"):
        values["secret_key"] = kept_secret(data / "secret-key")
    settings = Settings(**values)
    if settings.stale_days <= settings.confirm_days:
        raise SettingsError(
            f"{PREFIX}STALE_DAYS takes more days than {PREFIX}CONFIRM_DAYS,"
            f" not {settings.stale_days} for {settings.confirm_days}"
        )
    waits = (settings.nudge_days, settings.hand_over_days, settings.release_days)
    if not waits[0] < waits[1] < waits[2]:
        raise SettingsError(
            f"{PREFIX}NUDGE_DAYS, {PREFIX}HAND_OVER_DAYS and {PREFIX}RELEASE_DAYS take growing"
            f" numbers, not {', '.join(map(str, waits))}"
        )
    return settings


def variables(settings: Settings) -> dict[str, str]:
    """Return settings as the variables that a person would set: no secret, no place of a disk."""
    names = [one.name for one in fields(Settings) if one.name not in SECRETS | {"data"}]
    return {PREFIX + name.upper(): written(getattr(settings, name)) for name in names}


def _checked(name: str, text: str) -> Any:
    """Return what a value says; what may hold a password is not said again."""
    try:
        return CHECKS.get(name, plain)(text)
    except Unusable as expected:
        given = "" if name in SECRETS else f", not « {shown(text)} »"
        raise SettingsError(f"{PREFIX}{name.upper()} takes {expected}{given}") from None


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
