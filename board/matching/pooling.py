"""Several organisations need the same thing: how much together, and how far offers reach; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHARED_FROM = 3


@dataclass(frozen=True, slots=True)
class Pool:
    """What some organisations need together; `unsaid` of them did not say how much."""

    organisations: int
    total: int
    unsaid: int

    @property
    def is_shared(self) -> bool:
        """Whether enough organisations need it for it to be a shared need."""
        return is_shared(self.organisations)


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a pool an offer brings, after the offers before it."""

    brings: int
    so_far: int


def is_shared(organisations: int) -> bool:
    """Whether so many organisations make a need a shared one."""
    return organisations >= SHARED_FROM


def pool(quantities: Sequence[int | None]) -> Pool:
    """Return what organisations need together, each by its own word."""
    said = [quantity for quantity in quantities if quantity is not None]
    return Pool(len(quantities), sum(said), len(quantities) - len(said))


def cover(total: int, left: Iterable[int | None]) -> list[Covered | None]:
    """Return what each offer brings, best first, until all is there; None where nobody knows."""
    out: list[Covered | None] = []
    so_far = 0
    for quantity in left:
        if quantity is None or total == 0:
            out.append(None)
            continue
        brings = min(quantity, total - so_far)
        so_far += brings
        out.append(Covered(brings, so_far))
    return out
