"""How words are compared: without case, accents or typographic variants."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
     "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "·": ".", "•": ".", "‧": "."}
)  # fmt: skip
_SPACES = re.compile(r"\s+")
_FIRST_MARK = "\u0300"


def fold(text: str) -> str:
    """Return `text` lower-cased, its marks off (NFKD), œ as oe, spaces single and trimmed."""
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join([c for c in plain if c < _FIRST_MARK or not unicodedata.combining(c)])
    return _SPACES.sub(" ", bare.casefold()).strip()
