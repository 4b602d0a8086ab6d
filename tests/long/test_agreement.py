"""Both engines find the same: a hundred queries on ten thousand posts, with a real server."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest

from bench import agreement
from bench.engines import Pair, pair

POSTS = 10_000


@pytest.fixture(scope="module")
def engines() -> Iterator[Pair]:
    """Both engines on one board; seeded once and kept in .bench/."""
    try:
        started = pair(POSTS)
        both = started.__enter__()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    yield both
    started.__exit__(None, None, None)


@pytest.mark.long
@pytest.mark.parametrize("filtered", [False, True], ids=["alone", "under filters"])
def test_both_engines_agree(engines: Pair, filtered: bool) -> None:
    asked = agreement.queries()
    assert len(asked) == sum(agreement.OF_EACH.values()) == 100
    if filtered:
        asked = agreement.under_filters(asked)
    found = agreement.compared(engines, asked)
    told = agreement.table("", found) + "\n" + "\n".join(agreement.differences(found))
    for one in found.values():
        assert one.right(0) == one.right(1), told
    assert (
        median(each.overlap for one in found.values() for each in one.compared) >= agreement.LEAST
    ), told
    assert any(one.right(1) for one in found.values())
