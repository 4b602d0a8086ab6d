"""What was typed when a session was over, kept for the same browser until its author is back.

The cookie holds a random secret and the database its hash beside the words, for a cookie is too
small and can be read. They go when they are saved, when their time is over, or to make room.
"""

from __future__ import annotations

import json
import secrets
from typing import TypeVar

from flask import current_app, request, session
from sqlalchemy import ColumnElement, delete, func, insert, select, update
from werkzeug.datastructures import MultiDict

from board.accounts import limits
from board.accounts.models import KeptForm
from board.accounts.rules import (
    FORM_MAX,
    FORMS_BY_NETWORK,
    KEEP_FORMS,
    MOST_FORMS,
    MOST_FORMS_OF_ONE,
    digest,
)
from board.clock import now
from board.database import writing
from board.errors import TooMany
from board.extensions import db
from board.web.context import has_session

V = TypeVar("V")
SECRET = "kept"  # noqa: S105
NEVER = ("csrf_token", "password")


def keeps_typed(view: V) -> V:
    """Mark a view: a form sent to it without a session comes back when its page is next opened."""
    view.keeps_typed = True  # type: ignore[attr-defined]
    return view


def keep() -> bool:
    """Keep the form of this request, in a transaction of its own; says whether it could."""
    view = current_app.view_functions.get(request.endpoint or "")
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name for word in NEVER)
    ]
    text = json.dumps(fields)
    if not hasattr(view, "keeps_typed") or not fields or len(text) > FORM_MAX:
        return False
    try:
        limits.check_rate(f"kept:{limits.network()}", limit=FORMS_BY_NETWORK.hits,
                          window=FORMS_BY_NETWORK.window)  # fmt: skip
    except TooMany:
        return False
    secret = _secret() or secrets.token_urlsafe(32)
    with writing():
        stored = _store(digest(secret), text)
        db.session.commit()
    if stored:
        session[SECRET] = secret
    return stored


def find() -> MultiDict[str, str] | None:
    """Return what this browser typed on this page before, as it was sent."""
    secret = _secret()
    if secret is None:
        return None
    text = db.session.scalar(
        select(KeptForm.fields).where(
            KeptForm.digest == digest(secret),
            KeptForm.page == _page(),
            KeptForm.expires_at > now(),
        )
    )
    return MultiDict(json.loads(text)) if text else None


def forget() -> None:
    """It is saved: what was kept of this page goes."""
    if secret := _secret():
        _delete(KeptForm.digest == digest(secret), KeptForm.page == _page())


def forget_all() -> None:
    """Nothing that was typed in this browser is kept any more."""
    if secret := _secret():
        _delete(KeptForm.digest == digest(secret))
        session.pop(SECRET, None)


def renewed() -> dict[str, str]:
    """Move what is kept to another secret, for a session that begins: a planted cookie reads none.

    Returns what the new session has to hold.
    """
    secret = _secret()
    if secret is None:
        return {}
    new = secrets.token_urlsafe(32)
    db.session.execute(
        update(KeptForm)
        .where(KeptForm.digest == digest(secret))
        .values(digest=digest(new))
        .execution_options(synchronize_session=False)
    )
    return {SECRET: new}


def _secret() -> str | None:
    secret = session.get(SECRET) if has_session() else None
    return secret if isinstance(secret, str) else None


def _page() -> str:
    """Return the address of the page, whatever its language."""
    return request.path.split("/", 2)[2][:200]


def _store(mark: str, text: str) -> bool:
    _delete(KeptForm.expires_at < now())
    _delete(KeptForm.digest == mark, KeptForm.page == _page())
    if (db.session.scalar(select(func.count(KeptForm.id))) or 0) >= MOST_FORMS:
        return False
    newest = select(KeptForm.id).where(KeptForm.digest == mark).order_by(KeptForm.id.desc())
    kept = list(db.session.scalars(newest.limit(MOST_FORMS_OF_ONE - 1)))
    _delete(KeptForm.digest == mark, KeptForm.id.not_in(kept))
    row = {"digest": mark, "page": _page(), "fields": text, "expires_at": now() + KEEP_FORMS}
    db.session.execute(insert(KeptForm).values(**row))
    return True


def _delete(*which: ColumnElement[bool]) -> None:
    db.session.execute(delete(KeptForm).where(*which).execution_options(synchronize_session=False))
