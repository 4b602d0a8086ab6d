"""A sentence that counts several things: « 12 chaises et deux tables » is two lines."""

from __future__ import annotations

from board.taxonomy import quantities, wording

_AND = frozenset({"et", "and", "y"})
_FOR = frozenset({"pour", "for", "para"})


def parts(sentence: str) -> list[str]:
    """Cut a sentence before each further thing that it counts; careful: else it stays whole."""
    text = wording.clean(sentence)
    words = wording.words_of(text)
    cuts: list[tuple[int, int]] = []
    is_counted = is_for = False
    for at, word in enumerate(words[:-1]):
        is_for = is_for or word.folded in _FOR
        after = words[at + 1]
        if word.folded in _AND and is_counted and not is_for and not after.breaks:
            if quantities.begins_a_count(words, at + 1):
                cuts.append((word.start, after.start))
        elif quantities.begins_a_count(words, at):
            is_counted = True
    begins = [0, *(end for _start, end in cuts)]
    ends = [*(start for start, _end in cuts), len(text)]
    return [text[a:b].strip() for a, b in zip(begins, ends, strict=True)]
