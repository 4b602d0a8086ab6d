"""Stemmers of the languages of a board, without a memory of their own."""

from __future__ import annotations

from typing import Protocol

import snowballstemmer


class Stemmer(Protocol):
    """Takes the endings off a word."""

    def stemWord(self, word: str) -> str:  # noqa: N802
        """Return what is left."""


def stemmer_of(name: str) -> Stemmer:
    """Return the stemmer of a language; whoever asks remembers what was asked often.

    Each would keep ten thousand words besides, once more than our own bounded memories do.
    """
    made = snowballstemmer.stemmer(name)
    made.maxCacheSize = 0
    kept: Stemmer = made
    return kept
