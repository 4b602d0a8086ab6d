"""Spaces that do not break: before : ; ? ! » in French, between a number and its unit anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
