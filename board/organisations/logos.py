"""Logos: looked at before they are decoded, drawn again small, kept under their own digest."""

from __future__ import annotations

import os
import re
import tempfile
import warnings
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Protocol

from flask import current_app
from flask_babel import gettext as _
from PIL import Image, ImageOps

from board.errors import Invalid

MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 24_000_000
SIDE = 256
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MEDIA_TYPES = {"webp": "image/webp", "png": "image/png"}
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo drawn again: nothing of the file that came in is left but its picture."""

    digest: str
    files: dict[str, bytes]


class Store(Protocol):
    """Where uploads are kept."""

    def keep(self, logo: Logo) -> None:
        """Keep every file of a logo, for good, before this returns."""

    def find(self, digest: str, extension: str) -> Path | None:
        """Return the file of a logo."""


class Folder:
    """Uploads in a folder: <two letters>/<digest>.<extension>."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, logo: Logo) -> None:
        """Write each file beside its place, then move it there."""
        for extension, content in logo.files.items():
            path = self._path(logo.digest, extension)
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(path)

    def find(self, digest: str, extension: str) -> Path | None:
        """Return the file, if it is one of ours and there."""
        if not _DIGEST.fullmatch(digest) or extension not in MEDIA_TYPES:
            return None
        path = self._path(digest, extension)
        return path if path.is_file() else None

    def _path(self, digest: str, extension: str) -> Path:
        return self.root / digest[:2] / f"{digest}.{extension}"


def store() -> Store:
    """Return where this board keeps its uploads."""
    return Folder(current_app.config["BOARD"].data / "uploads")


def draw(stream: IO[bytes]) -> Logo:
    """Read a picture that somebody sent and draw it again as a small square; slow."""
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Invalid("logo", _("Ce fichier est trop lourd : 5\u00a0Mo au plus."))
    if not content:
        raise Invalid("logo", _("Choisissez une image PNG, JPEG, WebP ou GIF."))
    picture = _decode(content)
    files = {"webp": _encode(picture, "WEBP", quality=86, method=4),
             "png": _encode(picture, "PNG", optimize=True)}  # fmt: skip
    return Logo(sha256(files["png"]).hexdigest(), files)


def _decode(content: bytes) -> Image.Image:
    unreadable = Invalid("logo", _("Cette image ne se lit pas. Essayez en PNG ou en JPEG."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is stricter
            picture = Image.open(BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:  # decoders raise whatever a broken file makes them raise
        raise unreadable from None
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large()
    try:
        return _square(picture)
    except Exception:
        raise unreadable from None


def _too_large() -> Invalid:
    return Invalid("logo", _("Cette image est trop grande : 24 millions de points au plus."))


def _square(picture: Image.Image) -> Image.Image:
    """Fit the first frame, upright, in the middle of a clear square."""
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    fitted = ImageOps.contain(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (SIDE, SIDE), (0, 0, 0, 0))
    square.paste(fitted, ((SIDE - fitted.width) // 2, (SIDE - fitted.height) // 2))
    return square


def _encode(picture: Image.Image, form: str, **options: int | bool) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()
