"""Pictures made on the spot, honest and hostile, and an editor with a post to hang them on."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms
from werkzeug.test import TestResponse

from board import news
from board.extensions import db
from board.photos import queries
from board.photos.models import Upload
from board.posts.models import Post
from tests.pages import CheckedClient
from tests.posts.helpers import fields, my_post

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(
    width: int = 900,
    height: int = 600,
    form: str = "JPEG",
    colour: Any = RED,
    mode: str = "RGB",
    **more: Any,
) -> bytes:
    """A plain picture."""
    out = BytesIO()
    Image.new(mode, (width, height), colour).save(out, form, **more)
    return out.getvalue()


def noise(width: int, height: int, form: str = "JPEG", **more: Any) -> bytes:
    """A picture that cannot be made small: every point differs."""
    out = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, form, **more)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def profile_that_swaps_red_and_blue() -> bytes:
    """A profile of colours in which the number for red means blue."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(profile)


def opened(content: bytes) -> Image.Image:
    """Read a picture back."""
    image = Image.open(BytesIO(content))
    image.load()
    return image


def page_of(post: Post) -> str:
    """The address of the page where the photos of a post are looked after."""
    return f"/fr/p/{post.uuid}/photos"


def photos_of(post: Post) -> list[Upload]:
    """Return the photos of a post as they are in the database now."""
    db.session.rollback()
    db.session.expire_all()
    return queries.photos_of(post.id)


def sent(client: CheckedClient, post: Post, **changes: Any) -> dict[str, Any]:
    """Open the page of the photos and return what its form would send, without its files."""
    answer = client.get(page_of(post))
    assert answer.status_code == 200, answer.status_code
    found: dict[str, Any] = fields(answer.get_data(as_text=True), "photos-form")
    found.pop("photos", None)
    return found | changes


def press(
    client: CheckedClient, post: Post, data: dict[str, Any], do: str = "save", *files: bytes
) -> TestResponse:
    """Press a button of the form, with files chosen."""
    chosen = [(BytesIO(file), f"image-{n}.jpg") for n, file in enumerate(files, 1)]
    return client.post(
        page_of(post),
        data=data | {"do": do, "photos": chosen},
        content_type="multipart/form-data",
    )


def add(client: CheckedClient, post: Post, *files: bytes) -> list[Upload]:
    """Add photos to a post and return all it has."""
    answer = press(client, post, sent(client, post), "add", *files)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return photos_of(post)


def with_photos(
    client: CheckedClient, *alts: str | None, **values: Any
) -> tuple[Post, list[Upload]]:
    """A post of the signed-in person with a photo for each of these descriptions."""
    post = my_post(client, **values)
    add(
        client, post, *(picture(300 + 10 * n, 200, colour=(9, 40 * n, 9)) for n in range(len(alts)))
    )
    photos = photos_of(post)
    for photo, alt in zip(photos, alts, strict=True):
        photo.alt = alt
    news.commit()
    return post, photos_of(post)


def address(photo: Upload, name: str = "400.jpg") -> str:
    """The address of a photo."""
    return f"/photos/{photo.uuid}/{photo.digest}/{name}"


def flashed(html: str) -> str:
    """Return what the page says happened."""
    return " ".join(re.findall(r'class="message message-\w+">.*?<p>(.*?)</p>', html, re.S))
