"""Photos of the sample posts: drawn here, so that they show nobody and belong to nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw
from sqlalchemy import insert, select

from board import uploads
from board.clock import now
from board.extensions import db
from board.photos.drawing import Photo, photo_of
from board.photos.models import Upload
from board.posts.models import Post
from board.sample.rows import mark

Brush = ImageDraw.ImageDraw
SIZE = (960, 720)
FLOOR = 520
WALL, GROUND, WOOD, DARK = (226, 222, 208), (176, 160, 136), (178, 128, 78), (64, 66, 70)
STEEL, LEAF, EARTH, RED = (168, 176, 182), (88, 128, 70), (92, 68, 50), (164, 62, 48)


@dataclass(frozen=True, slots=True)
class SamplePicture:
    """A photo of a sample post: how it is drawn and what it shows."""

    draw: Callable[[Brush], None]
    alt: str
    turned: bool = False


def _chairs(brush: Brush) -> None:
    for n in range(7):
        x = 150 + 90 * n
        brush.line([(x, 250), (x + 50, 600)], fill=DARK, width=12)
        brush.line([(x + 60, 420), (x - 10, 600)], fill=DARK, width=12)
        brush.rectangle([x - 4, 250, x + 40, 330], fill=STEEL, outline=DARK, width=4)
        brush.rectangle([x + 6, 420, x + 76, 440], fill=STEEL, outline=DARK, width=4)


def _tables(brush: Brush) -> None:
    for x, y in ((120, 380), (430, 440)):
        brush.polygon([(x, y), (x + 360, y), (x + 420, y + 60), (x + 60, y + 60)], fill=WOOD)
        brush.rectangle([x + 60, y + 60, x + 420, y + 74], fill=DARK)
        for leg in (70, 400):
            brush.line([(x + leg, y + 74), (x + leg, y + 200)], fill=DARK, width=12)


def _drill(brush: Brush) -> None:
    brush.rectangle([120, 480, 840, 560], fill=WOOD)
    brush.rectangle([300, 260, 620, 370], fill=RED)
    brush.polygon([(460, 370), (560, 370), (600, 480), (500, 480)], fill=DARK)
    brush.rectangle([620, 285, 680, 345], fill=DARK)
    brush.rectangle([680, 308, 820, 322], fill=STEEL)


def _boxes(brush: Brush) -> None:
    for x, y in ((90, 380), (500, 430)):
        for n in range(6):
            brush.ellipse([x + 12 + 58 * n, y - 70, x + 72 + 58 * n, y + 10], fill=LEAF)
        brush.rectangle([x, y - 10, x + 370, y + 150], fill=WOOD)
        brush.rectangle([x + 10, y - 10, x + 360, y + 12], fill=EARTH)
        for board in (50, 100):
            brush.line([(x, y + board), (x + 370, y + board)], fill=EARTH, width=4)


def _kitchen(brush: Brush) -> None:
    brush.rectangle([80, 360, 880, 620], fill=STEEL)
    brush.rectangle([80, 340, 880, 362], fill=DARK)
    brush.rectangle([140, 400, 420, 580], fill=DARK)
    brush.rectangle([170, 440, 390, 550], fill=(196, 140, 70))
    for n in range(4):
        brush.ellipse([480 + 90 * n, 395, 530 + 90 * n, 445], fill=DARK)
    brush.rectangle([520, 240, 700, 340], fill=STEEL, outline=DARK, width=6)
    brush.rectangle([380, 60, 800, 130], fill=DARK)


PICTURES: Mapping[int, tuple[SamplePicture, ...]] = {
    1: (
        SamplePicture(_chairs, "Sept chaises pliantes grises, ouvertes, rangées contre un mur"),
        SamplePicture(_tables, "Deux tables pliantes à plateau de bois, dressées"),
        SamplePicture(_chairs, "Six de ces chaises, de plus près", turned=True),
    ),
    5: (SamplePicture(_drill, "Une perceuse rouge posée sur un établi de bois"),),
    7: (SamplePicture(_kitchen, "Un four, quatre boutons et une hotte, en acier inoxydable"),),
    10: (SamplePicture(_boxes, "Deux bacs de cèdre pleins de terre, avec des plants verts"),),
}  # fmt: skip


@cache
def drawn(picture: SamplePicture) -> Photo:
    """Draw a picture, once in a process."""
    image = Image.new("RGB", SIZE, WALL)
    brush = ImageDraw.Draw(image)
    brush.rectangle([0, FLOOR, *SIZE], fill=GROUND)
    picture.draw(brush)
    if picture.turned:
        image = image.crop((140, 0, 680, SIZE[1]))
    return photo_of(image)


def hang(numbers: Mapping[int, object]) -> None:
    """Hang photos on those of these sample posts that have some."""
    pictured = {mark(n): PICTURES[n] for n in numbers if n in PICTURES}
    if not pictured:
        return
    known = select(Post.external_id, Post.id, Post.author_id)
    rows = []
    for external_id, post_id, author_id in db.session.execute(
        known.where(Post.external_id.in_(pictured))
    ).all():
        for position, picture in enumerate(pictured[external_id or ""]):
            photo = drawn(picture)
            uploads.store().put(photo.digest, photo.files)
            rows.append(
                {"post_id": post_id, "by_id": author_id, "created_at": now(), "alt": picture.alt,
                 "position": position, "digest": photo.digest, "width": photo.width,
                 "height": photo.height}
            )  # fmt: skip
    db.session.execute(insert(Upload), rows)
