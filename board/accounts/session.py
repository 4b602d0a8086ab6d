"""Who is signed in: the cookie holds a secret, the database the session that it opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from board.accounts import kept, queries, sessions, unread
from board.accounts.models import OpenSession, Person
from board.accounts.rules import SEEN_EVERY, SESSION_LIFE, device_of
from board.clock import now
from board.database import is_writing
from board.errors import NotFound
from board.extensions import login_manager
from board.web import Authority, authority, reader_pages, render
from board.web.context import has_session, here, viewer_is
from board.web.errors import error_page
from board.web.security import CrossSite, is_same_origin, safe_path

P = ParamSpec("P")
KEPT = "link:"
NAMED = "_user_id"  # where Flask-Login looks


@dataclass(frozen=True)
class Viewer:
    """What a page shows of its signed-in reader; how much is new is asked when it is shown."""

    name: str
    confirmed: bool
    moderates: bool
    count: Callable[[], str]

    @cached_property
    def unread(self) -> str:
        """How many conversations have something new, as a page says it."""
        return self.count()


def current_person() -> Person | None:
    """Return the signed-in person, or None; a request without a session asks nothing."""
    if not has_session() and "_login_user" not in g:
        return None
    if reader_pages.sort() is not None:
        raise RuntimeError("a page that is kept for a sort of readers asks who one of them is")
    if not current_user.is_authenticated:
        return None
    person: Person = current_user._get_current_object()
    return person


def get_reader() -> Person:
    """Return the signed-in person of a view that is marked `signed_in`."""
    person = current_person()
    if person is None:
        raise RuntimeError("the view is not marked signed_in")
    return person


def signed_in(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let only signed-in people in; visitors sign in first, then come back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_person() is not None:
            return view(*args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("accounts.sign_in", next=here()), code=303)
        return _session_is_over()

    return authority(Authority.SIGNED_IN)(guarded)


def moderator_required(
    view: Callable[P, ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Let only moderators in; for everybody else there is nothing here."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not get_reader().moderates:
            raise NotFound
        return view(*args, **kwargs)

    return authority(Authority.MODERATOR)(signed_in(guarded))


def open_session(person: Person) -> None:
    """Begin a new session for `person`; only the links held and the words typed survive."""
    carried = {key: value for key, value in session.items() if key.startswith(KEPT)}
    carried |= kept.renewed()
    session.clear()
    session.update(carried)
    session.permanent = True
    agent = request.user_agent.string
    g.open_session, session[NAMED] = sessions.begin(person=person, device=device_of(agent))
    g._login_user = person


def close_session() -> None:
    """End this session in the database and forget who was here.

    What somebody typed here while no session was theirs waits on: they may come next.
    """
    opened = current_session()
    if opened is not None:
        sessions.end(opened)
    carried = {key: value for key, value in session.items() if key == kept.SECRET}
    session.clear()
    session.update(carried)
    g.pop("open_session", None)
    g.pop("_login_user", None)


def current_session() -> OpenSession | None:
    """Return the open session of this request, or None for a visitor."""
    opened: OpenSession | None = g.get("open_session") if current_person() else None
    return opened


def find_by_session(secret: str) -> Person | None:
    """Return the person of an open session; a request that writes notes, at times, its hour."""
    opened = queries.find_session(secret)
    if opened is None:
        return None
    g.open_session = opened
    if is_writing() and opened.seen_at < now() - SEEN_EVERY:
        opened.seen_at = now()
    return opened.person


def viewer() -> Viewer | None:
    """Return what the page shows of its reader, or None for a visitor."""
    sort = reader_pages.sort()
    if sort is not None:
        return Viewer(reader_pages.NAME, sort.confirmed, sort.moderates,
                      lambda: reader_pages.UNREAD)  # fmt: skip
    person = current_person()
    if person is None:
        return None
    return Viewer(
        name=person.name or (person.email or ""),
        confirmed=person.confirmed_at is not None,
        moderates=person.moderates,
        count=lambda: unread.in_words(unread.count_for(person.id)),
    )


def came_from() -> str | None:
    """Return the path of this board that the form was on, when the browser says it."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host:
        return None
    return safe_path(parts.path + (f"?{parts.query}" if parts.query else ""))


def _session_is_over() -> ResponseReturnValue:
    from board.accounts.forms import SignInForm

    is_kept = kept.keep()
    back = request.path if is_kept else came_from()
    over = "kept" if is_kept else "lost"
    return render("accounts/sign_in.html", status=403, form=SignInForm(), next=back, over=over)


def _form_has_aged(_error: CrossSite) -> ResponseReturnValue:
    """Refuse a form of another session; this board's own is kept for the next try."""
    if is_same_origin() and kept.keep():
        return error_page(403, request.path, page="kept")
    return error_page(403, page="session")


def register(app: Flask) -> None:
    """Tell Flask-Login and the pages who reads; the second lock of forms follows sign-in."""
    app.config["TOKENS"] = lambda: current_person() is not None
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.config["PERMANENT_SESSION_LIFETIME"] = SESSION_LIFE
    login_manager.session_protection = None
    # Nobody is remembered by a second cookie: without this hook a visitor's page opens no session.
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)
    login_manager.user_loader(find_by_session)
    viewer_is(viewer)
    app.register_error_handler(CrossSite, _form_has_aged)
