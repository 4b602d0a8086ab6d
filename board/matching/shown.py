"""A pair as it is printed: the need and the offer side by side, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from markupsafe import Markup

from board.clock import today
from board.matching import queries, wording
from board.matching.queries import Shown
from board.matching.scores import Window
from board.organisations.models import Organisation
from board.posts import cards, words
from board.posts import queries as posts
from board.posts.cards import CardLine, PostCard
from board.posts.rules import Purpose
from board.web.context import settings


@dataclass(frozen=True, slots=True)
class Side:
    """One half of a pair: the post's card with the one line that it is about."""

    card: PostCard
    line: CardLine
    window: Window
    dates: Markup | str
    is_own: bool


@dataclass(frozen=True, slots=True)
class PairShown:
    """Both halves, the sentence, what is unknown, and where its buttons lead."""

    need: Side
    offer: Side
    need_line: UUID
    offer_line: UUID
    why: Markup
    unknown: str
    is_new: bool
    url: str
    action: str

    @property
    def other(self) -> Side:
        """The half that is somebody else's."""
        return self.offer if self.need.is_own else self.need

    @property
    def key(self) -> str:
        """How a form names the pair."""
        return f"{self.need_line}.{self.offer_line}"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many pairs there are, of how many offers and needs of others: each counted once."""

    pairs: int
    offers: int
    needs: int


def counted(found: Sequence[Shown]) -> Counted:
    """Count pairs, and the posts of others that they are with."""
    of_post = queries.posts_of_lines({one.other for one in found})
    offers = {of_post[one.other] for one in found if one.own == one.need}
    needs = {of_post[one.other] for one in found if one.own == one.offer}
    return Counted(len(found), len(offers), len(needs))


def pairs(organisation: Organisation, shown: Sequence[Shown]) -> list[PairShown]:
    """Return pairs ready to print; a few statements for all."""
    line_ids = {line for one in shown for line in (one.need, one.offer)}
    uuids = queries.line_uuids(line_ids)
    of_post = queries.posts_of_lines(line_ids)
    post_ids = sorted(set(of_post.values()))
    known = {card.id: card for card in cards.cards_for(post_ids)}
    rows = {row.uuid: row for lines in posts.lines_of(post_ids).values() for row in lines}

    def side(line_id: int, is_own: bool) -> Side | None:
        card, row = known.get(of_post[line_id]), rows.get(uuids[line_id])
        return None if card is None or row is None else _side(card, row, is_own)

    out = []
    for one in shown:
        need, offer = side(one.need, one.own == one.need), side(one.offer, one.own == one.offer)
        if need is not None and offer is not None:
            out.append(_pair(organisation, one, (need, offer), uuids))
    return out


def _pair(
    organisation: Organisation, one: Shown, sides: tuple[Side, Side], uuids: dict[int, UUID]
) -> PairShown:
    need, offer = sides
    action = url_for("matching.dismiss", slug=organisation.slug,
                     need=uuids[one.need], offer=uuids[one.offer])  # fmt: skip
    return PairShown(
        need=need,
        offer=offer,
        need_line=uuids[one.need],
        offer_line=uuids[one.offer],
        why=wording.why(one.reasons, one.parts),
        unknown=wording.unknown(one.parts, need.window, offer.window),
        is_new=one.is_new,
        url=(offer if need.is_own else need).card.url,
        action=action,
    )


def _side(card: PostCard, row: Any, is_own: bool) -> Side:
    purpose = Purpose(card.purpose)
    dates = words.window_words(
        purpose, row.needed_from, row.needed_until, today(settings().timezone)
    )
    window = (row.needed_from, row.needed_until)
    return Side(card, cards.card_line(purpose, row), window, dates, is_own)
