"""What other features hang on a post: shown in its sheet, told to machines, copied with it.

Posts never knows which: each registers here, as features do on an organisation's page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from board.accounts.models import Person
from board.posts.models import Post
from board.posts.rules import Reader


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sheet: a template included with `part` set to `context`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    for_machines: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A page that an editor goes on to: what it is about, how it stands, where it is."""

    name: str
    icon: str
    title: str
    value: str
    help: str
    action: str
    url: str


class Attachment(Protocol):
    """What a feature does for a post that its things hang on."""

    name: str

    def part(self, post: Post, reader: Reader) -> Part | None:
        """Show it in the sheet, as far as this reader sees it."""

    def step(self, post: Post) -> Step:
        """Lead an editor to its page."""

    def copy(self, post: Post, to: Post, by: Person) -> None:
        """Hang the same on a post that begins as a copy."""


_attachments: list[Attachment] = []


def register(attachment: Attachment) -> None:
    """Hang something on posts."""
    if all(known.name != attachment.name for known in _attachments):
        _attachments.append(attachment)


def parts_of(post: Post, reader: Reader) -> list[Part]:
    """Return what the sheet of a post shows for this reader."""
    return [part for one in _attachments if (part := one.part(post, reader)) is not None]


def steps_of(post: Post) -> list[Step]:
    """Return the pages that its editors can go on to."""
    return [one.step(post) for one in _attachments]


def find_step(post: Post, name: str) -> Step | None:
    """Return the page of that name."""
    return next((one.step(post) for one in _attachments if one.name == name), None)


def copy_all(post: Post, to: Post, by: Person) -> None:
    """Hang on a copy what hangs on the post."""
    for one in _attachments:
        one.copy(post, to, by)
