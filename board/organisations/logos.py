"""Logos: drawn again as a small square, kept like every upload."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from PIL import Image
from sqlalchemy import select

from board import pictures, uploads
from board.extensions import db
from board.organisations.models import Organisation

SIDE = 256


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo drawn again: nothing of the file that came in is left but its picture."""

    digest: str
    files: dict[str, bytes]


def draw(stream: IO[bytes]) -> Logo:
    """Read a picture that somebody sent and draw it again as a small square; slow."""
    return pictures.draw(stream, _logo, within=SIDE, field="logo")


def keep(stream: IO[bytes]) -> str:
    """Draw a logo and keep it; return its digest."""
    logo = draw(stream)
    uploads.store().put(logo.digest, logo.files)
    return logo.digest


def named(digests: Sequence[str]) -> set[str]:
    """Return those that are some organisation's logo."""
    rows = select(Organisation.logo_digest).where(Organisation.logo_digest.in_(digests))
    return {digest for digest in db.session.scalars(rows) if digest}


def _logo(picture: Image.Image) -> Logo:
    square = _square(picture)
    files = {"webp": pictures.encode(square, "WEBP", quality=86, method=4),
             "png": pictures.encode(square, "PNG", optimize=True)}  # fmt: skip
    return Logo(sha256(files["png"]).hexdigest(), files)


def _square(picture: Image.Image) -> Image.Image:
    """Put a picture in the middle of a clear square."""
    fitted = picture.convert("RGBA")
    if max(fitted.size) < SIDE:
        scale = SIDE / max(fitted.size)
        size = (max(1, round(fitted.width * scale)), max(1, round(fitted.height * scale)))
        fitted = fitted.resize(size, Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    square.paste(fitted, ((SIDE - fitted.width) // 2, (SIDE - fitted.height) // 2))
    return square
