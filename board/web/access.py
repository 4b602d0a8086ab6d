"""Every route names its authority; a guard test reads these marks and tries each as each actor."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, current_app
from flask.typing import ResponseReturnValue

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
F = TypeVar("F", bound=Callable[..., ResponseReturnValue])


class Authority(StrEnum):
    """What a request must show to get in."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    EDITOR = "editor of the organisation"
    RESPONSIBLE = "responsible of the organisation"
    MODERATOR = "moderator of the instance"
    TOKEN = "single-purpose link"  # noqa: S105
    WEBHOOK = "signed by a mail server"
    OPERATOR = "this machine, or the token of figures"
    DEVELOPMENT = "development board only"


def authority(needed: Authority) -> Callable[[F], F]:
    """Mark a view with the authority that it checks."""

    def mark(view: F) -> F:
        view.authority = needed  # type: ignore[attr-defined]
        return view

    return mark


def public(view: F) -> F:
    """Anybody may call it."""
    return authority(Authority.PUBLIC)(view)


def token_link(view: F) -> F:
    """Whoever holds the link may call it, for its one purpose; the page is never kept."""
    return authority(Authority.TOKEN)(view)


def development_only(view: View[P]) -> View[P]:
    """It exists only on a loopback board that sends no real mail."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not current_app.config["BOARD"].development_helpers:
            abort(404)
        return view(*args, **kwargs)

    return authority(Authority.DEVELOPMENT)(guarded)
