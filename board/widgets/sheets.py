"""What stands on the paper of a post, in words: its poster and its slips."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every word on the paper, ready."""

    purpose: str
    label: str
    title: str
    quantity: str
    gauge: tuple[bool, ...]
    text: str
    facts: tuple[tuple[str, str], ...]
    answer: str
    address: str
    short_address: str
    note: str
    board: str
    language: str
