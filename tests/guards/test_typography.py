"""French spaces do not break: U+00A0 before : ; ? ! » and after «."""

from __future__ import annotations

import re

from tests.guards.test_translations import catalogues

BREAKING = re.compile(r" [:;?!»]|« ")


def test_french_punctuation_keeps_its_spaces() -> None:
    texts = [t for m in catalogues().messages() for t in (m if isinstance(m, tuple) else (m,))]
    wrong = [text for text in texts if BREAKING.search(text)]
    assert not wrong, f"write U+00A0 there: {wrong[:5]}"
