"""While a sentence is typed: the posts that already answer it, and my own that resemble it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g
from flask_babel import gettext as _

from board.posts import cards, drafts, queries, similar, within_reach
from board.posts.cards import Point, PostCard
from board.posts.rules import Purpose
from board.posts.similar import Found, Written
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

    `akin` share a category and no word with what was typed: close, not the same thing.
    `problem` says what of the question could not be understood.
    """

    purpose: str
    opposite: Shown = field(default_factory=list)
    akin: Shown = field(default_factory=list)
    mine: Shown = field(default_factory=list)
    problem: str = ""


def live(
    title: str,
    purpose: Purpose,
    organisation_id: int | None,
    leave_out: int | None = None,
    near: Point | None = None,
) -> Live:
    """Find both for a sentence or a title; what is of another kind or out of reach is left out."""
    title = title[:MOST_READ]
    proposal = drafts.propose(title, purpose)
    others = similar.opposite(_written(title, purpose, organisation_id, near, proposal))
    reachable = within_reach.of([one.post_id for one in others], near) - {leave_out}
    why = {one.post_id: one.reason for one in others if one.post_id in reachable}
    same = [one.post_id for one in others if one.post_id in why and one.shares_words][:MOST_SHOWN]
    akin = [one.post_id for one in others if one.post_id in why and not one.shares_words]
    own = _of_the_same(similar.mine(title, purpose, organisation_id), proposal)
    shared = _shared_words(title, own)
    mine = [one.post_id for one in own if shared[one.post_id] and one.post_id != leave_out]
    in_both = {post_id: _in_both(words) for post_id, words in shared.items()}
    return Live(
        purpose.value,
        opposite=_shown(same, why, near),
        akin=_shown(akin[: MOST_SHOWN - len(same)], why, near),
        mine=_shown(mine[:MOST_SHOWN], in_both, None),
    )


def _written(
    title: str,
    purpose: Purpose,
    organisation_id: int | None,
    near: Point | None,
    proposal: Proposal,
) -> Written:
    """Return the line that the board would propose for these words."""
    return Written(
        title=proposal.title or title,
        purpose=purpose,
        line_title=proposal.line_title or "",
        kind=proposal.kind or "",
        category=proposal.category or "",
        organisation_id=organisation_id,
        near=near,
    )


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


def _shown(ids: Sequence[int], reasons: Mapping[int, str], near: Point | None) -> Shown:
    found = cards.cards_for(list(ids), near=near, heading_level=3)
    return [(card, reasons[card.id]) for card in found]


def _shared_words(title: str, found: Sequence[Found]) -> dict[int, tuple[str, ...]]:
    """Return what of the sentence each post says itself; the names of its category are not said."""
    ids = list(dict.fromkeys(one.post_id for one in found))
    written = queries.words_written_in(ids)
    shared = {}
    for one in found:
        said = {_stem(w.folded) for text in written[one.post_id] for w in wording.words_of(text)}
        stems = said & {_stem(word.rstrip("*")) for word in one.matched}
        words = (w.text for w in wording.words_of(title) if _stem(w.folded) in stems)
        shared[one.post_id] = tuple(dict.fromkeys(words))[:MOST_WORDS]
    return shared


def _in_both(words: tuple[str, ...]) -> str:
    """Say which words of the sentence the other post has too, as the person wrote them."""
    return _("%(words)s dans les deux", words=drafts.quoted(words)) if words else ""


def _stem(folded: str) -> str:
    return wording.stem(folded, g.language)
