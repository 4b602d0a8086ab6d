"""What to propose while somebody types: public words and labels, nothing else."""

from __future__ import annotations

from sqlalchemy import exists, or_, select

from board.clock import now
from board.extensions import db
from board.folding import fold
from board.posts import visibility
from board.posts.models import Line, Post
from board.search import plan, vocabulary
from board.search.dialects import Dialect
from board.search.filters import LONGEST_Q
from board.search.plan import Tier
from board.search.text import STOP_WORDS, compose, query_words, spans
from board.taxonomy.models import Concept, ConceptLabel

MOST_LABELS = 4
MOST_TITLES = 3
SHORTEST = 2


def suggest(dialect: Dialect, prefix: str, *, language: str, limit: int) -> list[str]:
    """Return labels of concepts in use, words, then titles, that go on from what was typed."""
    typed = " ".join(prefix[:LONGEST_Q].split())
    words = query_words(typed)
    if not words or len("".join(words)) < SHORTEST:
        return []
    found = [
        *_labels(fold(typed), language),
        *_words(typed, limit),
        *_titles(dialect, plan.all_words(words)),
    ]
    unlike = {fold(each): each for each in reversed(found)}
    kept = dict.fromkeys(fold(each) for each in found)
    return [unlike[key] for key in kept if key != fold(typed)][:limit]


def _labels(folded: str, language: str) -> list[str]:
    """Labels of concepts that an open public post carries."""
    used = (
        exists()
        .where(Line.category_id == Concept.id, visibility.line_is_active())
        .where(Post.id == Line.post_id, visibility.public(now()))
        .correlate(Concept)
    )
    begins = or_(
        ConceptLabel.folded.startswith(folded, autoescape=True),
        ConceptLabel.folded.contains(" " + folded, autoescape=True),
    )
    statement = (
        select(ConceptLabel.text)
        .join(Concept, Concept.id == ConceptLabel.concept_id)
        .where(begins, ConceptLabel.language == language, Concept.retired_at.is_(None), used)
        .order_by(ConceptLabel.form.desc(), Concept.position, ConceptLabel.id)
        .limit(MOST_LABELS)
    )
    return list(db.session.scalars(statement))


def _words(typed: str, limit: int) -> list[str]:
    """The word under the fingers, finished; what stands before it is kept as it was typed."""
    composed = compose(typed)
    last = list(spans(composed))[-1:]
    if not last or last[0].forms[0] in STOP_WORDS or last[0].end != len(composed):
        return []
    before = composed[: last[0].start]
    found = vocabulary.beginning_with(last[0].forms[0], limit)
    return [before + each.shown for each in found]


def _titles(dialect: Dialect, tier: Tier) -> list[str]:
    statement = (
        select(Post.title)
        .join(dialect.table, dialect.post_id == Post.id)
        .where(dialect.in_titles(tier.match), visibility.public(now()))
        .order_by(Post.ranked_at.desc(), Post.id.desc())
        .limit(MOST_TITLES)
    )
    return list(db.session.scalars(statement))
