"""Settings are checked at start, kept secret, and all documented."""

from __future__ import annotations

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from board.config import PREFIX, Settings, SettingsError, read_settings

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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "board.example.org"),
        ("BASE_URL", "https://example.org/board"),
        ("SECRET_KEY", "short"),
        ("WORKERS", "many"),
        ("WORKERS", "0"),
        ("DATABASE_URL", "mysql://x"),
        ("LANGUAGE", "de"),
        ("TIMEZONE", "Mars/Olympus"),
        ("SMTP_URL", "http://mail"),
        ("MAP_TILES", "https://tiles.example.org/"),
        ("MAP_TILES", "https://x.example.org; script-src */{z}/{x}/{y}.png"),
        ("TRUSTED_PROXIES", "10.0.0.0/8"),
        ("NO_SUCH_THING", "1"),
    ],
)
def test_a_bad_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=PREFIX + name):
        read_settings({"BABILLARD_DATA": str(tmp_path), PREFIX + name: value})


def test_helpers_of_development_never_reach_a_real_instance(tmp_path: Path) -> None:
    given = {"BABILLARD_DATA": str(tmp_path), "BABILLARD_BASE_URL": "https://board.example.org"}
    assert not read_settings(given).development_helpers
    mailing = {"BABILLARD_DATA": str(tmp_path), "BABILLARD_SMTP_URL": "smtp://localhost:25"}
    assert not read_settings(mailing).development_helpers


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence() -> None:
    with pytest.raises(SettingsError, match="BABILLARD_DATA: /proc/nope cannot be made"):
        read_settings({"BABILLARD_DATA": "/proc/nope"})
