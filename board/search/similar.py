"""Posts that say much the same as a title: the weight of each shared word times its rarity."""

from __future__ import annotations

from collections.abc import Collection
from math import log

from sqlalchemy import func, select

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
from board.search.vocabulary import Known

MOST_TERMS = 12
MOST_CANDIDATES = 100
LEAST_SHARE = 0.15
WEIGHTS = {"title": 1.0, "tags": 0.7, "body": 0.2}


def find(
    dialect: Dialect,
    title: str,
    *,
    purpose: Purpose,
    exclude_organisation: int | None,
    only_organisation: int | None,
    limit: int,
) -> list[Similar]:
    """Return open public posts of a purpose, those that share the rarest words first."""
    typed = [w for w in dict.fromkeys(words(title)) if w not in PURPOSE_WORDS and len(w) > 1]
    if not typed:
        return []
    known = vocabulary.family(typed)
    of_posts = max(db.session.scalar(select(func.count()).select_from(dialect.table)) or 0, 1)
    terms = _best_terms(typed, known, of_posts)
    asked: Match = tuple((((Term(form),),),) for forms, _idf in terms for form in forms)
    if not asked:
        return []
    statement = (
        select(dialect.table)
        .join(Post, Post.id == dialect.post_id)
        .where(dialect.matches(asked), visibility.public(now()), Post.purpose == purpose)
        .order_by(dialect.score(asked).desc(), Post.ranked_at.desc(), Post.id.desc())
        .limit(MOST_CANDIDATES)
    )
    if exclude_organisation is not None:
        statement = statement.where(Post.organisation_id != exclude_organisation)
    if only_organisation is not None:
        statement = statement.where(Post.organisation_id == only_organisation)
    return _rank(list(db.session.execute(statement)), terms, limit)


Terms = list[tuple[tuple[str, ...], float]]


def _best_terms(typed: list[str], known: dict[str, Known], of_posts: int) -> Terms:
    """Each typed word with the known words of its family, the rarest first."""
    terms: Terms = []
    for word in typed:
        own = stems(word)
        forms = [
            other
            for other in known.values()
            if other.word == word or any(a == b for a, b in zip(own, other[2:5], strict=True))
        ]
        if not forms:
            continue
        held = max(other.documents for other in forms)
        idf = log(1 + (of_posts + 1) / (held + 1))
        terms.append((tuple(other.word for other in forms), idf))
    return sorted(terms, key=lambda term: -term[1])[:MOST_TERMS]


def _rank(rows: Collection[tuple[object, ...]], terms: Terms, limit: int) -> list[Similar]:
    most = sum(idf for _forms, idf in terms) or 1.0
    scored: list[Similar] = []
    for post_id, title, tags, _organisation, body, _place in rows:
        columns = {"title": title, "tags": tags, "body": body}
        held = {name: set(str(text).split()) for name, text in columns.items()}
        score, matched = 0.0, list[str]()
        for forms, idf in terms:
            weight = max((WEIGHTS[n] for n, has in held.items() if has & set(forms)), default=0.0)
            score += weight * idf
            if weight > WEIGHTS["body"]:
                matched += [f for f in forms if f in held["title"] | held["tags"]]
        if matched and score >= LEAST_SHARE * most:
            scored.append(Similar(int(str(post_id)), round(score / most, 4), tuple(matched)))
    return sorted(scored, key=lambda each: -each.score)[:limit]
