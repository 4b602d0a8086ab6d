"""The search-only key of the web processes: a setting, else the one that setup made and keeps."""

from __future__ import annotations

import os
from pathlib import Path

from board.config import Settings

FILE = "meilisearch-search-key"


def read(settings: Settings) -> str:
    """Return the key, empty when there is none yet."""
    if settings.meilisearch_search_key:
        return settings.meilisearch_search_key
    try:
        return path_of(settings).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def keep(settings: Settings, key: str) -> None:
    """Keep a key for the web processes, readable by its owner only."""
    path = path_of(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key + "\n")
    fresh.replace(path)


def path_of(settings: Settings) -> Path:
    """Return where the key is kept."""
    return Path(settings.data) / FILE
