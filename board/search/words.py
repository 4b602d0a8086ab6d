"""Finding posts by words: tier after tier, from the index and from posts for members."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import ColumnElement, and_, select

from board import typos
from board.extensions import db
from board.posts import visibility
from board.posts.models import Post
from board.posts.rules import Audience, Reader
from board.search import plan, sources, synonyms, together, vocabulary
from board.search.dialects import STEPS, Ask, Dialect, by_level
from board.search.documents import COLUMNS, Document
from board.search.engine import Note
from board.search.plan import Numbers, Tier
from board.search.text import in_other_number, is_long_enough, query_words, stems
from board.search.vocabulary import Known, Vocabulary

ENOUGH = 10
RARE = 2
MOST_MEMBERS_POSTS = 500


@dataclass(slots=True)
class Found:
    """What words found: each post's tier and score, and how the words were taken."""

    posts: dict[int, tuple[int, float]] = field(default_factory=dict)
    tiers: dict[int, Tier] = field(default_factory=dict)
    note: Note | None = None
    did_you_mean: str | None = None
    ignored: tuple[str, ...] = ()
    keeps_order: bool = False

    def matched(self, post_id: int) -> tuple[str, ...]:
        """The words by which a post was found."""
        return self.tiers[self.posts[post_id][0]].forms

    def score(self, post_id: int) -> float:
        """A number in [0, 1]: the tier first, then how well within it."""
        tier, within = self.posts[post_id]
        return round((plan.FEWER - tier + within) / (plan.FEWER + 1), 4)


class Finder:
    """One search for words: what they may mean, and who matches."""

    def __init__(
        self,
        dialect: Dialect,
        kept: Vocabulary,
        *,
        reader: Reader,
        at: datetime,
        closed: bool,
        shown: Callable[[int], bool] | None = None,
    ) -> None:
        self.dialect = dialect
        self.kept = kept
        self.shown = shown
        self.reader, self.at, self.closed = reader, at, closed
        self.found = Found()
        self.members_posts = self._members_posts() if visibility.is_inside(reader) else []

    @cached_property
    def seen(self) -> ColumnElement[bool]:
        """What lists show this reader."""
        listed = visibility.listed(self.reader, self.at)
        if not self.closed:
            return listed
        return listed | visibility.listed_closed(self.reader, self.at)

    def find(self, q: str) -> Found:
        """Take the words ever more widely until enough posts are found."""
        words = query_words(q)
        if not words:
            return self.found
        known, wide = self._family(words)
        self._strictly(words, _numbers(words, known), wide)
        if len(self.found.posts) < ENOUGH:
            wide = self._typos(words, wide, known)
        if not self.found.posts:
            self._drop(words, wide)
        return self.found

    def _strictly(self, words: Sequence[str], numbers: Numbers, wide: Tier) -> None:
        """Take the words without typing errors, all the ways at once."""
        strict = [plan.close(words, numbers), plan.begun(words)]
        if len(words) > 1:
            strict.append(plan.all_words(words, numbers))
        strict.append(wide)
        self._take(
            [t for i, t in enumerate(strict) if t.match not in [s.match for s in strict[:i]]]
        )

    def widest(self, words: Sequence[str]) -> Tier:
        """Return the tier of all that the words may mean."""
        known, wide = self._family(words)
        doubtful = [w for w in self._doubtful(words, known) if not _siblings(w, known)]
        every = self.kept.words() if doubtful else []
        meant = {word: self._closest(word, every, last=word == words[-1]) for word in doubtful}
        return plan.typos(plan.TWO_TYPOS, words, wide, meant)

    def _family(self, words: Sequence[str]) -> tuple[dict[str, Known], Tier]:
        """Return the known words around the words, and the tier that takes them all."""
        also = [
            *plan.joins(words),
            *(form for word in words for form in in_other_number(word)),
            *(part for w in words for pair in plan.parts(w) for part in pair),
        ]
        known = vocabulary.family(words, also) | self._members_words()
        same = synonyms.known()
        siblings = {word: [*_siblings(word, known), *same.get(word, ())] for word in words}
        return known, plan.stems(words, siblings, known)

    def _doubtful(self, words: Sequence[str], known: dict[str, Known]) -> list[str]:
        """Return the words that are unknown, or as rare as typing errors are."""
        return [
            word
            for i, word in enumerate(words)
            if typos.allowed(word) and not self._is_sure(word, known, last=i == len(words) - 1)
        ]

    def _take(self, tiers: Sequence[Tier], asked: Sequence[Ask] = ()) -> None:
        """Ask for several tiers in one statement; the strictest that takes a post keeps it."""
        asked = asked or by_level(tiers)
        rows = self._public(asked)
        rows += [
            (ask.place, document.post_id)
            for ask in asked
            for document in self.members_posts
            if plan.fits(ask.match, [document.columns()[name] for name in ask.columns])
        ]
        self.found.tiers |= {tier.number: tier for tier in tiers}
        for place, post_id in sorted(rows):
            number, step = divmod(place, STEPS)
            self.found.posts.setdefault(post_id, (number, 1.0 - step / STEPS))

    def _public(self, asked: Sequence[Ask]) -> list[tuple[int, int]]:
        """Return (place, post) of the public posts that are taken and that lists show.

        Where the posts are in memory (`shown`), the database need not be asked which they are.
        """
        if self.shown is not None:
            taken = self.dialect.places(db.session.connection(), asked)
            return [(place, post_id) for post_id, place in taken.items() if self.shown(post_id)]
        rows = self.dialect.rows(asked)
        public = and_(self.seen, Post.audience == Audience.PUBLIC)
        among = select(rows).join(Post, and_(Post.id == rows.c.post_id, public))
        return [(row[0], row[1]) for row in db.session.execute(among)]

    def _typos(self, words: Sequence[str], wide: Tier, known: dict[str, Known]) -> Tier:
        """Try close spellings of words that are unknown, or as rare as typos are."""
        every: Sequence[str] = self.kept.words()
        if self.members_posts:
            every = sorted({*every, *self._members_words()})
        doubtful = self._doubtful(words, known)
        strict = bool(self.found.posts)
        for number in (plan.ONE_TYPO, plan.TWO_TYPOS):
            most = number - plan.STEMS
            able = [word for word in doubtful if typos.allowed(word) >= most]
            if not able:
                break
            meant = {word: self._close(word, every, most, last=word == words[-1]) for word in able}
            if any(meant.values()):
                wide = plan.typos(number, words, wide, meant)
                self._take([wide])
            if self.found.posts:
                if not strict:
                    self._say_typos(words, meant)
                break
        return wide

    def _is_sure(self, word: str, known: dict[str, Known], *, last: bool) -> bool:
        if word in known:
            return known[word].documents > RARE
        return last and self.kept.has_beginning(word)

    def _closest(self, word: str, every: Sequence[str], *, last: bool) -> list[str]:
        """Return the words one typing error away, else those that are two away."""
        one = self._close(word, every, 1, last=last)
        return one or self._close(word, every, typos.allowed(word), last=last)

    @staticmethod
    def _close(word: str, every: Sequence[str], most: int, *, last: bool) -> list[str]:
        whole = typos.close(word, every, most)
        begun = typos.close_beginnings(word, every, most) if last else []
        own = dict.fromkeys([*whole, *begun])
        others = (form for each in own for form in in_other_number(each))
        return list(own | dict.fromkeys(form for form in others if typos.holds(every, form)))

    def _say_typos(self, words: Sequence[str], meant: dict[str, list[str]]) -> None:
        """Note that words were read as others, and propose those that posts have together."""
        self.found.note = Note.TYPOS
        read = together.likeliest(words, meant, self._best_texts())
        others = vocabulary.look_up(set(read)) | self._members_words()
        shown = (others[word].shown if word in others else word for word in read)
        self.found.did_you_mean = " ".join(shown)

    def _best_texts(self) -> list[together.Columns]:
        """Return the words of the first posts that were found, column by column."""
        best = sorted(
            self.found.posts, key=lambda i: (self.found.posts[i][0], -self.found.posts[i][1], -i)
        )
        ids = set(best[: together.LOOKED_AT])
        rows = self.dialect.old(db.session.connection(), ids)
        texts = [
            dict(zip(COLUMNS, (str(part).split() for part in row[1:]), strict=True)) for row in rows
        ]
        return texts + [each.columns() for each in self.members_posts if each.post_id in ids]

    def _drop(self, words: Sequence[str], wide: Tier) -> None:
        for count in range(len(words) - 1, 0, -1):
            self._take([plan.fewer(wide, count)])
            if self.found.posts:
                self.found.note = Note.FEWER_WORDS
                self.found.ignored = tuple(words[count:])
                return

    def _members_posts(self) -> list[Document]:
        """Posts for members are in no index: they are few, and read for those who may see them."""
        ids = (
            select(Post.id)
            .where(self.seen, Post.audience == Audience.MEMBERS)
            .order_by(Post.ranked_at.desc(), Post.id.desc())
            .limit(MOST_MEMBERS_POSTS)
        )
        return sources.documents(Post.id.in_(list(db.session.scalars(ids))))

    def _members_words(self) -> dict[str, Known]:
        return {
            word: Known(word, document.shown.get(word, word), "", "", "", 0, 0)
            for document in self.members_posts
            for word in document.words()
        }


def _siblings(word: str, known: dict[str, Known]) -> list[str]:
    """Words with the same stem in the same language."""
    own = stems(word)
    return [
        other.word
        for other in known.values()
        if other.word != word
        and any(
            a == b and is_long_enough(a, word, other.word)
            for a, b in zip(own, other[2:5], strict=True)
        )
    ]


def _numbers(words: Sequence[str], known: Collection[str]) -> dict[str, list[str]]:
    """Return the known plurals of words, or their singulars."""
    return {word: [form for form in in_other_number(word) if form in known] for word in words}
