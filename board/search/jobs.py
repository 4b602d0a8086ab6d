"""What the worker does for the search server: pays what is owed, and looks whether it is fit."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING

from board import jobs
from board.search import differing, instep, server_key
from board.search.away import Away, refuses_key
from board.search.indexes import NOUNS

if TYPE_CHECKING:
    from board.search.meili import Admin

TRY_AGAIN_S = 10
log = logging.getLogger(__name__)
COMPARED_EVERY_S = 3_600.0
KEY_REFUSED = (
    "BABILLARD_MEILISEARCH_KEY of this worker is refused: start it again with a key that is valid"
)
_compared = {"at": -COMPARED_EVERY_S}
_changed_at: dict[str, str] = {}


@jobs.job(minutes=1, after=tuple(NOUNS.values()))
def pay_search_server() -> None:
    """Bring the server up to date; what cannot be paid now stays owed."""
    if (server := instep.find_admin()) is None:
        return
    try:
        instep.pay(server)
    except Away as error:
        log.warning("the search server could not be told: %s", error)
        jobs.start_in(TRY_AGAIN_S, f"{__name__}.look_at_search_server")
        jobs.start_in(TRY_AGAIN_S, f"{__name__}.pay_search_server")


@jobs.job(minutes=1)
def look_at_search_server() -> None:
    """Say whether the web processes should ask it; make again what it has lost."""
    if (server := instep.find_admin()) is None:
        return
    try:
        problem = _mended(server)
    except Away as error:
        problem = str(error)
    if refuses_key(problem):
        problem = f"{problem}: {KEY_REFUSED}"
    if problem:
        log.warning("the search server is not fit: %s", problem)
        jobs.start_in(TRY_AGAIN_S, f"{__name__}.look_at_search_server")
    instep.note(problem)


def _mended(server: Admin) -> str | None:
    """Return what is wrong; a lost index is made anew and owed everything."""
    problem = differing.problem_of(server)
    if differing.is_missing(problem):
        instep.set_up(server)
        problem = differing.problem_of(server)
    if problem is None and (_is_long_ago() or _went_back(server) or _has_lost(server)):
        differing.mend(server, [differing.compare(server, index) for index in NOUNS])
        _compared["at"] = monotonic()
    if problem is None:
        instep.pay(server)
        if not server_key.read(instep.settings()):
            instep.keep_search_key(server)
    return problem


def _has_lost(server: Admin) -> bool:
    return any(differing.has_lost(server, index) for index in NOUNS)


def _went_back(server: Admin) -> bool:
    """Whether an index is older than it was when last looked at: its folder was put back."""
    found = {index: server.updated_at(instep.uid_of(index)) for index in NOUNS}
    before = _changed_at.copy()
    _changed_at.update(found)
    return any(found[index] < before.get(index, "") for index in NOUNS)


def _is_long_ago() -> bool:
    """Whether every post's version is to be compared: when a worker starts, then hourly."""
    return monotonic() - _compared["at"] >= COMPARED_EVERY_S
