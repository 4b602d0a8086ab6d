"""Photos over HTTP: the editors' page, and each picture for whoever may see its post."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from board import pictures, uploads
from board.accounts.kept import keeps_typed
from board.accounts.session import get_reader
from board.clock import now
from board.database import begin_writing
from board.errors import Conflict, Invalid
from board.photos import incoming, pages, queries, services, showing
from board.photos.drawing import Photo
from board.photos.incoming import Batch
from board.photos.models import Upload
from board.photos.rules import MAX_PHOTOS, Move
from board.posts import editing
from board.posts import rules as posts
from board.posts.access import post_editor_required
from board.posts.fields import as_uuid
from board.posts.models import Post
from board.posts.readers import current_reader
from board.posts.rules import Page
from board.web import commits, public, slow_first
from board.web.files import picture, takes_files
from board.web.rendering import say

bp = Blueprint("photos", __name__, url_prefix="/<language:language>/p/<uuid:post_id>/photos")
pictures_bp = Blueprint("photo", __name__, url_prefix="/photos")
TOO_MUCH = _l("Six photos au plus par annonce, de 12 Mo chacune au plus.")


@bp.route("", methods=["GET", "POST"])
@post_editor_required
@commits
@slow_first
@keeps_typed
@takes_files(files=MAX_PHOTOS, each=pictures.MAX_BYTES, refusal=TOO_MUCH)
def manage(post: Post) -> ResponseReturnValue:
    """Add photos to a post, describe them, put them in order, take one away."""
    if not posts.may_edit(post):
        return editing.refuse(post)
    if request.method == "GET":
        return pages.page(post)
    if pages.has_problems(post, request.form):
        return pages.page(post, request.form, status=422)
    try:
        batch = incoming.draw(post, by=get_reader())
        begin_writing()
        return _arrange(post, batch, request.form.get("do", "save"))
    except Conflict:
        return pages.page(post, request.form, status=409)
    except Invalid as error:
        return pages.page(post, request.form, status=422, refused=error.message)


@pictures_bp.get("/<uuid:photo_id>/<digest>/<int:side>.<any(webp, jpg):extension>")
@public
def file(photo_id: UUID, digest: str, side: int, extension: str) -> ResponseReturnValue:
    """Give a photo to whoever may see its post."""
    photo, name = queries.get_photo(photo_id, digest), f"{side}.{extension}"
    answer = showing.page(photo, current_reader(photo.post.organisation_id))
    if answer is not Page.SHOWN:
        abort(int(answer))
    content = uploads.store().get(digest, name)
    if content is None:
        abort(404)
    response = picture(
        content, media_type=pictures.MEDIA_TYPES[extension], mark=f"{digest}-{name}",
        everyone=showing.page(photo, posts.VISITOR) is Page.SHOWN,
    )  # fmt: skip
    if not posts.is_indexable(photo.post, now()):
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _arrange(post: Post, batch: Batch, do: str) -> ResponseReturnValue:
    """Keep what was typed and sent, then do what the button says."""
    who = get_reader()
    said = pages.descriptions(request.form)
    services.describe(post=post, said=said, by=who)
    added = services.add(post=post, photos=batch.photos, by=who) if batch.photos else []
    for message in batch.refused:
        say(message, "error")
    verb, _sep, name = do.partition("-")
    photo = as_uuid(name)
    if verb in set(Move) and photo is not None:
        services.move(post=post, photo=photo, to=Move(verb), by=who)
        return pages.finished(post, _added_words(added), photo)
    if verb == "remove" and photo is not None:
        seen = said[photo].alt if photo in said else None
        there = services.remove(post=post, photo=photo, seen=seen, by=who)
        gone = _("Photo retirée.") if there else _("Cette photo était déjà retirée.")
        return pages.finished(post, gone)
    if added:
        return pages.finished(post, _added_words(added), added[0].uuid)
    return pages.finished(post, _again_words(batch.photos) or _saved_words(post))


def _saved_words(post: Post) -> str:
    if posts.publication(post) is not posts.Publication.SUBMITTED:
        return _("C’est enregistré.")
    return _("C’est enregistré. L’annonce attend maintenant\u00a0: sa page dit quoi.")


def _again_words(known: Sequence[Photo]) -> str:
    """Say of good photos that none was new."""
    if not known:
        return ""
    return ngettext("Cette photo y est déjà.", "Ces %(num)s photos y sont déjà.", len(known))


def _added_words(added: Sequence[Upload]) -> str | None:
    if not added:
        return None
    return ngettext("Photo ajoutée. Décrivez-la : d’ici là, vous seuls la voyez.",
                    "%(num)s photos ajoutées. Décrivez-les : d’ici là, vous seuls les voyez.",
                    len(added))  # fmt: skip
