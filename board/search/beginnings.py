"""What goes on from the letters typed so far, by the database alone: ids, as engines give them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import or_, select

from board import typos
from board.clock import now
from board.extensions import db
from board.organisations import listing
from board.organisations.models import Organisation
from board.organisations.queries import is_listed
from board.posts import visibility
from board.posts.models import Post
from board.search import plan, text
from board.search.engine import Suggested
from board.search.filters import LONGEST_Q
from board.search.plan import Tier
from board.search.words import Finder
from board.taxonomy import queries as taxonomy
from board.taxonomy.rules import Form, Label, Scheme, Term

SHORTEST = 2
_BEFORE_A_WORD = (" ", "'", "-", "(", ".", "/")
Order = tuple[bool, bool, int, str]


def typed(prefix: str) -> list[str]:
    """Return the words that were typed; none while they are too short to go on from."""
    words = text.query_words(" ".join(prefix[:LONGEST_Q].split()))
    return words if len("".join(words)) >= SHORTEST else []


def find(finder: Finder, prefix: str, *, language: str, limit: int) -> Suggested:
    """Find titles, names and labels with words that begin so; typing errors when none do."""
    words = typed(prefix)
    if not words:
        return Suggested()
    return Suggested(
        posts=_posts(finder, words, limit),
        organisations=_organisations(words, limit),
        concepts=_concepts(words, language, limit),
    )


def _posts(finder: Finder, words: Sequence[str], limit: int) -> tuple[int, ...]:
    """Open public posts by their titles, the words nearest the beginning first, then the newest."""
    found = _titled(finder, plan.all_words(words), limit)
    if not found and any(map(typos.allowed, words)):
        found = _titled(finder, finder.widest(words), limit)
    return tuple(sorted(found, key=lambda post_id: _place(found[post_id], words)))


def _titled(finder: Finder, tier: Tier, limit: int) -> dict[int, str]:
    """Return (id, title) of the newest posts whose titles are taken so."""
    dialect = finder.dialect
    statement = (
        select(Post.id, Post.title)
        .join(dialect.table, dialect.post_id == Post.id)
        .where(dialect.in_titles(tier.match), visibility.public(now()))
        .order_by(Post.ranked_at.desc(), Post.id.desc())
        .limit(limit)
    )
    return {row.id: row.title for row in db.session.execute(statement)}


def _place(title: str, words: Sequence[str]) -> int:
    """Say how far from the beginning of a title the first of the words stands."""
    held = text.words(title)
    begun = (n for n, word in enumerate(held) if word.startswith(tuple(words)))
    return next(begun, len(held))


def _organisations(words: Sequence[str], limit: int) -> tuple[int, ...]:
    """Organisations of the directory, by name."""
    begins = [
        or_(
            Organisation.name_folded.startswith(word, autoescape=True),
            *(Organisation.name_folded.contains(c + word, autoescape=True) for c in _BEFORE_A_WORD),
        )
        for word in words
    ]
    statement = (
        select(Organisation.id)
        .where(is_listed(), *begins)
        .order_by(Organisation.name_folded, Organisation.id)
        .limit(limit)
    )
    found = tuple(db.session.scalars(statement))
    if found or not any(map(typos.allowed, words)):
        return found
    return listing.forgiving(listing.Asked(" ".join(words))).meant[:limit]


def _concepts(words: Sequence[str], language: str, limit: int) -> tuple[int, ...]:
    """Categories by their labels in any language, those of the reader's language first."""
    terms = taxonomy.catalogue(language).scheme(Scheme.CATEGORY)
    every = sorted({held for term in terms for label in term.labels for held in _words(label)})
    begun = [{other for other in every if other.startswith(word)} for word in words]
    found = _labelled(terms, begun, language)
    if not found and any(map(typos.allowed, words)):
        meant = [own | _meant(word, every) for word, own in zip(words, begun, strict=True)]
        found = _labelled(terms, meant, language)
    return tuple(concept_id for _order, concept_id in sorted(found))[:limit]


def _meant(word: str, every: Sequence[str]) -> set[str]:
    """Words of labels that this one may be a misspelling of, or of their beginning."""
    most = typos.allowed(word)
    if not most:
        return set()
    return {*typos.close(word, every, most), *typos.close_beginnings(word, every, most)}


def _labelled(
    terms: Iterable[Term], ways: Sequence[set[str]], language: str
) -> list[tuple[Order, int]]:
    found: list[tuple[Order, int]] = []
    for term in terms:
        orders = [_order(label, ways, language) for label in term.labels if _fits(label, ways)]
        if orders:
            found.append((min(orders), term.id))
    return found


def _fits(label: Label, ways: Sequence[set[str]]) -> bool:
    held = _words(label)
    return all(not way.isdisjoint(held) for way in ways)


def _order(label: Label, ways: Sequence[set[str]], language: str) -> Order:
    """The reader's language first, then names that are shown, then where the words stand."""
    held = _words(label)
    first = min(n for n, word in enumerate(held) if any(word in way for way in ways))
    other = label.form is not Form.PREFERRED
    return (label.language != language, other, first, " ".join(held))


@lru_cache(maxsize=16_384)
def _words(label: Label) -> tuple[str, ...]:
    return tuple(text.words(label.text))
