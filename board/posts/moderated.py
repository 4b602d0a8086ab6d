"""What moderators and gates do with a post; each leaves a step that only insiders read."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from board.clock import now
from board.errors import Invalid
from board.extensions import db
from board.organisations.models import Organisation
from board.posts import rules
from board.posts.models import Post, PostEvent
from board.posts.rules import Event, Publication


def check_standing(post: Post) -> None:
    """An organisation that moderators hid puts nothing up (held until the commit)."""
    rows = select(Organisation.hidden_at).where(Organisation.id == post.organisation_id)
    if db.session.scalar(rows.with_for_update(read=True)) is not None:
        raise Invalid(
            "", _("La modération a masqué cette organisation : rien ne peut être publié.")
        )


def submit(post: Post) -> None:
    """Let a post wait: nobody but its editors and the moderators sees it."""
    post.published_at, post.declined_at, post.submitted_at = None, None, now()
    _note(post, Event.SUBMITTED)


def release(post: Post) -> bool:
    """Put up what waits or was declined; says whether it did, and may be called twice."""
    if rules.publication(post) not in {Publication.SUBMITTED, Publication.DECLINED}:
        return False
    post.declined_at = None
    post.published_at = post.confirmed_at = post.ranked_at = now()
    _note(post, Event.PUBLISHED)
    return True


def decline(post: Post) -> None:
    """Say no to a post that waits."""
    post.declined_at = now()
    _note(post, Event.DECLINED)


def hide(post: Post) -> None:
    """Take a post off the board by a moderator's word."""
    post.hidden_at = now()
    _note(post, Event.HIDDEN)


def restore(post: Post) -> None:
    """Take a moderator's word back: the post stands again where it stood."""
    post.hidden_at = None
    _note(post, Event.RESTORED)


def _note(post: Post, event: Event) -> None:
    """Who did it stays in the moderators' own log."""
    db.session.add(PostEvent(post_id=post.id, event=event, at=now()))
    db.session.flush()
