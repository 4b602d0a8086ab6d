"""Settings are checked at start, kept secret, and all documented."""

from __future__ import annotations

import re
import stat
from dataclasses import fields, replace
from pathlib import Path

import pytest
from flask import Flask

from board.config import PREFIX, SECRETS, Settings, SettingsError, read_settings

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def test_every_setting_is_in_the_table() -> None:
    told = set(re.findall(r"^\| `(BABILLARD_[A-Z_]+)`", DOCUMENT.read_text("utf-8"), re.M))
    assert told == {PREFIX + field.name.upper() for field in fields(Settings)}


def test_nothing_need_be_set(tmp_path: Path) -> None:
    settings = read_settings({"BABILLARD_DATA": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'babillard.sqlite3'}"
    assert settings.development_helpers


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = read_settings({"BABILLARD_DATA": str(tmp_path)}).secret_key
    assert len(first) >= 48
    assert read_settings({"BABILLARD_DATA": str(tmp_path)}).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


WRONG = {
    "BASE_URL": ("board.example.org", "https://example.org/board", "http://x:port", "https://u@x"),
    "SECRET_KEY": ("short",),
    "WORKERS": ("many", "0", "65", "9" * 5000),
    "DATABASE_URL": ("mysql://x", "postgresql://u:p@h:port/d", "postgresql:", "sqlite://x",
                     "postgresql://u:hush@h"),
    "LANGUAGE": ("de",),
    "TIMEZONE": ("Mars/Olympus", "Europe", "../etc"),
    "COUNTRY": ("QQQ", "ZZ", "EU", "ca", "Canada"),
    "SMTP_URL": ("http://mail", "smtp://mail:port", "smtp://", "mail.example.org:25"),
    "IMAP_URL": ("imaps:x", "https://mail"),
    "MAIL_FROM": ("@", "Ana <ana@example.org>", "ana"),
    "MAIL_REPLY": ("x",),
    "MAIL_SERVER": ("mx one",),
    "MAIL_WEBHOOK_SECRET": ("short",),
    "RESPONSIBLE_EMAIL": ("ana",),
    "RESPONSIBLE_PERSON": ("Ana\nBcc: x",),
    "INSTANCE_NAME": ("a\x00b", "a\nb"),
    "MAP_TILES": ("https://tiles.example.org/", "tiles/{z}/{x}/{y}",
                  "https://x.example.org; script-src */{z}/{x}/{y}.png"),
    "MEILISEARCH_URL": ("localhost:7700", "http://h:port", "http://", "http://u:hush@h:7700"),
    "MEILISEARCH_INDEX": ("é",),
    "REDIS_URL": ("http://h", "redis://h:port/0", "redis://h/name"),
    "SOURCE_URL": ("git@example.org:board",),
    "TRUSTED_PROXIES": ("10.0.0.0/8", "6"),
    "CONFIRM_DAYS": ("0",),
    "STALE_DAYS": ("90", "1"),
    "WARNING_DAYS": ("a,b", "7,", "0", "1,2,3,4,5,6"),
    "CLOSING_DAYS": ("0",),
    "NUDGE_DAYS": ("6", "x"),
    "HAND_OVER_DAYS": ("12",),
    "RELEASE_DAYS": ("4",),
    "HOLIDAYS": ("QQ", "CA-", "Québec"),
    "HOLD_NEWCOMERS": ("maybe",),
    "METRICS_TOKEN": ("short",),
    "LOG_LEVEL": ("loud",),
    "LOG_FORMAT": ("xml",),
    "NO_SUCH_THING": ("1",),
}  # fmt: skip
ANYTHING = {"DATA", "CONTENT_LICENCE", "MAP_ATTRIBUTION", "MEILISEARCH_KEY",
            "MEILISEARCH_SEARCH_KEY"}  # fmt: skip


def test_a_bad_value_is_refused_by_name_and_told_with_what_is_wanted(tmp_path: Path) -> None:
    for name, values in WRONG.items():
        for value in values:
            with pytest.raises(SettingsError) as refused:
                read_settings({"BABILLARD_DATA": str(tmp_path), PREFIX + name: value})
            told = str(refused.value)
            assert PREFIX + name in told, (name, value)
            if name != "NO_SUCH_THING":
                assert re.search(r" takes? .{4}", told), told
                assert "\n" not in told
                if name.lower() in SECRETS:
                    assert "«" not in told
                    assert "hush" not in told
                elif value.isprintable() and len(value) < 80 and not name.endswith("_DAYS"):
                    assert f", not « {value} »" in told
    names = {field.name.upper() for field in fields(Settings)}
    assert names - ANYTHING == set(WRONG) - {"NO_SUCH_THING"}


def test_numbers_of_days_are_asked_for_as_a_list(tmp_path: Path) -> None:
    wanted = "BABILLARD_WARNING_DAYS takes up to five numbers of days from 1 to 365, like 7,1, not"
    with pytest.raises(SettingsError, match=wanted + " « a,b »"):
        read_settings({"BABILLARD_DATA": str(tmp_path), "BABILLARD_WARNING_DAYS": "a,b"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql:///board?host=/run/postgresql"),
        ("DATABASE_URL", "sqlite:////var/lib/board.sqlite3"),
        ("SMTP_URL", "smtp://ana%40example.org:p%20w@[::1]:587?starttls"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("BASE_URL", "http://[::1]:8000/"),
        ("HOLIDAYS", "FR"),
        ("COUNTRY", "FR"),
        ("WARNING_DAYS", " 1, 30 "),
    ],
)
def test_a_good_value_is_taken(tmp_path: Path, name: str, value: str) -> None:
    assert read_settings({"BABILLARD_DATA": str(tmp_path), PREFIX + name: value})


def test_a_place_whose_holidays_nobody_knows_is_refused_before_anybody_is_served(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = app.config["BOARD"]
    monkeypatch.setitem(app.config, "BOARD", replace(board, holidays="CA-QQ"))
    ran = app.test_cli_runner().invoke(args=["init"])
    assert ran.exit_code == 1
    assert "BABILLARD_HOLIDAYS takes" in ran.output
    assert "« CA-QQ »" in ran.output


def test_helpers_of_development_never_reach_a_real_instance(tmp_path: Path) -> None:
    given = {"BABILLARD_DATA": str(tmp_path), "BABILLARD_BASE_URL": "https://board.example.org"}
    assert not read_settings(given).development_helpers
    mailing = {"BABILLARD_DATA": str(tmp_path), "BABILLARD_SMTP_URL": "smtp://localhost:25"}
    assert not read_settings(mailing).development_helpers


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence() -> None:
    with pytest.raises(SettingsError, match="BABILLARD_DATA: /proc/nope cannot be made"):
        read_settings({"BABILLARD_DATA": "/proc/nope"})
