"""A partner's own nod: what waits for it, what was said, and who is told that something waits."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from board import mail, search
from board.accounts.models import Person
from board.clock import now
from board.errors import Invalid, NotFound
from board.extensions import db
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.organisations.rules import Role
from board.posts import rules, visibility
from board.posts.models import Post
from board.posts.rules import Audience
from board.search.filters import Query
from board.web.pagination import LAST_RESULT
from board.widgets import designs, services, sieve
from board.widgets.designs import Design
from board.widgets.models import Clearance, Widget
from board.widgets.rules import Nod

PER_PAGE = 50
MOST_DECIDED = 50
REASON_MAX = 300


def waiting(widget: Widget, page: int = 1, *, per_page: int | None = None) -> tuple[list[int], int]:
    """Return a page of the posts that fit and wait for the owner's word, and how many wait."""
    design = design_of(widget)
    if not design.asks_nod:
        return [], 0
    results = search.current_engine().search(_query(widget, design, page, per_page or PER_PAGE))
    return [hit.post_id for hit in results.hits], results.total


def _query(widget: Widget, design: Design, page: int, per_page: int) -> Query:
    bounds = sieve.bounds_of(design, widget)
    said = bounds.refused | (bounds.accepted or frozenset())
    known = (*bounds.without_organisations, *bounds.welcome)
    left = replace(bounds, without_organisations=known, refused=frozenset(said), accepted=None)
    base = sieve.base_query(design)
    return replace(base, per_page=per_page, page=page, closed=False, bounds=left)


def decided(widget: Widget) -> list[Clearance]:
    """Return what was said lately of posts that everybody may still read, the last word first."""
    rows = select(Clearance).join(Post, Post.id == Clearance.post_id)
    rows = rows.where(Clearance.widget_id == widget.id, Post.audience == Audience.PUBLIC)
    rows = rows.where(visibility.published())
    rows = rows.options(joinedload(Clearance.post).joinedload(Post.organisation))
    return list(
        db.session.scalars(rows.order_by(Clearance.at.desc(), Clearance.id).limit(MOST_DECIDED))
    )


def decide(*, widget: Widget, post: Post, nod: Nod, reason: str, by: Person) -> None:
    """Say yes or no to a post on this widget; a no says why."""
    must_be_public(post)
    if nod is Nod.REFUSED and not reason:
        raise Invalid("reason", "")
    widget_id, post_id, by_id = widget.id, post.id, by.id
    found = db.session.scalar(
        select(Clearance).where(Clearance.widget_id == widget_id, Clearance.post_id == post_id)
    )
    why = reason[:REASON_MAX] if nod is Nod.REFUSED else ""
    if found is None:
        found = Clearance(widget_id=widget_id, post_id=post_id, nod=nod, by_id=by_id, at=now())
        db.session.add(found)
    found.nod, found.by_id, found.at, found.reason = nod, by_id, now(), why
    services.changed(widget)


def must_be_public(post: Post) -> None:
    """Refuse a word on a post that not everybody may read: nobody learns here whose it is."""
    if not rules.in_public(post, now()):
        raise NotFound


def welcome(*, widget: Widget, organisation: Organisation) -> None:
    """Say yes beforehand to all that an organisation posts."""
    for kept in ("draft", "published"):
        value = getattr(widget, kept)
        if value is not None:
            slugs = (*designs.read(value).welcome, organisation.slug)
            setattr(widget, kept, value | {"welcome": list(dict.fromkeys(slugs))})
    widget.edit_version += 1
    services.changed(widget)


def design_of(widget: Widget) -> Design:
    """Return what is shown, else what is worked on."""
    return designs.read(widget.published or widget.draft)


def tell_waiting(widget: Widget) -> bool:
    """Tell who answers for the organisation, when a post waits that no mail told of.

    A post that waits again after a while (resumed, or changed until it fits) counts like a new one.
    """
    ids, total = waiting(widget, per_page=LAST_RESULT)
    if not set(ids) - set(widget.told or ()):
        return False
    widget.told = ids
    slug = widget.organisation.slug
    for member in organisations.members_of(widget.organisation_id):
        person = member.person
        if member.role is Role.RESPONSIBLE and person.email:
            url = mail.link("widgets.clearance", language=person.language, slug=slug,
                            widget_id=widget.uuid)  # fmt: skip
            mail.compose("clearance", to=person.email, language=person.language, url=url,
                         widget=widget.name, count=total)  # fmt: skip
    return True
