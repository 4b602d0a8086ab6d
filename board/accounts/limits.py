"""How often something may be tried, counted in the database: every worker counts together."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from flask import current_app, request
from sqlalchemy import delete

from board import database
from board.accounts.models import RateWindow
from board.clock import now
from board.database import writing
from board.errors import TooMany
from board.extensions import db

KEEP = timedelta(days=2)


def check_rate(key: str, *, limit: int, window: timedelta) -> None:
    """Count one try of `key`; raise TooMany beyond `limit` tries in this window.

    The count is kept whatever becomes of the try: it commits its own transaction, so call it
    before anything is written (whatever the session holds unwritten is rolled back).
    """
    start = window_start(window)
    hits = add(key, 1, window=window)
    if hits > limit:
        raise TooMany(max(1, int((start + window - now()).total_seconds())))


def add(key: str, amount: int, *, window: timedelta) -> int:
    """Add to what `key` used in this window, in a transaction of its own; return the sum."""
    start = window_start(window)
    with writing():
        used: int = db.session.scalar(_count(hashed(key), start, amount)) or 0
        if used == amount:
            db.session.execute(delete(RateWindow).where(RateWindow.starts_at < now() - KEEP))
        db.session.commit()
    return used


def forget_rate(key: str) -> None:
    """Forget the tries of `key`, in the caller's transaction: the last one was right."""
    db.session.execute(delete(RateWindow).where(RateWindow.key == hashed(key)))


def network() -> str:
    """Return the network that the request comes from: one IPv4 address, or an IPv6 /64."""
    address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))


def window_start(window: timedelta) -> datetime:
    """Return when the present window began."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(now().timestamp()) // seconds * seconds, UTC)


def hashed(key: str) -> str:
    """Return what is kept of a key: nobody reads addresses out of the counters."""
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.new(secret.encode(), key.encode(), sha256).hexdigest()


def _count(key: str, start: datetime, amount: int) -> Any:
    return (
        database.insert(RateWindow)
        .values(key=key, starts_at=start, hits=amount)
        .on_conflict_do_update(
            index_elements=["key", "starts_at"], set_={"hits": RateWindow.hits + amount}
        )
        .returning(RateWindow.hits)
        .execution_options(synchronize_session=False)
    )
