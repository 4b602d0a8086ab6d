"""A circuit breaker: a server that fails is left alone for a while, each time a little longer.

After Nygard, "Release It!" (2007): closed while all is well, open after a failure, and half open
when the pause is over: one question goes through, and its answer decides.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 30.0
log = logging.getLogger(__name__)


class Breaker:
    """Whether to ask a server; each worker has its own."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._pause_s = 0.0
        self._open_until = 0.0

    @property
    def is_closed(self) -> bool:
        """Whether the last question, if any, was answered well."""
        return self._pause_s == 0.0

    def lets_through(self) -> bool:
        """Whether a question may be asked now."""
        return self._clock() >= self._open_until

    def succeeded(self) -> None:
        """An answer came in time: the next questions go through."""
        if self._pause_s:
            log.warning("the search server answers again")
        self._pause_s = self._open_until = 0.0

    def failed(self, why: str) -> None:
        """No good answer: leave the server alone for a while."""
        self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2 or FIRST_PAUSE_S)
        self._open_until = self._clock() + self._pause_s
        log.warning("the search server is left alone for %.0f s: %s", self._pause_s, why)
