"""Pictures that people send: looked at before they are decoded, and never kept as they came.

What comes out is a new picture, upright and in sRGB: what the file said of its maker, its place
and its colours is gone, and so is whatever else was hidden in it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from io import SEEK_END, BytesIO
from typing import IO, Any, TypeVar

from flask_babel import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from board.errors import Invalid

MEBIBYTE = 1024 * 1024
MAX_BYTES = 12 * MEBIBYTE
MILLION = 1_000_000
# As many points as some 150 MB can hold while they are decoded: a JPEG is decoded smaller at once.
MAX_POINTS = {"JPEG": 50, "PNG": 24, "WEBP": 12, "AVIF": 12, "GIF": 12}
PROGRESSIVE = 24
STRIP = 256  # lines
FORMATS = tuple(MAX_POINTS)
MEDIA_TYPES = {"webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1")
# One thread draws for all: what a decoder held, the next one gets, and no thread hoards it.
_painter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
T = TypeVar("T")


def draw(stream: IO[bytes], shape: Callable[[Image.Image], T], *, within: int, field: str) -> T:
    """Read what somebody sent and let `shape` draw it again, fitted in a square of `within`.

    Slow, so before anything is locked; one at a time in each process, so that memory is bounded.
    """
    here = copy_context()
    return _painter.submit(here.run, _draw, stream, shape, within, field).result()


def _draw(stream: IO[bytes], shape: Callable[[Image.Image], T], within: int, field: str) -> T:
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    if size > MAX_BYTES:
        raise Invalid(field, _("Ce fichier est trop lourd : %(n)s Mo au plus.", n=12))
    if not size:
        raise Invalid(field, _("Ce fichier est vide."))
    picture = _read(stream, within)
    if isinstance(picture, str):  # raised here, where no frame holds what was read
        raise Invalid(field, picture)
    return shape(picture)


def _read(stream: IO[bytes], within: int) -> Image.Image | str:
    """Return the picture, or in words why there is none."""
    content = stream.read()
    try:
        return _decode(_open(content), within)
    except _TooLarge as error:
        return _too_large(error.millions)
    except Exception as error:  # decoders raise whatever a broken file makes them raise
        return _why(content, error)


def encode(picture: Image.Image, form: str, **options: Any) -> bytes:
    """Return a drawn picture as a file."""
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def on_white(picture: Image.Image) -> Image.Image:
    """Return a picture without its transparency."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, (255, 255, 255))
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


class _TooLarge(Exception):
    def __init__(self, millions: int) -> None:
        super().__init__(millions)
        self.millions = millions


def _open(content: bytes) -> Image.Image:
    """Read the head of a file, and nothing else of it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ours are stricter
            picture = Image.open(BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise _TooLarge(MAX_POINTS["PNG"]) from None
    most = _most_points(picture)
    if picture.width * picture.height > most * MILLION:
        raise _TooLarge(most)
    return picture


def _most_points(picture: Image.Image) -> int:
    """Return the millions of points that may be decoded; a progressive JPEG is held whole."""
    if picture.format == "JPEG" and picture.info.get("progressive"):
        return PROGRESSIVE
    return MAX_POINTS[picture.format or "GIF"]


def _decode(picture: Image.Image, within: int) -> Image.Image:
    """Decode the first frame, no larger than needed; return it upright, in sRGB, without a past."""
    box = (within, within)
    picture.draft(None, box)
    profile = picture.info.get("icc_profile")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd palettes and broken remarks
        picture.load()
        picture = _plain(picture)
        picture = _fitted(picture, within)
        with suppress(Exception):  # a broken remark about which way is up is no reason to refuse
            picture = ImageOps.exif_transpose(picture)
    picture = _in_srgb(picture, profile if isinstance(profile, bytes) else None)
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    return clean


def _fitted(picture: Image.Image, within: int) -> Image.Image:
    """Return a picture no larger than that; colours weigh as much as they cover.

    Pillow would weigh all of a picture with transparency in a second copy of it: strips of it do,
    first made narrower, then lower, which is what Pillow does too.
    """
    width, height = picture.size
    if picture.mode != "RGBA" or max(width, height) <= within:
        picture.thumbnail((within, within), Image.Resampling.LANCZOS, reducing_gap=2.0)
        return picture
    shorter = max(1, round(min(width, height) * within / max(width, height)))
    size = (within, shorter) if width >= height else (shorter, within)
    narrow = Image.new("RGBa", (size[0], height))
    for top in range(0, height, STRIP):
        strip = picture.crop((0, top, width, min(top + STRIP, height))).convert("RGBa")
        narrow.paste(strip.resize((size[0], strip.height), Image.Resampling.LANCZOS), (0, top))
    return narrow.resize(size, Image.Resampling.LANCZOS).convert("RGBA")


def _plain(picture: Image.Image) -> Image.Image:
    """Return a picture in a mode that can be made smaller without harm."""
    if picture.mode in {"RGB", "RGBA", "L", "CMYK"} and "transparency" not in picture.info:
        return picture
    if picture.mode.startswith("I;16"):
        return picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in the one set of colours that every screen knows."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(picture, source, target, outputMode=mode)
            if turned is not None:
                return turned
    return picture.convert(mode)


def _too_large(millions: int) -> str:
    said: str = _(
        "Cette image est trop grande : %(n)s millions de points au plus. "
        "Réduisez-la, ou envoyez-en une copie plus petite.",
        n=millions,
    )
    return said


def _why(content: bytes, error: Exception) -> str:
    """Say in words why a file cannot be read, and what to do."""
    said: str
    head = content[:1024].lstrip().lower()
    if content[4:8] == b"ftyp" and content[8:12].lower() in _HEIC:
        said = _("Le format HEIC ne se lit pas ici. Envoyez la photo en JPEG.")
    elif head.startswith((b"<svg", b"<?xml", b"<!doctype svg")) or b"<svg" in head:
        said = _("Un dessin SVG n’est pas accepté : envoyez une photo JPEG ou PNG.")
    elif isinstance(error, OSError) and not isinstance(error, UnidentifiedImageError):
        said = _("Cette image est incomplète ou abîmée. Copiez-la de nouveau, puis réessayez.")
    else:
        said = _("Cette image ne se lit pas. Essayez en JPEG ou en PNG.")
    return said
