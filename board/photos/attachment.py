"""How photos hang on a post: in its sheet, in its data for machines, on its copy."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from board.accounts.models import Person
from board.photos import pages, queries, rules, services
from board.photos.showing import shown
from board.posts import attachments
from board.posts.attachments import Part, Step
from board.posts.models import Post
from board.posts.rules import Reader
from board.web.context import settings


class Photos:
    """What photos do for a post."""

    name = services.PHOTOS

    def part(self, post: Post, reader: Reader) -> Part | None:
        """Show those that are described; their editors read how many are not."""
        photos = queries.photos_of(post.id)
        said = [shown(photo) for photo in photos if rules.is_shown(photo.alt)]
        waiting = len(photos) - len(said) if reader.edits else 0
        if not said and not waiting:
            return None
        context = {"photos": said, "language": post.language, "waiting": waiting,
                   "manage": pages.address(post)}  # fmt: skip
        images = [settings().url(one.largest) for one in said]
        return Part("photos/in_sheet.html", context, {"image": images} if images else {})

    def step(self, post: Post) -> Step:
        """Lead to the page of the photos."""
        count = queries.count_of(post.id)
        return Step(
            name=self.name,
            icon="image",
            title=_("Photos"),
            value=ngettext("%(num)s photo", "%(num)s photos", count) if count else _("aucune"),
            help=_("Six au plus. Elles se voient sur la page de l’annonce, pas dans les listes."),
            action=_("Enregistrer, puis gérer les photos"),
            url=url_for("photos.manage", post_id=post.uuid),
        )

    def copy(self, post: Post, to: Post, by: Person) -> None:
        """Hang the same photos on a copy."""
        services.copy(post=post, to=to, by=by)


def register() -> None:
    """Tell posts about photos."""
    attachments.register(Photos())
