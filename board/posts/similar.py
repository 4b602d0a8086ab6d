"""Posts that answer or repeat what is written: whoever finds them registers here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from markupsafe import Markup

from board.posts.rules import Purpose

CONSIDERED = 12


class Found(Protocol):
    """A post that was found, its words that match, and how much of what was typed they are."""

    @property
    def post_id(self) -> int: ...
    @property
    def matched(self) -> tuple[str, ...]: ...
    @property
    def score(self) -> float: ...
    @property
    def shared(self) -> int: ...


class Finder(Protocol):
    """Return open public posts of that purpose which say much the same as `title`."""

    def __call__(
        self,
        title: str,
        *,
        purpose: Purpose,
        exclude_organisation: int | None = None,
        only_organisation: int | None = None,
        limit: int = 3,
    ) -> Sequence[Found]: ...


@dataclass(frozen=True, slots=True)
class Written:
    """A post while it is written, as far as its words say: no row yet."""

    title: str
    purpose: Purpose
    line_title: str = ""
    kind: str = ""
    category: str = ""
    organisation_id: int | None = None
    near: tuple[float, float] | None = None


class Opposite(Protocol):
    """A post of the other purpose that fits, why, and whether it shares words or only is akin."""

    @property
    def post_id(self) -> int: ...
    @property
    def reason(self) -> Markup: ...
    @property
    def shares_words(self) -> bool: ...


class Matcher(Protocol):
    """Return the posts that would be matched with what is written, best first."""

    def __call__(self, written: Written, limit: int) -> Sequence[Opposite]: ...


_finders: list[Finder] = []
_matchers: list[Matcher] = []


def finder_is(finder: Finder) -> None:
    """Let `finder` find similar posts from now on."""
    _finders[:] = [finder]


def matcher_is(matcher: Matcher) -> None:
    """Let `matcher` find the opposite posts from now on."""
    _matchers[:] = [matcher]


def opposite(written: Written) -> Sequence[Opposite]:
    """Return offers for a need and needs for an offer, of other organisations."""
    if not _matchers or not written.title.strip():
        return []
    return _matchers[0](written, CONSIDERED)


def alike(title: str, purpose: Purpose, *, but: int) -> list[int]:
    """Return open public posts that say much the same, of other organisations than `but`."""
    if not _finders or not title.strip():
        return []
    found = _finders[0](title, purpose=purpose, exclude_organisation=but, limit=CONSIDERED)
    return [one.post_id for one in found]


def mine(title: str, purpose: Purpose, organisation_id: int | None) -> Sequence[Found]:
    """Return what the same organisation already announces in much the same words."""
    if not _finders or organisation_id is None or not title.strip():
        return []
    return _finders[0](title, purpose=purpose, only_organisation=organisation_id, limit=CONSIDERED)
