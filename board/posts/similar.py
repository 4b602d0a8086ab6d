"""Posts that say much the same: whoever finds registers here, posts never knows who does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

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


_finders: list[Finder] = []


def finder_is(finder: Finder) -> None:
    """Let `finder` find similar posts from now on."""
    _finders[:] = [finder]


def opposite(title: str, purpose: Purpose, organisation_id: int | None) -> Sequence[Found]:
    """Return offers for a need and needs for an offer, of other organisations."""
    if not _finders or not title.strip():
        return []
    return _finders[0](
        title, purpose=purpose.opposite, exclude_organisation=organisation_id, limit=CONSIDERED
    )


def mine(title: str, purpose: Purpose, organisation_id: int | None) -> Sequence[Found]:
    """Return what the same organisation already announces in much the same words."""
    if not _finders or organisation_id is None or not title.strip():
        return []
    return _finders[0](title, purpose=purpose, only_organisation=organisation_id, limit=CONSIDERED)
