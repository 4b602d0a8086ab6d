"""Counters: kept whatever becomes of the try, one network however many addresses it has."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from board import clock
from board.accounts import limits
from board.errors import TooMany
from board.extensions import db
from tests.conftest import NOW

HOUR = timedelta(hours=1)


def test_tries_beyond_the_limit_wait_for_the_next_window(app: Flask) -> None:
    for _ in range(3):
        limits.check_rate("compose:ana", limit=3, window=HOUR)
    with pytest.raises(TooMany) as slow:
        limits.check_rate("compose:ana", limit=3, window=HOUR)
    assert slow.value.retry_after == 3600
    limits.check_rate("compose:bob", limit=3, window=HOUR)
    clock.fix(NOW + HOUR)
    limits.check_rate("compose:ana", limit=3, window=HOUR)


def test_a_try_is_counted_even_when_its_work_is_undone(app: Flask) -> None:
    limits.check_rate("compose:ana", limit=1, window=HOUR)
    db.session.rollback()
    with pytest.raises(TooMany):
        limits.check_rate("compose:ana", limit=1, window=HOUR)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("192.0.2.1", "192.0.2.1", True), ("192.0.2.1", "192.0.2.2", False),
     ("2001:db8::1", "2001:db8::ffff:2", True), ("2001:db8::1", "2001:db8:0:1::1", False),
     ("::ffff:192.0.2.1", "192.0.2.1", True)],
)  # fmt: skip
def test_a_network_is_one_address_or_one_ipv6_prefix(
    app: Flask, one: str, other: str, same: bool
) -> None:
    found = []
    for address in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            found.append(limits.network())
    assert (found[0] == found[1]) is same
