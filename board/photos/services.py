"""What editors do with the photos of a post: add, describe, put in order, take away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, select, update

from board import news
from board.accounts.models import Person
from board.clock import now
from board.errors import Conflict, Invalid, NotAllowed
from board.extensions import db
from board.organisations.models import Organisation
from board.photos import queries, rules
from board.photos.drawing import Photo
from board.photos.models import Upload
from board.photos.rules import Move
from board.posts import rules as posts
from board.posts.models import Post, PostEvent
from board.posts.rules import Event
from board.posts.services import ask_gates, lock

PHOTOS = "photos"


@dataclass(frozen=True, slots=True)
class Description:
    """What an editor says of a photo, over what they saw said of it."""

    alt: str | None
    seen: str | None


def check_room(post: Post, wanted: int) -> None:
    """Refuse more photos than there is room for, in words."""
    room = rules.MAX_PHOTOS - queries.count_of(post.id)
    if wanted <= room:
        return
    if room <= 0:
        message = _("Cette annonce a déjà six photos. Retirez-en une pour en ajouter une autre.")
    else:
        message = ngettext(
            "Il reste une place : choisissez une seule photo.",
            "Il reste %(num)s places : choisissez %(num)s photos au plus.",
            room,
        )
    raise Invalid(PHOTOS, message)


def add(*, post: Post, photos: list[Photo], by: Person) -> list[Upload]:
    """Hang drawn photos, whose files are kept already, under the others; one twice is one."""
    _hold(post)
    there = queries.photos_of(post.id)
    known = {photo.digest for photo in there}
    fresh = {photo.digest: photo for photo in photos if photo.digest not in known}
    check_room(post, len(fresh))
    at = max((photo.position for photo in there), default=-1) + 1
    added = [
        Upload(post_id=post.id, by_id=by.id, position=position, digest=photo.digest,
               width=photo.width, height=photo.height)
        for position, photo in enumerate(fresh.values(), start=at)
    ]  # fmt: skip
    db.session.add_all(added)
    _note(post, by)
    return added


def describe(*, post: Post, said: Mapping[UUID, Description], by: Person) -> None:
    """Write what photos show; Conflict when somebody wrote or took away one of them meanwhile."""
    _hold(post)
    there = {photo.uuid: photo for photo in queries.photos_of(post.id)}
    changes = {uuid: one for uuid, one in said.items() if one.alt != one.seen}
    for uuid, one in changes.items():
        photo = there.get(uuid)
        if photo is None or photo.alt not in {one.seen, one.alt}:
            raise Conflict
    for uuid, one in changes.items():
        there[uuid].alt = one.alt
    if changes:
        _note(post, by)
        ask_gates(post, by)


def move(*, post: Post, photo: UUID, to: Move, by: Person) -> None:
    """Put a photo one place further up or down; one that is gone moves nowhere."""
    _hold(post)
    there = {one.id: one for one in queries.photos_of(post.id)}
    which = next((one.id for one in there.values() if one.uuid == photo), 0)
    before = list(there)
    after = rules.moved(before, which, to)
    for position, photo_id in enumerate(after):
        there[photo_id].position = position
    if after != before:
        _note(post, by)


def remove(*, post: Post, photo: UUID, seen: str | None, by: Person) -> bool:
    """Take a photo off a post; says whether it was there, Conflict when it says other words."""
    _hold(post)
    found = next((one for one in queries.photos_of(post.id) if one.uuid == photo), None)
    if found is None:
        return False
    if found.alt != seen and found.alt:
        raise Conflict
    news.note("upload", [found.id])
    db.session.delete(found)
    _note(post, by)
    ask_gates(post, by)
    return True


def copy(*, post: Post, to: Post, by: Person) -> None:
    """Give a new post the photos of another; the files are the same."""
    rows = select(Upload).where(Upload.post_id == post.id).order_by(Upload.position, Upload.id)
    for photo in db.session.scalars(rows.with_for_update(read=True)).all():
        db.session.add(
            Upload(post_id=to.id, by_id=by.id, position=photo.position, digest=photo.digest,
                   width=photo.width, height=photo.height, alt=photo.alt)
        )  # fmt: skip
    db.session.flush()


def remove_all_of(organisation: Organisation) -> None:
    """A closed organisation shows nothing any more: its photos go."""
    its_posts = select(Post.id).where(Post.organisation_id == organisation.id)
    gone = db.session.execute(
        delete(Upload)
        .where(Upload.post_id.in_(its_posts))
        .returning(Upload.id, Upload.post_id)
        .execution_options(synchronize_session=False)
    ).all()
    if gone:
        news.note("upload", {row.id for row in gone})
        news.note("post", {row.post_id for row in gone})


def forget_person(person: Person) -> None:
    """Take a person's identity off the photos that they added for organisations."""
    db.session.execute(update(Upload).where(Upload.by_id == person.id).values(by_id=None))


def _hold(post: Post) -> None:
    """Let one editor at a time change the photos of a post that may still be worked on."""
    if not posts.may_edit(lock(post)):
        raise NotAllowed


def _note(post: Post, by: Person) -> None:
    """Write the change in the history of what readers saw; an hour's work is one step of it."""
    db.session.flush()
    if post.published_at is None:
        return
    rows = select(PostEvent).where(PostEvent.post_id == post.id).order_by(PostEvent.id.desc())
    last = db.session.scalar(rows.limit(1))
    step = (Event.EDITED, PHOTOS, by.id)
    again = last is not None and (last.event, last.detail, last.by_id) == step
    if last is not None and again and now() - last.at < rules.ONE_STEP:
        return
    db.session.add(
        PostEvent(post_id=post.id, event=Event.EDITED, at=now(), by_id=by.id, detail=PHOTOS)
    )
    db.session.flush()
