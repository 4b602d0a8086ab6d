"""Close spellings: what is looked up is exactly what comparing with every word would find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from board import typos

letters = st.text("abco", min_size=1, max_size=7)
vocabularies = st.sets(letters, max_size=60).map(sorted)


def cost(word: str, other: str) -> int:
    """Errors between two words; one in the first letter counts double."""
    return int(OSA.distance(word, other)) + (word[0] != other[0])


@given(letters, vocabularies, st.sampled_from((1, 2)))
def test_words_are_as_close_as_if_each_was_compared(
    word: str, vocabulary: list[str], most: int
) -> None:
    costs = {other: cost(word, other) for other in vocabulary if other != word}
    near = sorted((n, other) for other, n in costs.items() if n <= most)
    assert typos.close(word, vocabulary, most) == [other for _n, other in near][: typos.MOST]


@given(letters, vocabularies, st.sampled_from((1, 2)))
def test_beginnings_are_as_close_as_if_each_was_compared(
    word: str, vocabulary: list[str], most: int
) -> None:
    sizes = (len(word) - 1, len(word), len(word) + 1)
    costs = {
        other: min(cost(word, other[:size]) for size in sizes if size)
        for other in vocabulary
        if len(other) >= len(word)
    }
    near = sorted((n, len(other), other) for other, n in costs.items() if 0 < n <= most)
    found = typos.close_beginnings(word, vocabulary, most)
    assert found == [other for _n, _size, other in near][: typos.MOST]


def test_nothing_is_close_to_a_word_of_an_empty_vocabulary() -> None:
    assert typos.close("chaise", [], 2) == typos.close_beginnings("chaise", [], 2) == []
