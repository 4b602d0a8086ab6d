"""Posts that say much the same as a title: the weight of each shared word times its rarity."""

from __future__ import annotations

from collections.abc import Collection
from math import log
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from board.clock import now
from board.extensions import db
from board.posts import visibility
from board.posts.models import Post
from board.posts.rules import Purpose
from board.search import vocabulary
from board.search.dialects import Dialect
from board.search.engine import Similar
from board.search.plan import Match, Term
from board.search.text import PURPOSE_WORDS, stems, words

MOST_TERMS = 12
# Beside rarer words, one that thousands of posts hold tells no candidate from another.
ALWAYS_ASKED = 2
MOST_CANDIDATES = 100
LEAST_SHARE = 0.15
# A word that stands alone for a sentence says little when many posts hold it.
RARE_SHARE, RARE_POSTS = 0.04, 3
LONE_SHARE = 0.5
WEIGHTS = {"title": 1.0, "tags": 0.7, "body": 0.2}


def find(
    dialect: Dialect,
    title: str,
    *,
    purpose: Purpose,
    exclude_organisation: int | None,
    only_organisation: int | None,
    limit: int,
    of_posts: int,
) -> list[Similar]:
    """Return open public posts of a purpose, those that share the rarest words first."""
    typed = tuple(w for w in dict.fromkeys(words(title)) if w not in PURPOSE_WORDS and len(w) > 1)
    which = and_(visibility.public(now()), Post.purpose == purpose)
    if exclude_organisation is not None:
        which = and_(which, Post.organisation_id != exclude_organisation)
    if only_organisation is not None:
        which = and_(which, Post.organisation_id == only_organisation)
    terms = _best_terms(typed, max(of_posts, 1))
    return _rank(_rows(dialect, terms, which), terms, limit)


def closest(
    dialect: Dialect,
    typed: tuple[str, ...],
    which: ColumnElement[bool],
    *,
    of_posts: int,
    limit: int,
) -> list[int]:
    """Return the posts among `which` that share the rarest words, however few."""
    every = _best_terms(typed, max(of_posts, 1))
    terms = [term for place, term in enumerate(every) if term.rare or place < ALWAYS_ASKED]
    weighed = [(-_weigh(row, terms), int(str(row[0]))) for row in _rows(dialect, terms, which)]
    return [post_id for _weight, post_id in sorted(weighed)[:limit]]


def _rows(dialect: Dialect, terms: list[Typed], which: ColumnElement[bool]) -> list[Any]:
    """The posts that hold any of the words."""
    asked: Match = tuple((((Term(form),),),) for term in terms for form in term.forms)
    if not asked:
        return []
    best = (
        select(Post.id)
        .join(dialect.table, Post.id == dialect.post_id)
        .where(dialect.matches(asked), which)
        .order_by(dialect.score(asked).desc(), Post.ranked_at.desc(), Post.id.desc())
        .limit(MOST_CANDIDATES)
    )
    # Ids first: sorting would carry the words of every post that holds any of them.
    ids = list(db.session.scalars(best))
    rows = {int(str(row[0])): row for row in db.session.execute(
        select(dialect.table).where(dialect.post_id.in_(ids)))}  # fmt: skip
    return [rows[post_id] for post_id in ids if post_id in rows]


def count_posts(dialect: Dialect) -> int:
    """Return how many posts the index holds: rarity is told against it."""
    return db.session.scalar(select(func.count()).select_from(dialect.table)) or 0


class Typed(NamedTuple):
    """A typed word: the known words of its family, how much it says, whether few posts hold it."""

    forms: tuple[str, ...]
    idf: float
    rare: bool


def _best_terms(typed: tuple[str, ...], of_posts: int) -> list[Typed]:
    """Each typed word with the known words of its family, the rarest first."""
    terms: list[Typed] = []
    known = vocabulary.family(typed) if typed else {}
    for word in typed:
        own = stems(word)
        family = [
            other
            for other in known.values()
            if other.word == word or any(a == b for a, b in zip(own, other[2:5], strict=True))
        ]
        if family:
            held = max(other.documents for other in family)
            idf = log(1 + (of_posts + 1) / (held + 1))
            rare = held <= max(RARE_POSTS, RARE_SHARE * of_posts)
            terms.append(Typed(tuple(other.word for other in family), idf, rare))
    return sorted(terms, key=lambda term: -term.idf)[:MOST_TERMS]


def _weigh(row: Any, terms: list[Typed]) -> float:
    held = _held(row)
    return sum(_weight(term, held) * term.idf for term in terms)


def _held(row: Any) -> dict[str, set[str]]:
    _post_id, title, tags, _organisation, body, _place = row
    columns = {"title": title, "tags": tags, "body": body}
    return {name: set(str(text).split()) for name, text in columns.items()}


def _weight(term: Typed, held: dict[str, set[str]]) -> float:
    return max((WEIGHTS[n] for n, has in held.items() if has & set(term.forms)), default=0.0)


def _rank(rows: Collection[Any], terms: list[Typed], limit: int) -> list[Similar]:
    most = sum(term.idf for term in terms) or 1.0
    scored = [_scored(row, terms, most) for row in rows]
    found = [each for each in scored if each is not None]
    return sorted(found, key=lambda each: -each.score)[:limit]


def _scored(row: Any, terms: list[Typed], most: float) -> Similar | None:
    """Weigh one post; None when it shares too little, or one word that many others hold too."""
    held = _held(row)
    score, matched, shared = 0.0, list[str](), list[Typed]()
    for term in terms:
        weight = _weight(term, held)
        score += weight * term.idf
        if weight > WEIGHTS["body"]:
            shared.append(term)
            matched += [f for f in term.forms if f in held["title"] | held["tags"]]
    share = score / most
    lone = len(shared) == 1 and not shared[0].rare
    if not matched or share < (LONE_SHARE if lone else LEAST_SHARE):
        return None
    return Similar(int(str(row[0])), round(share, 4), tuple(matched), len(shared))
