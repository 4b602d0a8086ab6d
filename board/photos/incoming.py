"""Photos on their way in: counted, drawn again one by one, kept before any row names them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from board import uploads
from board.accounts.limits import check_rate
from board.accounts.models import Person
from board.errors import Invalid
from board.photos import drawing, rules, services
from board.photos.drawing import Photo
from board.posts.models import Post


@dataclass(frozen=True, slots=True)
class Batch:
    """What came in at once: the photos that can be shown, and why others cannot."""

    photos: list[Photo] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def chosen() -> list[FileStorage]:
    """Return the files of the request; a field left empty sends one without a name."""
    return [one for one in request.files.getlist(services.PHOTOS) if one.filename]


def draw(post: Post, *, by: Person) -> Batch:
    """Draw what was sent and keep the files; slow, so before anything is locked."""
    sent = chosen()
    if not sent:
        if request.form.get("do") == "add":
            raise Invalid(services.PHOTOS, _("Choisissez au moins une photo."))
        return Batch()
    services.check_room(post, len(sent))
    check_rate(f"photos:{by.uuid}", limit=rules.UPLOADS_AN_HOUR, window=rules.UPLOADS_WINDOW)
    batch = Batch()
    for one in sent:
        try:
            photo = drawing.draw(one.stream)
        except Invalid as error:
            batch.refused.append(_named(one, error))
            continue
        uploads.store().put(photo.digest, photo.files)
        batch.photos.append(photo)
    if not batch.photos:
        raise Invalid(services.PHOTOS, " ".join(batch.refused))
    return batch


def _named(sent: FileStorage, error: Invalid) -> str:
    name = "".join(c for c in (sent.filename or "") if c.isprintable())[:60]
    said: str = _("« %(name)s » : %(said)s", name=name, said=error.message)
    return said
