"""What stands on the paper of a post, in words: its poster and its slips."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """One line of the post: what, how much in words, and its gauge."""

    title: str
    words: str
    gauge: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every word on the paper, ready."""

    purpose: str
    label: str
    title: str
    quantities: tuple[Quantity, ...]
    text: str
    facts: tuple[tuple[str, str], ...]
    answer: str
    address: str
    short_address: str
    note: str
    board: str
    language: str
