"""Logos: small, square, drawn again, and gone with their organisation."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from board import pictures
from board.clock import now
from board.errors import Invalid
from board.extensions import db
from board.organisations import logos
from tests.organisations.helpers import as_, house, post, text
from tests.pages import CheckedClient

PATH = "/fr/organisations/abri/logo"


def picture(width: int = 400, height: int = 200, form: str = "PNG", **options: object) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, form, **options)
    out.seek(0)
    return out


def bomb(width: int = 50_000, height: int = 50_000) -> BytesIO:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "AVIF", "GIF"])
def test_a_picture_becomes_a_small_square_in_two_formats(app: Flask, form: str) -> None:
    logo = logos.draw(picture(form=form))
    for extension, name in (("webp", "WEBP"), ("png", "PNG")):
        drawn = Image.open(BytesIO(logo.files[extension]))
        assert (drawn.size, drawn.format) == ((256, 256), name)
    drawn = Image.open(BytesIO(logo.files["png"]))
    assert drawn.getpixel((128, 10))[3] == 0  # type: ignore[index]
    assert drawn.getpixel((128, 128))[3] == 255  # type: ignore[index]


def test_what_the_file_tells_of_its_maker_is_gone(app: Flask) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Canari d’appareil"
    exif[0x0112] = 6
    logo = logos.draw(picture(form="JPEG", exif=exif))
    for content in logo.files.values():
        assert b"Canari" not in content
        assert not Image.open(BytesIO(content)).getexif()
    upright = Image.open(BytesIO(logo.files["png"]))
    assert upright.getpixel((10, 128))[3] == 0  # type: ignore[index]
    assert upright.getpixel((128, 10))[3] == 255  # type: ignore[index]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"%PDF-1.7",
        b"MZ" + b"\0" * 200,
        picture().getvalue()[:200],
        picture(form="BMP").getvalue(),
        picture(form="TIFF").getvalue(),
        b"\xff\xd8\xff\xe0" + b"x" * 100,
    ],
)
def test_what_is_no_picture_is_refused(app: Flask, sent: bytes) -> None:
    with pytest.raises(Invalid):
        logos.draw(BytesIO(sent))


@pytest.mark.parametrize("size", [(50_000, 50_000), (12_000, 12_000), (5_001, 4_800)])
def test_an_enormous_picture_is_refused_before_it_is_decoded(
    app: Flask, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(pictures, "_decode", never)
    with pytest.raises(Invalid, match="trop grande"):
        logos.draw(bomb(*size))


def test_a_heavy_file_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid, match="trop lourd"):
        logos.draw(BytesIO(b"\x89PNG" + b"x" * pictures.MAX_BYTES))


def test_each_actor_before_the_logo_and_who_sees_it(app: Flask, client: CheckedClient) -> None:
    abri, responsible, editor, stranger = house(slug="abri")
    assert client.post(PATH, data={"logo": (picture(), "logo.png")}).status_code == 403
    for person, status in ((stranger, 404), (editor, 403), (responsible, 303)):
        answer = post(as_(client, person), PATH, {"logo": (picture(), "logo.png")})
        assert answer.status_code == status
    db.session.refresh(abri)
    address = f"{PATH}/{abri.logo_digest}.webp"
    visitor = app.test_client()
    answer = visitor.get(address, buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "s-maxage=0" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert visitor.get(address.replace(".webp", ".png"), buffered=True).mimetype == "image/png"
    assert address in text(visitor.get("/fr/organisations/abri"))
    assert address in text(visitor.get("/fr/organisations/"))
    folder = app.config["BOARD"].data / "uploads" / (abri.logo_digest or "")[:2]
    assert (folder / f"{abri.logo_digest}.webp").is_file()
    abri.closed_at = now()
    db.session.commit()
    assert visitor.get(address, buffered=True).status_code == 404


def test_a_logo_of_another_or_of_before_is_not_given(client: CheckedClient) -> None:
    abri, responsible, *_ = house(slug="abri")
    post(as_(client, responsible), PATH, {"logo": (picture(), "logo.png")})
    db.session.refresh(abri)
    first = abri.logo_digest
    house(slug="autre")
    assert client.get(f"/fr/organisations/autre/logo/{first}.png").status_code == 404
    assert client.get(f"{PATH}/{first}.svg").status_code == 404
    assert client.get(f"{PATH}/{'0' * 64}.png").status_code == 404
    assert client.get(f"{PATH}/..%2f..%2fsecret-key.png").status_code == 404
    post(client, PATH, {"do": "remove"})
    assert client.get(f"{PATH}/{first}.png").status_code == 404
    db.session.refresh(abri)
    assert abri.logo_digest is None


@pytest.mark.parametrize("sent", [b"", b"<svg/>", b"texte"])
def test_a_refused_logo_is_said_on_the_page(client: CheckedClient, sent: bytes) -> None:
    _, responsible, *_ = house(slug="abri")
    answer = post(as_(client, responsible), PATH, {"logo": (BytesIO(sent), "logo.svg")})
    assert answer.status_code == 422
    summary = answer.get_data(as_text=True).split('id="error-summary"')[1].split("</ul>")[0]
    assert '<a href="#logo">' in summary
    assert 'id="logo-error"' in text(answer)
    assert post(client, PATH).status_code == 422
