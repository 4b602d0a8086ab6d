"""What else « Jumelages » has for a person: circles, shared needs, and what the reserve is asked.

Each is what a page would show them now: their own two links of a circle, who joined a need as its
page names them, « offrir ceci à X ? » as the reserve asks it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import NamedTuple

from board import mail
from board.accounts.models import Person
from board.alerts import fitting, rules
from board.alerts.fitting import Fitting, Found
from board.clock import now
from board.matching import circles, told
from board.matching import queries as matching
from board.matching.circles import Seen
from board.matching.told import Joined
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.posts import cards, readers
from board.posts.rules import Page, page
from board.private import queries as private


class Ring(NamedTuple):
    """A circle: what one would get, what one would give."""

    key: str
    size: int
    gets: Fitting
    gives: Fitting
    url: str


class Need(NamedTuple):
    """A need: who joined it (told to its author), by how many it is now shared (0: no news)."""

    keys: Sequence[str]
    title: str
    organisation: str
    names: Sequence[str]
    shared_by: int
    url: str


class Question(NamedTuple):
    """« Offer this to X? »"""

    key: str
    what: str
    need: Fitting
    url: str


class Proposed(NamedTuple):
    """What one mail tells beside pairs, and how much waits for the next."""

    rings: Sequence[Ring] = ()
    needs: Sequence[Need] = ()
    questions: Sequence[Question] = ()
    more: int = 0

    @property
    def total(self) -> int:
        """How many things are told."""
        return len(self.rings) + len(self.needs) + len(self.questions)

    @property
    def keys(self) -> list[str]:
        """The names of all that is told."""
        of_needs = [key for one in self.needs for key in one.keys]
        return [one.key for one in self.rings] + [one.key for one in self.questions] + of_needs


def look(person: Person, known: Collection[str]) -> Proposed:
    """Return what a person was not told yet, in the language that is spoken."""
    acts_for = [one for one, _role in organisations.organisations_of(person)]
    reader, ids = readers.reader_of(person), {one.id for one in acts_for}
    rings: list[Ring] = []
    needs: list[Need] = []
    questions: list[Question] = []
    for organisation in acts_for:
        rings += _rings(organisation, known, person.language)
        joined = told.joined_since(organisation, now() - rules.JOINED_WITHIN)
        seen = [one for one in joined if one.is_own or page(one.post, reader) is Page.SHOWN]
        found = [_need(one, organisation, ids, known, person.language) for one in seen]
        needs += [one for one in found if one is not None]
        questions += _questions(organisation, known, person.language)
    told_now = Proposed(rings[: rules.MOST_CIRCLES_TOLD], needs[: rules.MOST_NEEDS_TOLD],
                        questions[: rules.MOST_QUESTIONS_TOLD])  # fmt: skip
    every = len(rings) + len(needs) + len(questions)
    return told_now._replace(more=every - told_now.total)


def _rings(organisation: Organisation, known: Collection[str], language: str) -> list[Ring]:
    seen = {_ring_key(organisation, one): one for one in circles.circles_of(organisation)}
    new = {key: one for key, one in seen.items() if key not in known}
    if not new:
        return []
    pairs = [pair for one in new.values() for pair in (one.gets, one.gives)]
    of_post = matching.posts_of_lines(
        {line for pair in pairs for line in (pair.need_line_id, pair.offer_line_id)}
    )
    halves = []
    for key, one in new.items():
        for name, pair in (("gets", one.gets), ("gives", one.gives)):
            need, offer = of_post[pair.need_line_id], of_post[pair.offer_line_id]
            theirs, ours = (offer, need) if name == "gets" else (need, offer)
            halves.append(Found(key + name, pair.score, theirs, ours, pair.parts, pair.reasons))
    said = fitting.in_words(halves, language)
    url = mail.link("matching.index", language=language, slug=organisation.slug) + "#circles"
    return [
        Ring(key, one.size, said[key + "gets"], said[key + "gives"], url)
        for key, one in new.items()
        if key + "gets" in said and key + "gives" in said
    ]


def _ring_key(organisation: Organisation, circle: Seen) -> str:
    """Name a circle by its lines: the night that finds it again tells nothing twice."""
    return f"circle:{organisation.id}:{sha256(circle.lines.encode()).hexdigest()[:32]}"


def _need(
    one: Joined, organisation: Organisation, acts_for: set[int], known: Collection[str],
    language: str,
) -> Need | None:  # fmt: skip
    """Say to its author who joined, and to all who need it that it became a shared need."""
    since, post = now() - rules.JOINED_WITHIN, one.post
    joins = {
        f"joined:{post.id}:{join.organisation_id}": join.organisation.name
        for join in one.joins
        if one.is_own and join.created_at > since and join.organisation_id not in acts_for
    }
    names = {key: name for key, name in joins.items() if key not in known}
    shared = f"shared:{post.id}:{organisation.id}"
    is_news = one.is_shared and shared not in known
    if not names and not is_news:
        return None
    address = "matching.shared_need" if one.is_shared else "post.page"
    return Need(
        keys=[*names, *([shared] if is_news else [])],
        title=cards.masked(post.title),
        organisation="" if one.is_own else post.organisation.name,
        names=list(names.values()),
        shared_by=one.organisations if is_news else 0,
        url=mail.link(address, language=language, post_id=post.uuid),
    )


def _questions(organisation: Organisation, known: Collection[str], language: str) -> list[Question]:
    """Ask as the reserve does; « not now » that is over is asked again."""
    lines = {line.id: line for line in private.sleeping_of(organisation.id)}
    if not lines:
        return []
    again = private.lapsed(list(lines))
    new: dict[str, tuple[int, int, Found]] = {}
    asked = private.for_organisation(organisation, list(lines.values()))
    best: dict[tuple[int, int], private.Suggestion] = {}
    for one in asked:
        if not one.is_beyond:
            best.setdefault((one.private_id, one.post_id), one)
    for one in best.values():
        until = again.get((one.private_id, one.need_line_id))
        key = f"ask:{one.private_id}:{one.post_id}" + (f":{until:%Y%m%d%H%M}" if until else "")
        found = Found(key, one.score, one.post_id, None, one.parts, one.reasons)
        new[key] = one.private_id, one.need_line_id, found
    some = [one for key, one in new.items() if key not in known]
    said = fitting.in_words([found for _line, _need, found in some[: rules.MOST_IN_MAIL]], language)
    uuids = matching.line_uuids({need_id for _line, need_id, _found in some})
    url = mail.link("private.reserve", language=language, slug=organisation.slug)
    return [
        Question(found.key, lines[line_id].title, said[found.key],
                 f"{url}#question-{lines[line_id].uuid}-{uuids[need_id]}")
        for line_id, need_id, found in some
        if found.key in said
    ]  # fmt: skip
