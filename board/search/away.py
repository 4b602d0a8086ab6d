"""The search server is away: known to all, while its client is loaded where it is spoken to."""

from __future__ import annotations

AT_ONCE = 1_000
ANOTHER_SHAPE = "an answer of another shape"
# What reading an answer raises that is not of the shape that the server's answers have.
SHAPES = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
REFUSED = ("invalid_api_key", "missing_authorization", "401", "403")


class Away(Exception):
    """The search server did not answer as it should; the message says how, and holds no key."""


def refuses_key(problem: str | None) -> bool:
    """Whether the server answers, but not to the key that it was shown."""
    return problem is not None and any(sign in problem.split() for sign in REFUSED)
