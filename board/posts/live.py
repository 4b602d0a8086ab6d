"""While a sentence is typed: the posts that already answer it, and my own that resemble it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g
from flask_babel import gettext as _

from board.posts import cards, drafts, queries, similar
from board.posts.cards import PostCard
from board.posts.rules import Purpose
from board.posts.similar import Found
from board.taxonomy import queries as taxonomy
from board.taxonomy import wording
from board.taxonomy.suggestions import LARGE_ROOM, SMALL_ROOM, Proposal

MOST_WORDS = 3
MOST_SHOWN = 3
MOST_READ = 400
# A post that shares less than this of what the words say must be of a like category.
SURE = 0.35
ROOMS = {SMALL_ROOM, LARGE_ROOM}

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
    proposal = drafts.propose(title, purpose)
    opposite = _of_the_same(similar.opposite(title, purpose, organisation_id), proposal)
    mine = _of_the_same(similar.mine(title, purpose, organisation_id), proposal)
    return Live(purpose.value, _shown(opposite, title, leave_out), _shown(mine, title, leave_out))


def _of_the_same(found: Sequence[Found], proposal: Proposal) -> Sequence[Found]:
    """Keep the posts with a line of that kind; little in common asks for a like category too."""
    if proposal.kind is None or not found:
        return found
    akin = _akin(proposal.category)
    lines = queries.lines_of([one.post_id for one in found])
    return [
        one
        for one in found
        if any(_is_of(line, proposal.kind, akin if _is_doubtful(one) else None)
               for line in lines[one.post_id])
    ]  # fmt: skip


def _is_doubtful(one: Found) -> bool:
    return one.shared < 2 or one.score < SURE


def _is_of(line: Any, kind: str, akin: set[str] | None) -> bool:
    return line.kind == kind and (not akin or line.category is None or line.category in akin)


def _akin(category: str | None) -> set[str]:
    """Return a category, the broader and the narrower; a larger room is still a room."""
    known = taxonomy.catalogue(g.language)
    term = known.by_key.get(category or "")
    if term is None:
        return set()
    near = {term.key, *(known.by_id[each].key for each in (*term.broader, *term.narrower))}
    return near | ROOMS if near & ROOMS else near


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
