"""The page where editors look after the photos of a post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from board.accounts import kept
from board.contacts import find_contacts
from board.photos import incoming, queries, rules
from board.photos.forms import PhotoForm, mark_of
from board.photos.models import Upload
from board.photos.services import Description
from board.photos.showing import Shown, shown
from board.posts import cards
from board.posts.models import Post
from board.web import done, render

Sent = Mapping[str, str] | MultiDict[str, str] | None


@dataclass(frozen=True, slots=True)
class Row:
    """A photo on the page: its picture, its form, and what somebody else wrote meanwhile."""

    photo: Upload
    shown: Shown
    form: PhotoForm
    other: str


def address(post: Post, photo: UUID | None = None) -> str:
    """Return the path of the page, at one of its photos."""
    anchor = f"photo-{photo}" if photo else None
    return url_for("photos.manage", post_id=post.uuid, _anchor=anchor)


def page(
    post: Post, sent: Sent = None, *, status: int = 200, refused: str = "", **more: Any
) -> ResponseReturnValue:
    """Show the photos with what is said of them, saved or just typed."""
    back = None
    if status >= 400 and not refused and incoming.chosen():
        refused = _("Rien n’a été ajouté encore : choisissez de nouveau vos photos.")
    if sent is None and request.method == "GET" and "saved" not in request.args:
        sent = back = kept.find()
    rows = rows_of(post, sent)
    context = {
        "post": post,
        "title": cards.masked(post.title) or post.sentence[:80],
        "rows": rows,
        "room": rules.MAX_PHOTOS - len(rows),
        "refused": refused,
        "problems": [(f"{r.form.alt.id}", _("Photo %(n)s", n=n), said)
                     for n, r in enumerate(rows, 1) for _id, said in r.form.problems],
        "orphans": _orphans(sent, rows),
        "restored": back is not None,
        "contacts": any(find_contacts(row.form.alt.data or "") for row in rows),
    } | more  # fmt: skip
    return render("photos/manage.html", status=status, **context)


def rows_of(post: Post, sent: Sent) -> list[Row]:
    """Return a row for each photo; where words were typed, they are in the form."""
    return [_row(photo, sent) for photo in queries.photos_of(post.id)]


def has_problems(post: Post, sent: Sent) -> bool:
    """Whether something typed has to be corrected first."""
    return any(row.form.errors for row in rows_of(post, sent))


def descriptions(sent: Sent) -> dict[UUID, Description]:
    """Return what was said of every photo of the form, those that are gone too."""
    found = {}
    for uuid in sent_photos(sent):
        form = PhotoForm(MultiDict(sent or {}), prefix=prefix(uuid))
        found[uuid] = Description(form.said, form.was)
    return found


def sent_photos(sent: Sent) -> list[UUID]:
    """Return which photos a form speaks of."""
    found = []
    for name in list(sent or ()):
        head, _sep, tail = name.removeprefix("photo-").rpartition("-")
        if name.startswith("photo-") and tail == "seen":
            try:
                found.append(UUID(head))
            except ValueError:
                continue
    return found[: 4 * rules.MAX_PHOTOS]


def prefix(uuid: UUID) -> str:
    """Return what the names of a photo's fields begin with."""
    return f"photo-{uuid}-"


def _row(photo: Upload, sent: Sent) -> Row:
    name = prefix(photo.uuid)
    if sent is None or name + "seen" not in sent:
        saved = {"alt": photo.alt or "", "decorative": photo.alt == "", "seen": mark_of(photo.alt)}
        return Row(photo, shown(photo), PhotoForm(prefix=name, data=saved), "")
    form = PhotoForm(MultiDict(sent), prefix=name)
    form.validate()
    other = ""
    if form.was != photo.alt and form.said != photo.alt:
        other = photo.alt or (_("décorative") if photo.alt == "" else _("pas de description"))
    form.seen.data = mark_of(photo.alt)
    return Row(photo, shown(photo), form, other)


def _orphans(sent: Sent, rows: list[Row]) -> list[str]:
    """Return what was typed for photos that somebody took away meanwhile."""
    there = {row.photo.uuid for row in rows}
    gone = (uuid for uuid in sent_photos(sent) if uuid not in there)
    typed = (str((sent or {}).get(prefix(uuid) + "alt") or "").strip() for uuid in gone)
    return [text[: 2 * rules.ALT_MAX] for text in typed if text]


def finished(post: Post, message: str | None, photo: UUID | None = None) -> ResponseReturnValue:
    """Lead back to the page after a write."""
    kept.forget()
    return done(message, to=address(post, photo))
