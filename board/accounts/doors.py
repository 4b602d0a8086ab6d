"""What the pages of accounts share: one try of a form, its answer, where to go next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from board.accounts import limits
from board.accounts.models import Person
from board.accounts.panels import unfinished_of
from board.accounts.rules import Limit
from board.errors import Invalid, TooMany
from board.web import render
from board.web.forms import Form, submitted
from board.web.security import safe_path

T = TypeVar("T")


def attempt(form: Form, verb: Callable[[], T]) -> T | None:
    """Do `verb` when the form is right; what it refuses is said in the form (None: show it)."""
    if not submitted() or not form.validate():
        return None
    try:
        return verb()
    except Invalid as refused:
        form.refuse(refused)
    except TooMany as slow:
        g.retry_after = slow.retry_after
        minutes = -(-slow.retry_after // 60)
        form.form_errors.append(
            ngettext(
                "Trop d’essais. Attendez une minute, puis essayez de nouveau.",
                "Trop d’essais. Attendez %(num)s\u00a0minutes, puis essayez de nouveau.",
                minutes,
            )
        )
    return None


def answer(template: str, form: Form, **context: Any) -> Response:
    """Show a form: 200 when asked for, 422 when refused, 429 when it comes too often."""
    wait: int | None = g.pop("retry_after", None)
    status = 200 if not submitted() else 429 if wait else 422
    response = render(template, status=status, form=form, **context)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def count_tries(name: str, *tries: tuple[str, Limit]) -> None:
    """Count one try of `name` for each address or network; raise TooMany when one is used up."""
    for who, limit in tries:
        limits.check_rate(f"{name}:{who}", limit=limit.hits, window=limit.window)


def next_path() -> str | None:
    """Return where the person wanted to go, when that is a path of this board."""
    return safe_path(request.args.get("next"))


def home_of(person: Person) -> str:
    """Return where a person goes who wanted nothing in particular."""
    return url_for("accounts.home", language=person.language)


def onward(person: Person, *, signed_in: bool, first: bool) -> tuple[str, str]:
    """Lead whoever confirmed their address on: to what they had begun, by sign-in if need be."""
    begun = unfinished_of(person) if first else None
    message = _("Votre adresse est confirmée.")
    if begun:
        message += " " + _("Voici l’annonce que vous aviez commencée.")
    if signed_in:
        return message, begun or home_of(person)
    return message, url_for("accounts.sign_in", language=person.language, next=begun)


def refused_sign_in() -> Invalid:
    """Say that address and password do not go together, and not which of them is wrong."""
    return Invalid("", _("Aucun compte n’a cette adresse avec ce mot de passe."))
