"""What fits a private line, as its owner reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from markupsafe import Markup

from board.matching import queries as public
from board.matching import wording
from board.organisations.models import Organisation
from board.posts import cards, rules
from board.posts.cards import PostCard
from board.posts.models import Post
from board.posts.rules import Publication
from board.posts.words import BASES, KINDS
from board.private import begun, queries
from board.private.models import PrivateLine, PrivateView
from board.private.queries import Suggestion
from board.private.rules import Answer

SHOWN = 30
DELAYS = [
    ("week", lazy_gettext("une semaine")),
    ("month", lazy_gettext("un mois")),
    ("season", lazy_gettext("trois mois")),
]
DECISIONS = {
    Answer.YES: lazy_gettext("oui"),
    Answer.LATER: lazy_gettext("plus tard"),
    Answer.NEVER: lazy_gettext("jamais à cette organisation"),
    Answer.DISMISSED: lazy_gettext("pas celui-ci"),
}
DISMISSALS = [(reason.value, word) for reason, word in wording.DISMISSALS.items()]


@dataclass(frozen=True, slots=True)
class Fitting:
    """A need that fits: its card, why, what nobody said, and what may be done."""

    card: PostCard
    why: Markup
    unknown: str
    need: UUID
    private_id: int


@dataclass(frozen=True, slots=True)
class Question:
    """« Offer this to X? »: the need that fits, and what of the reserve it fits."""

    fitting: Fitting
    line: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A need that was answered: what was said, and where that is taken back."""

    title: str
    organisation: str
    said: str
    undo: str
    go_on: str = ""


def fitting(
    lines: Sequence[PrivateLine], found: Sequence[Suggestion], level: int = 2
) -> list[Fitting]:
    """Return suggestions ready to print, one for each post and private line.

    The reasons say how far it is, or that nobody knows; the card says it not again.
    """
    own = {line.id: (line.needed_from, line.needed_until) for line in lines}
    best: dict[tuple[int, int], Suggestion] = {}
    for one in found:
        best.setdefault((one.private_id, one.post_id), one)
    some = list(best.values())[:SHOWN]
    uuids = public.line_uuids({one.need_line_id for one in some})
    ids = list(dict.fromkeys(one.post_id for one in some))
    known = {card.id: card for card in cards.cards_for(ids, heading_level=level)}
    return [
        Fitting(
            known[one.post_id],
            wording.why(one.reasons, one.parts),
            wording.unknown(one.parts, one.window, own[one.private_id]),
            uuids[one.need_line_id],
            one.private_id,
        )
        for one in some
        if one.post_id in known
    ]


def suggestions(profile: PrivateLine, found: Sequence[Suggestion]) -> list[Fitting]:
    """Return what fits a person's profile."""
    return fitting([profile], found)


def dismissed(profile: PrivateLine) -> list[Answered]:
    """Return what a person set aside, the last first."""
    return [
        Answered(
            title,
            organisation,
            str(wording.DISMISSALS[view.reason]) if view.reason else "",
            url_for("private.undo", need=need),
        )
        for view, need, title, organisation in queries.answered([profile.id])
        if view.answer is Answer.DISMISSED
    ]


def sleeping(line: PrivateLine) -> dict[str, Any]:
    """Return one thing of the reserve, ready to print."""
    said = [str(KINDS[line.kind])]
    if line.quantity:
        said.append(f"{line.quantity} {line.unit or ''}".strip())
    if line.basis:
        said.append(str(BASES[line.basis]))
    if line.paused_at:
        said.append(_("rien n’est demandé pour l’instant"))
    return {"uuid": line.uuid, "title": line.title, "language": line.language,
            "about": ", ".join(said)}  # fmt: skip


def questions(organisation: Organisation, lines: Sequence[PrivateLine]) -> list[Question]:
    """Return « offer this to X? » for each need that fits, best first."""
    known = {line.id: line for line in lines}
    return [
        Question(one, known[one.private_id].uuid, known[one.private_id].title)
        for one in fitting(lines, queries.for_organisation(organisation, lines), level=4)
    ]


def answered(organisation: Organisation, lines: Sequence[PrivateLine]) -> list[Answered]:
    """Return what an organisation decided about needs that are still open, the last first."""
    known = {line.id: line for line in lines}
    said = queries.answered(list(known))
    views = [view for view, *_about in said]
    offers = begun.offers_of(views)
    standing = {view.id for view in begun.standing(views, offers)}
    return [
        Answered(
            f"{known[view.private_line_id].title} → {title}",
            name,
            _decision(view, offers.get(view.id)),
            url_for("private.ask_again", slug=organisation.slug,
                    line_id=known[view.private_line_id].uuid, need=need),
            _going_on(offers.get(view.id)),
        )
        for view, need, title, name in said if view.id in standing
    ]  # fmt: skip


def _going_on(offer: Post | None) -> str:
    """Return where an offer that nobody reads yet goes on."""
    if offer is None or rules.publication(offer) is not Publication.DRAFT:
        return ""
    return url_for("posts.edit", post_id=offer.uuid)


def _decision(view: PrivateView, offer: Post | None) -> str:
    if _going_on(offer):
        return _("commencée, pas encore publiée")
    if view.answer is Answer.LATER and view.until is not None:
        return _("plus tard, après le %(day)s", day=format_date(view.until, "long"))
    return str(DECISIONS[view.answer])
