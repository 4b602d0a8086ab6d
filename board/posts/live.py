"""While a sentence is typed: the posts that already answer it, and my own that resemble it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import g
from flask_babel import gettext as _

from board.posts import cards, drafts, queries, similar
from board.posts.cards import PostCard
from board.posts.rules import Purpose
from board.posts.similar import Found
from board.taxonomy import wording

MOST_WORDS = 3
MOST_SHOWN = 3
MOST_READ = 400

Shown = list[tuple[PostCard, str]]


@dataclass(frozen=True, slots=True)
class Live:
    """What the panel shows: posts of the other purpose, and near-duplicates of one's own.

    `problem` says what of the question could not be understood.
    """

    purpose: str
    opposite: Shown = field(default_factory=list)
    mine: Shown = field(default_factory=list)
    problem: str = ""


def live(
    title: str, purpose: Purpose, organisation_id: int | None, leave_out: int | None = None
) -> Live:
    """Find both for a sentence or a title; what is plainly of another kind is left out."""
    title = title[:MOST_READ]
    kind = drafts.propose(title, purpose).kind
    opposite = _of_kind(similar.opposite(title, purpose, organisation_id), kind)
    mine = _of_kind(similar.mine(title, purpose, organisation_id), kind)
    return Live(purpose.value, _shown(opposite, title, leave_out), _shown(mine, title, leave_out))


def _of_kind(found: Sequence[Found], kind: str | None) -> Sequence[Found]:
    """Keep the posts with a line of that kind; an unknown kind leaves nothing out."""
    if kind is None or not found:
        return found
    lines = queries.lines_of([one.post_id for one in found])
    return [one for one in found if any(line.kind == kind for line in lines[one.post_id])]


def _shown(found: Sequence[Found], title: str, leave_out: int | None) -> Shown:
    kept = [one for one in found if one.post_id != leave_out][:MOST_SHOWN]
    reasons = {one.post_id: _reason(title, one.matched) for one in kept}
    return [(card, reasons[card.id]) for card in cards.cards_for(list(reasons), heading_level=3)]


def _reason(title: str, matched: tuple[str, ...]) -> str:
    """Say which words of the sentence the other post has too, as the person wrote them."""
    stems = {_stem(word.rstrip("*")) for word in matched}
    shared = dict.fromkeys(
        word.text for word in wording.words_of(title) if _stem(word.folded) in stems
    )
    words = drafts.quoted(tuple(shared)[:MOST_WORDS])
    return _("%(words)s dans les deux", words=words) if words else ""


def _stem(folded: str) -> str:
    return wording.stem(folded, g.language)
