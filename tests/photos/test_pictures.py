"""Every picture is drawn again: upright, in sRGB, small, and nothing else of the file is left."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image, PngImagePlugin

from board import pictures
from board.errors import Invalid
from board.photos import drawing, rules
from tests.photos.helpers import (
    bomb,
    noise,
    opened,
    picture,
    profile_that_swaps_red_and_blue,
)

CANARY = b"CANARI-4711"


@pytest.fixture(autouse=True)
def words(sqlite_app: Flask) -> Iterator[None]:
    """Refusals are said in words."""
    with sqlite_app.app_context():
        yield


def drawn(content: bytes) -> drawing.Photo:
    """Draw a photo as the page does."""
    return drawing.draw(BytesIO(content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_photo_is_kept_in_three_sizes_and_two_formats(form: str) -> None:
    photo = drawn(picture(2000, 1500, form))
    assert sorted(photo.files) == [
        "1600.jpg", "1600.webp", "400.jpg", "400.webp", "800.jpg", "800.webp"
    ]  # fmt: skip
    assert (photo.width, photo.height) == (1600, 1200)
    for size in rules.sizes(photo.width, photo.height):
        for extension, name in (("jpg", "JPEG"), ("webp", "WEBP")):
            image = opened(photo.files[f"{size.side}.{extension}"])
            assert (image.format, image.size) == (name, (size.width, size.height))


@pytest.mark.parametrize(
    ("width", "height", "sides"),
    [(300, 200, [400]), (400, 10, [400]), (600, 900, [400, 800, 1600]), (800, 800, [400, 800]),
     (1, 1600, [400, 800, 1600])],
)  # fmt: skip
def test_no_size_is_larger_than_the_photo(width: int, height: int, sides: list[int]) -> None:
    sizes = rules.sizes(width, height)
    assert [size.side for size in sizes] == sides
    assert (sizes[-1].width, sizes[-1].height) == (width, height)
    assert all(size.width >= 1 for size in sizes)


def hidden(form: str) -> dict[str, Any]:
    """Options that put canaries in every corner of a format."""
    exif = Image.Exif()
    exif[0x010F] = CANARY.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (45.0, 30.0, 0.0)
    more: dict[str, Any] = {"exif": exif, "icc_profile": CANARY + b"\0" * 200}
    if form == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", CANARY.decode())
        more["pnginfo"] = info
    if form == "JPEG":
        more["comment"] = CANARY
    if form == "WEBP":
        more["xmp"] = CANARY
    return more


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_what_a_file_tells_of_its_maker_and_place_is_gone(form: str) -> None:
    content = picture(form=form, **hidden(form))
    assert CANARY in content or form == "PNG"
    for file in drawn(content).files.values():
        assert CANARY not in file
        image = opened(file)
        assert not image.getexif()
        assert not {"icc_profile", "exif", "xmp", "comment"} & image.info.keys()


def test_a_photo_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.new("RGB", (600, 400), (0, 0, 0))
    image.paste((250, 250, 250), (0, 0, 300, 400))
    out = BytesIO()
    image.save(out, "JPEG", exif=exif)
    photo = drawn(out.getvalue())
    upright = opened(photo.files["400.jpg"])
    assert (photo.width, photo.height) == (400, 600)
    top, bottom = upright.getpixel((50, 20)), upright.getpixel((50, 380))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > 50 > bottom[0]


def test_a_broken_remark_about_orientation_is_no_reason_to_refuse() -> None:
    assert drawn(picture(exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).width == 900


def test_other_colours_become_those_of_every_screen() -> None:
    content = picture(colour=(230, 10, 10), icc_profile=profile_that_swaps_red_and_blue())
    seen = opened(drawn(content).files["400.jpg"]).getpixel((5, 5))
    assert isinstance(seen, tuple)
    assert seen[2] > 200 > 60 > seen[0]


@pytest.mark.parametrize(
    ("mode", "colour", "form"),
    [("L", 120, "PNG"), ("LA", (120, 0), "PNG"), ("P", 3, "GIF"), ("1", 1, "PNG"),
     ("I;16", 40_000, "PNG"), ("RGBA", (10, 10, 10, 0), "PNG"), ("CMYK", (0, 0, 0, 0), "JPEG"),
     ("RGBA", (10, 10, 10, 0), "WEBP")],
)  # fmt: skip
def test_every_kind_of_colour_is_read(mode: str, colour: Any, form: str) -> None:
    image = opened(drawn(picture(50, 40, form, colour, mode)).files["400.jpg"])
    assert (image.mode, image.size) == ("RGB", (50, 40))
    seen = image.getpixel((20, 20))
    assert isinstance(seen, tuple)
    if mode in {"RGBA", "LA", "CMYK"}:
        assert min(seen) > 245  # what is clear is white
    if mode == "I;16":
        assert abs(seen[0] - 156) < 6


def test_only_the_first_picture_of_a_moving_one_is_kept() -> None:
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue", "lime")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    image = opened(drawn(out.getvalue()).files["400.webp"])
    seen = image.getpixel((30, 30))
    assert isinstance(seen, tuple)
    assert seen[0] > 200 > 60 > seen[2]
    assert getattr(image, "n_frames", 1) == 1


def test_a_file_that_is_two_things_at_once_comes_out_as_a_picture_only() -> None:
    script = b"<html><script>alert(1)</script>" + CANARY
    gif = picture(60, 40, "GIF")
    for content in (
        picture() + script + b"PK\x03\x04" + CANARY,
        picture(comment=b"*/=1;alert(1)//" + CANARY),
        gif[:-1] + b"\x21\xfe" + bytes([len(script)]) + script + b"\0;" + script,
        picture(form="PNG") + script,
    ):
        for file in drawn(content).files.values():
            assert CANARY not in file
            assert b"<script" not in file


NOT_READ = [
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
    (b"<?xml version='1.0'?><!DOCTYPE svg><svg/>", "SVG"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200, "HEIC"),
    (b"", "vide"),
    (b"%PDF-1.7" + b"\0" * 300, "ne se lit pas"),
    (b"MZ" + b"\0" * 300, "ne se lit pas"),
    (picture(form="BMP"), "ne se lit pas"),
    (picture(form="TIFF"), "ne se lit pas"),
    (b"GIF89a", "incomplète|ne se lit pas"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "incomplète|ne se lit pas"),
    (noise(900, 700)[:40_000], "incomplète"),
    (noise(600, 500, "PNG")[:40_000], "incomplète"),
    (noise(900, 700, "WEBP")[:20_000], "incomplète|ne se lit pas"),
    (noise(400, 300, "AVIF")[:9_000], "incomplète|ne se lit pas"),
    (b"\xff\xd8\xff\xe0" + b"x" * 100, "incomplète|ne se lit pas"),
]


@pytest.mark.parametrize(("content", "said"), NOT_READ)
def test_what_cannot_be_read_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        drawn(content)
    assert refused.value.field == "photos"


def test_a_file_of_twenty_megabytes_is_refused_unread() -> None:
    stream = BytesIO(picture() + b"\0" * (20 * pictures.MEBIBYTE))
    with pytest.raises(Invalid, match="trop lourd : 12"):
        drawing.draw(stream)
    assert stream.tell() == 0


@pytest.mark.parametrize(
    "size", [(30_000, 30_000), (12_000, 9_000), (5_001, 4_800), (1, 2**31 - 1)]
)
def test_an_enormous_picture_is_refused_before_it_is_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(pictures, "_decode", never)
    with pytest.raises(Invalid, match="trop grande"):
        drawn(bomb(*size))


def test_a_photo_of_a_new_telephone_is_read_and_a_progressive_one_is_not() -> None:
    """48 million points are decoded at a fraction of their size, unless the file forbids it."""
    assert drawn(picture(8000, 6000)).width == 1600
    with pytest.raises(Invalid, match="24 millions"):
        drawn(picture(8000, 6000, progressive=True))


def test_a_large_picture_with_transparency_is_made_smaller_as_a_small_one_is() -> None:
    """Strip by strip, and no line shows where two of them meet."""
    sent = Image.linear_gradient("L").resize((700, 1000)).convert("RGB")
    sent.putalpha(Image.radial_gradient("L").resize((700, 1000)))
    whole = sent.copy()
    whole.thumbnail((300, 300), Image.Resampling.LANCZOS)
    drawn = pictures._fitted(sent, 300)
    assert drawn.size == whole.size == (210, 300)
    given, wanted = (one.convert("RGBa").tobytes() for one in (drawn, whole))
    assert max(abs(a - b) for a, b in zip(given, wanted, strict=True)) <= 3
