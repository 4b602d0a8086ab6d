"""What may stand between an author and the board; posts never knows which gates there are.

A gate is asked when a post goes up and when its words change. It writes down by itself why the
post waits, and whoever opens it calls `moderated.release`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from board.accounts.models import Person
from board.organisations.models import Organisation
from board.posts.models import Post

Gate = Callable[[Post, Person, bool], bool]
Warner = Callable[[Organisation, Person, str], str]

_gates: list[Gate] = []
_warners: list[Warner] = []


def register_gate(gate: Gate) -> Gate:
    """Ask `gate(post, by, goes_up)` whether a post waits; `goes_up`: it is being published."""
    if gate not in _gates:
        _gates.append(gate)
    return gate


def register_warner(warner: Warner) -> Warner:
    """Let `warner(organisation, by, text)` tell an author beforehand what will wait, and why."""
    if warner not in _warners:
        _warners.append(warner)
    return warner


def waits(post: Post, by: Person, *, goes_up: bool) -> bool:
    """Whether the post waits; every gate is asked, so that all the reasons are known."""
    asked = [gate(post, by, goes_up) for gate in _gates]
    return any(asked)


def warnings(organisation: Organisation, by: Person, texts: Iterable[str]) -> list[str]:
    """Return what an author should know before others read these texts."""
    text = "\n".join(texts)
    return [said for warner in _warners if (said := warner(organisation, by, text))]
