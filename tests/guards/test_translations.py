"""Every message is said in every language, with the same holes."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOLE = re.compile(r"%\((\w+)\)s")


def catalogues() -> ModuleType:
    """Load the tool that keeps the catalogues."""
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools" / "catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_every_message_is_translated(language: str) -> None:
    tool = catalogues()
    left = tool.missing(language, tool.messages())
    assert not left, f"translate into {language}, then run make translations: {left[:10]}"


@pytest.mark.parametrize("language", ["en", "es"])
def test_translations_keep_the_holes(language: str) -> None:
    for message in catalogues().read(language):
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        said = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if not ids[0]:
            continue
        allowed = {hole for text in ids for hole in HOLE.findall(text)}
        for text in said:
            assert set(HOLE.findall(text)) <= allowed, ids[0]
        assert set(HOLE.findall(said[-1])) == set(HOLE.findall(ids[-1])), ids[0]
