"""A photo drawn again: in a few sizes, each as WebP, and as JPEG for who cannot read that."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import IO

from PIL import Image

from board import pictures
from board.photos.rules import LARGEST, sizes

WEBP = {"quality": 80, "method": 2}
JPEG = {"quality": 82, "optimize": True, "progressive": True}


@dataclass(frozen=True, slots=True)
class Photo:
    """What is kept of a photo: its files, by the digest of the largest, and its proportions."""

    digest: str
    width: int
    height: int
    files: dict[str, bytes]


def draw(stream: IO[bytes]) -> Photo:
    """Read a photo that somebody sent and draw it again; slow."""
    return pictures.draw(stream, photo_of, within=LARGEST, field="photos")


def photo_of(picture: Image.Image) -> Photo:
    """Draw the files of a photo."""
    picture = pictures.on_white(picture)
    files = {}
    for size in sizes(*picture.size):
        drawn = picture
        if (size.width, size.height) != picture.size:
            drawn = picture.resize((size.width, size.height), Image.Resampling.LANCZOS,
                                   reducing_gap=2.0)  # fmt: skip
        files[f"{size.side}.webp"] = pictures.encode(drawn, "WEBP", **WEBP)
        files[f"{size.side}.jpg"] = largest = pictures.encode(drawn, "JPEG", **JPEG)
    return Photo(sha256(largest).hexdigest(), picture.width, picture.height, files)
