"""On which terms a sentence says that a thing goes from hand to hand: lent, given, exchanged."""

from __future__ import annotations

import re

_APOSTROPHE = "['’ʼ]"
_WHO = r"(?:je|on|nous|qui|vous|organisme|association)"
# One gives courses and a hand without giving anything away.
_NO_GIFT = r"(?! (?:des? |un |une )?(?:cours|ateliers?|formations?|coup|main))"
_SAID = {
    "loan": (
        r"prêt(?:ons|ez|er|eriez)\b|(?:en|à titre de) prêt\b|emprunt(?:er|ons|e)\b",
        rf"{_WHO} (?:nous |vous )?(?:aussi )?prête\b",
        r"(?:lend|lending|borrow|borrowing|on loan)\b",
        r"(?:prestamos|prestar|prestad[oa]s?)\b",
    ),
    "gift": (
        rf"donn(?:ons|ez|er)\b{_NO_GIFT}|(?:en don|gratuitement)\b",
        rf"{_WHO} (?:vous )?(?:aussi )?donne\b{_NO_GIFT}",
        r"(?:give away|giving away|donating|donate)\b",
        r"(?:donamos|regalamos|regalar)\b",
    ),
    "exchange": (
        r"échang(?:eons|er|ez|e|erions)\b|(?:exchange|swap|swapping|barter)\b",
        r"(?:intercambiamos|intercambiar|intercambio|trueque)\b",
    ),
}
_FIRST_WORD = re.compile(rf"^{_WHO} (?:(?:nous|vous|aussi) )*", re.IGNORECASE)
_PATTERNS = {basis: re.compile(rf"(?<!\w)(?:{'|'.join(said)})", re.IGNORECASE)
             for basis, said in _SAID.items()}  # fmt: skip


def find_basis(text: str) -> tuple[str, str] | None:
    """Return the terms that a sentence names first, with the words that say so."""
    found = [(match.start(), basis, match[0]) for basis, pattern in _PATTERNS.items()
             if (match := pattern.search(text))]  # fmt: skip
    if not found:
        return None
    _at, basis, words = min(found)
    return basis, _FIRST_WORD.sub("", words)
