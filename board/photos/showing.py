"""Who sees a photo, and how pages print it."""

from __future__ import annotations

from dataclasses import dataclass

from board.photos import rules
from board.photos.models import Upload
from board.posts import cards
from board.posts import rules as posts
from board.posts.rules import Page, Reader


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo as a page prints it."""

    alt: str
    width: int
    height: int
    webp: str
    jpeg: str
    small: str
    largest: str


def shown(photo: Upload) -> Shown:
    """Return the addresses of a photo and its words, contacts hidden."""
    last, middle = photo.sizes[-1], photo.sizes[:2][-1]
    return Shown(
        alt=cards.masked(photo.alt or ""),
        width=last.width,
        height=last.height,
        webp=", ".join(f"{_address(photo, s.side, 'webp')} {s.width}w" for s in photo.sizes),
        jpeg=", ".join(f"{_address(photo, s.side, 'jpg')} {s.width}w" for s in photo.sizes),
        small=_address(photo, middle.side, "jpg"),
        largest=_address(photo, last.side, "jpg"),
    )


def _address(photo: Upload, side: int, extension: str) -> str:
    return f"/photos/{photo.uuid}/{photo.digest}/{side}.{extension}"


def page(photo: Upload, reader: Reader) -> Page:
    """Say what the address of a photo answers: what its post does, once it is described."""
    answer = posts.page(photo.post, reader)
    waits = not (rules.is_shown(photo.alt) or reader.edits or reader.moderates)
    return Page.UNKNOWN if waits and answer is Page.SHOWN else answer
