"""From « yes » to an offer: a draft made of the private line, or an answer to the need itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from board.accounts.models import Person
from board.organisations.models import Organisation
from board.posts import services as posts
from board.posts.models import Post
from board.posts.rules import Basis, Purpose
from board.posts.values import LineValues, PostValues
from board.private import queries, services
from board.private.models import PrivateLine, PrivateMatch
from board.web.context import settings


@dataclass(frozen=True, slots=True)
class Offered:
    """What an organisation offers to the author of one need; nobody else is told."""

    organisation: Organisation
    line: UUID
    need_post: UUID
    need_line: UUID


AnswerPage = Callable[[Offered], str]
_answers: list[AnswerPage] = []


def answers_with(page: AnswerPage) -> AnswerPage:
    """Let « yes » also lead to the page where an organisation answers a need.

    `page(offered)` returns its address; the answer begins there with what is offered.
    """
    _answers[:] = [page]
    return page


def has_answers() -> bool:
    """Whether a need can be answered directly."""
    return bool(_answers)


def answering(organisation: Organisation, line: PrivateLine, match: PrivateMatch) -> str:
    """Return where a need is answered; the question stays until the answer is sent."""
    need_post, need_line = queries.names_of(match.need_line_id)
    return _answers[0](Offered(organisation, line.uuid, need_post, need_line))


def publishing(line: PrivateLine, match: PrivateMatch, post: Post) -> str:
    """Return where an offer that was begun for a need goes on."""
    services.begin(line=line, match=match, draft=post)
    return url_for("posts.edit", post_id=post.uuid)


def draft(organisation: Organisation, line: PrivateLine, *, by: Person) -> Post:
    """Begin a post from a private line; its author checks it before anybody reads it."""
    place = line.place or organisation.place
    return posts.draft(
        organisation=organisation,
        by=by,
        values=PostValues(
            purpose=Purpose.OFFER,
            title=line.title[:160],
            language=line.language,
            place_id=place.id if place else None,
            place=place.label if place else "",
            lines=(_line(line),),
        ),
        sentence=sentence(line)[:400],
        timezone=settings().timezone,
    )


def sentence(line: PrivateLine) -> str:
    """Say in one sentence what a private line offers."""
    count = f"{line.quantity} " if line.quantity else ""
    what = f"{count}{line.unit + ' ' if line.unit else ''}{line.title}"
    if g.language != line.language:
        return what
    if line.basis is Basis.GIFT:
        return _("Nous donnons %(what)s", what=what)
    if line.basis is Basis.LOAN:
        return _("Nous prêtons %(what)s", what=what)
    return _("Nous offrons %(what)s", what=what)


def _line(line: PrivateLine) -> LineValues:
    return LineValues(
        uuid=None,
        title=line.title[:120],
        kind=line.kind,
        category=next((one.concept.key for one in line.concepts), None),
        basis=line.basis,
        quantity=line.quantity,
        unit=line.unit,
        needed_from=line.needed_from,
        needed_until=line.needed_until,
        attendance=line.attendance,
        reach_km=line.reach_km,
        conditions=line.conditions,
    )
