"""Spaces that do not break: before : ; ? ! » in French, between a number and its unit anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards.test_translations import catalogues

BREAKING = re.compile(r" [:;?!»]|« ")
UNITS = {
    "fr": "km|m|cm|h|min|jours?|semaines?|mois|ans?|heures?|minutes?|secondes?|Mo|Ko|%|caractères",
    "en": "km|m|cm|h|min|days?|weeks?|months?|years?|hours?|minutes?|seconds?|MB|KB|%|characters",
    "es": "km|m|cm|h|min|días?|semanas?|mes(?:es)?|años?|horas?|minutos?|segundos?|MB|KB|%"
    "|caracteres",
}


def texts(language: str) -> Iterator[str]:
    """Give every text of a language; French is what the code says."""
    if language == "fr":
        for message in catalogues().messages():
            yield from message if isinstance(message, tuple) else (message,)
        return
    for message in catalogues().read(language):
        if message.id:
            yield from message.string if isinstance(message.string, tuple) else (message.string,)


def test_french_punctuation_keeps_its_spaces() -> None:
    wrong = [text for text in texts("fr") if BREAKING.search(text)]
    assert not wrong, f"write U+00A0 there: {wrong[:5]}"


@pytest.mark.parametrize("language", sorted(UNITS))
def test_a_number_keeps_its_unit(language: str) -> None:
    parted = re.compile(rf"(?:%\(\w+\)[sd]|\d) (?:{UNITS[language]})(?!\w)")
    wrong = [text for text in texts(language) if parted.search(text)]
    assert not wrong, f"write U+00A0 between the number and its unit: {wrong[:5]}"


def test_french_spaces_stay_in_french() -> None:
    """Beside what is written in templates too: « Historique : » is « History: » in English."""
    for language in ("en", "es"):
        wrong = [text for text in texts(language) if re.search(r"\u00a0[:;?!]", text)]
        assert not wrong, f"no space there in {language}: {wrong[:5]}"
    templates = Path(__file__).resolve().parents[2] / "templates"
    bare = re.compile(r"(?:\}\}|%\}|</\w+>)(?:[ \u00a0\u202f]|&nbsp;)[:;?!]")
    wrong = [path.name for path in templates.rglob("*.html") if bare.search(path.read_text())]
    assert not wrong, f"the space and the sign are a message there: {wrong}"


def test_english_is_written_one_way() -> None:
    other = re.compile(r"(?<!%\()\b[Oo]rganis|\b(?:color|center|neighborhood|kilometer)s?\b")
    wrong = [text for text in texts("en") if other.search(text)]
    assert not wrong, f"Canadian spelling, please: {wrong[:5]}"
