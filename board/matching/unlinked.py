"""Words that many public titles hold and that no concept is called by: for moderators to link.

Only what everybody may read is counted: no draft, no post for members, no private line, no search.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from board import debts
from board.extensions import db
from board.folding import fold
from board.matching import knowledge, owed
from board.matching.knowledge import Knowledge
from board.matching.models import WordSetAside
from board.matching.scores import SUGGESTED_FROM
from board.matching.text import MEASURES, SOMEBODY
from board.posts import visibility
from board.posts.models import Line, Post
from board.posts.rules import Audience
from board.search.documents import without_contacts
from board.search.text import PURPOSE_WORDS, STOP_WORDS, compose, spans
from board.taxonomy import queries as concepts
from board.taxonomy import services as taxonomy
from board.taxonomy.models import Concept
from board.taxonomy.rules import LONGEST_LABEL, Scheme, Term

MOST_TITLES = 6_000
MOST_ASKED = 800
SHORTEST = 3
FREQUENT = 2
MOST_OWED = 2_000
# Words of any announcement: how, for whom, in which state; no concept is missing for them.
OF_ANY_THING = STOP_WORDS | PURPOSE_WORDS | MEASURES | SOMEBODY | frozenset(
    (  # noqa: SIM905
        "meme autre autres tout toute tous toutes chaque plusieurs quelques moins plus tres bien "
        "sans avant apres pendant entre chez usage usages usagee usagees neuf neuve neufs neuves "
        "grand grande grands grandes petit petite petits petites bon bonne vieux vieille nouveau "
        "nouvelle libre libres gratuit gratuite complet complete propre propres partage partages "
        "adulte adultes enfant enfants jeune jeunes aine aines ainee ainees famille familles "
        "organisme organismes membre membres fin debut prestation seance seances heures fois "
        "prets donnes partager emprunter emprunte louer chercher trouver venir faire avoir aller "
        "besoin besoins other all every some more less very without before after used new big "
        "small good old free full clean shared kids children adults youth seniors family families "
        "members group groups lend lending borrow give share rent find get make want come "
        "otro otra todo toda todos todas cada mas menos muy sin antes despues usado usada nuevo "
        "nueva grande pequeno libre gratis limpio adultos ninos jovenes mayores familia familias "
        "grupo grupos miembros prestar dar compartir alquilar encontrar hacer"
    ).split()
)  # fmt: skip
Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A word or two, in how many posts, one of them, and the concept that it is likely about."""

    text: str
    language: str
    posts: int
    example: UUID
    likely: str


@dataclass(slots=True)
class _Counted:
    written: Counter[str] = field(default_factory=Counter)
    posts: dict[UUID, int | None] = field(default_factory=dict)

    @property
    def category_id(self) -> int | None:
        """The category that most of its posts have, those of none left out."""
        found = Counter(one for one in self.posts.values() if one is not None)
        return min(found, key=lambda one: (-found[one], one)) if found else None

    @property
    def likely_id(self) -> int | None:
        """The category that it likely names: several posts say so, and most of all."""
        held = sum(one == self.category_id for one in self.posts.values())
        return self.category_id if held >= FREQUENT and 2 * held > len(self.posts) else None

    @property
    def names_a_thing(self) -> bool:
        """« deux » and « samedi » stand in posts about anything, a thing's name in its own."""
        held = sum(one in {None, self.category_id} for one in self.posts.values())
        return 2 * held > len(self.posts)


def find(limit: int) -> list[Unlinked]:
    """Return the most frequent words and phrases of public titles that lead to no concept."""
    known, counted = knowledge.current(), _count()
    aside = set(set_aside())
    ordered = sorted(counted.items(), key=lambda one: (-len(one[1].posts), -len(one[0][1]), one[0]))
    out: list[Unlinked] = []
    told: dict[Key, int] = {}
    for (language, stems), one in ordered[:MOST_ASKED]:
        text = one.written.most_common(1)[0][0]
        if len(one.posts) < FREQUENT or len(out) == limit:
            break
        if fold(text) in aside or told.get((language, stems)) == len(one.posts):
            continue
        if one.names_a_thing and _likeness(text, language, known) < SUGGESTED_FROM:
            term = known.catalogue.by_id.get(one.likely_id or 0)
            example, likely = next(iter(one.posts)), term.key if term is not None else ""
            out.append(Unlinked(text, language, len(one.posts), example, likely))
            # « machine » adds nothing to « machine à coudre » when it stands nowhere else.
            told |= {(language, (stem,)): len(one.posts) for stem in stems if len(stems) > 1}
    return out


def set_aside() -> list[str]:
    """Return the words that moderators do not want to see, in order."""
    rows = select(WordSetAside.folded).order_by(WordSetAside.folded).limit(MOST_TITLES)
    return list(db.session.scalars(rows))


def put_aside(*, text: str) -> None:
    """Show a word no more: no concept is missing."""
    folded = fold(text)[:LONGEST_LABEL]
    if folded and folded not in set_aside():
        db.session.add(WordSetAside(folded=folded))
        db.session.flush()


def bring_back(*, folded: str) -> None:
    """Show a word again."""
    db.session.execute(delete(WordSetAside).where(WordSetAside.folded == folded))


def link(
    *, concept: Concept, language: str, text: str, shown: bool, post_ids: Iterable[int]
) -> None:
    """Call a concept by one more word; the posts that hold the word are matched again."""
    taxonomy.add_label(concept=concept, language=language, text=text, preferred=shown)
    debts.owe(db.session(), owed.CONSUMER, owed.CHANGED, post_ids)


def called(text: str, language: str, *, kind: str | None) -> Term | None:
    """Return the concept of a kind that is called exactly so."""
    folded = fold(" ".join(text.split()))
    for term in concepts.catalogue(language).scheme(Scheme.CATEGORY):
        names = {fold(label.text) for label in term.labels if label.language == language}
        if term.kind == kind and folded in names:
            return term
    return None


def posts_holding(text: str, language: str) -> list[int]:
    """Return the posts with a line of no category whose title holds every word of a text."""
    wanted = set(_stems(text, language))
    rows = (
        select(Line.post_id, Line.title)
        .join(Post, Post.id == Line.post_id)
        .where(visibility.published(), Post.language == language)
        .where(Line.removed_at.is_(None), Line.category_id.is_(None))
        .order_by(Line.post_id.desc(), Line.id)
    )
    found: dict[int, None] = {}
    for post_id, title in db.session.execute(rows.execution_options(yield_per=MOST_OWED)):
        if wanted and wanted <= set(_stems(title, language)):
            found[post_id] = None
        if len(found) == MOST_OWED:
            break
    return list(found)


def _count() -> dict[Key, _Counted]:
    counted: defaultdict[Key, _Counted] = defaultdict(_Counted)
    for row in _titles():
        for title in dict.fromkeys((row.title, row.line)):
            for stems, written in _phrases(without_contacts(title), row.language):
                one = counted[row.language, stems]
                one.written[written] += 1
                one.posts.setdefault(row.uuid, row.category_id)
    return counted


def _titles() -> Iterable[Any]:
    """The lines of the newest public posts, each with its post's title."""
    rows = (
        select(Post.uuid, Post.language, Post.title, Line.title.label("line"), Line.category_id)
        .join(Line, Line.post_id == Post.id)
        .where(visibility.published(), Post.audience == Audience.PUBLIC, Line.removed_at.is_(None))
        .order_by(Post.id.desc(), Line.position, Line.id)
        .limit(MOST_TITLES)
    )
    return db.session.execute(rows)


def _phrases(title: str, language: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Give each word of a title, and each two that follow each other, as they are written."""
    whole = compose(title)
    said = [span for span in spans(whole) if _says_something(span.forms)]
    for one in said:
        yield _stems(whole[one.start : one.end], language), whole[one.start : one.end].lower()
    for one, other in pairwise(said):
        between = whole[one.end : other.start]
        if not any(mark in between for mark in ",;:.!?()«»"):
            written = whole[one.start : other.end]
            yield _stems(written, language), written.lower()


def _says_something(forms: Iterable[str]) -> bool:
    return any(
        len(form) >= SHORTEST and form not in OF_ANY_THING and not form.isdigit() for form in forms
    )


def _stems(text: str, language: str) -> tuple[str, ...]:
    corpus = knowledge.current().reader.corpora[language]
    forms = [span.forms[0] for span in spans(compose(text)) if _says_something(span.forms)]
    return tuple(corpus.stem(form) for form in forms)


def _likeness(text: str, language: str, known: Knowledge) -> float:
    """Return how surely a phrase, or a word of it, leads to some concept."""
    parts = {text, *text.split()}
    return max(known.linker.nearest(part, language) for part in parts)
