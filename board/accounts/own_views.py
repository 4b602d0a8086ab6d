"""A person's own pages: their home, their settings, their privacy rights."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from board.accounts import doors, forms, kept, limits, panels, queries, services, sessions
from board.accounts.models import Person
from board.accounts.rules import (
    MAIL_BY_ADDRESS,
    MAIL_BY_NETWORK,
    PASSWORD_BY_PERSON,
    fold_email,
)
from board.accounts.session import (
    close_session,
    current_session,
    get_reader,
    open_session,
    signed_in,
)
from board.accounts.views import bp
from board.clock import now
from board.web import commits, done, render, slow_first
from board.web.forms import Form
from board.web.hours import day_and_hour


@bp.get("/account")
@signed_in
def home() -> ResponseReturnValue:
    """« Mes annonces et organisations »: what each feature has for this person."""
    return render("accounts/home.html", panels=panels.panels_of(get_reader()))


@bp.get("/account/settings")
@signed_in
def settings() -> ResponseReturnValue:
    """Everything that a person can change about their account."""
    return _settings_page()


@bp.route("/account/profile", methods=["GET", "POST"])
@signed_in
@commits
def profile() -> ResponseReturnValue:
    """Change the name and the language of mail; the pages follow."""
    if request.method == "GET":
        return redirect(url_for("accounts.settings"), code=303)
    form, person = forms.ProfileForm(request.form), get_reader()
    if not form.validate():
        return _settings_page(profile=form)
    services.change_profile(person=person, name=form.name.data or "", language=form.language.data)
    with force_locale(person.language):
        message = _("C’est enregistré.")
    return done(message, to=url_for("accounts.settings", language=person.language))


@bp.route("/account/email", methods=["GET", "POST"])
@signed_in
@commits
@slow_first
def change_email() -> ResponseReturnValue:
    """Ask for another address; the link sent there makes it theirs."""
    if request.method == "GET":
        return redirect(url_for("accounts.settings"), code=303)
    form = forms.NewEmailForm(request.form)
    if not doors.attempt(form, lambda: _ask_email(form)):
        return _settings_page(new_email=form)
    message = _("Un lien est parti à %(email)s. L’adresse change quand il est suivi.",
                email=form.email.data)  # fmt: skip
    return done(message, to=url_for("accounts.settings"))


def _ask_email(form: forms.NewEmailForm) -> bool:
    _count_password()
    email = form.email.address
    doors.count_tries(
        "mail", (limits.network(), MAIL_BY_NETWORK), (fold_email(email), MAIL_BY_ADDRESS)
    )
    services.ask_new_email(person=get_reader(), email=email, password=form.password.data or "")
    return True


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
@commits
@slow_first
def change_password() -> ResponseReturnValue:
    """Set another password; the other sessions close, this one goes on."""
    if request.method == "GET":
        return redirect(url_for("accounts.settings"), code=303)
    form = forms.NewPasswordForm(request.form)
    form.owner = get_reader().email or ""
    if not doors.attempt(form, lambda: _set_password(form)):
        return _settings_page(new_password=form)
    open_session(get_reader())
    message = _("Votre mot de passe est changé. Vos autres appareils sont déconnectés.")
    return done(message, to=url_for("accounts.settings"))


def _set_password(form: forms.NewPasswordForm) -> bool:
    _count_password()
    services.change_password(person=get_reader(), current=form.current_password.data or "",
                             new=form.new_password.data or "")  # fmt: skip
    return True


@bp.post("/account/sessions/close")
@signed_in
@commits
def close_sessions() -> ResponseReturnValue:
    """Close every session but this one."""
    person = get_reader()
    services.close_sessions(person=person)
    open_session(person)
    return done(_("Vos autres appareils sont déconnectés."), to=url_for("accounts.settings"))


@bp.post("/account/sessions/<uuid:session_id>/close")
@signed_in
@commits
def close_one_session(session_id: UUID) -> ResponseReturnValue:
    """Close one session, on this device or another."""
    opened = queries.get_session(get_reader(), session_id)
    if opened == current_session():
        close_session()
        return done(_("Vous avez quitté le babillard."), to=url_for("search.board"))
    sessions.end(opened)
    return done(_("Cette session est fermée."), to=url_for("accounts.settings"))


@bp.get("/account/export")
@signed_in
def export() -> ResponseReturnValue:
    """Give a person everything that the board knows about them, as JSON."""
    person = get_reader()
    known = {
        "exported_at": now(),
        "account": queries.account_of(person),
        "sessions": queries.sessions_in_export(person),
        "mail": queries.mail_to(person) if person.confirmed_at else [],
        **panels.exports_of(person),
    }
    text = json.dumps(known, ensure_ascii=False, indent=2, default=_as_json)
    return Response(text + "\n", mimetype="application/json", headers={
        "Content-Disposition": 'attachment; filename="babillard.json"',
        "Cache-Control": "private, no-store"})  # fmt: skip


@bp.route("/account/delete", methods=["GET", "POST"])
@signed_in
@commits
@slow_first
def delete() -> ResponseReturnValue:
    """Erase the account of somebody who says so with their password."""
    form = forms.EraseForm(request.form)
    if not doors.attempt(form, lambda: _erase(form)):
        return doors.answer("accounts/delete.html", form)
    kept.forget_all()
    close_session()
    return done(_("Votre compte est supprimé."), to=url_for("search.board"))


def _erase(form: forms.EraseForm) -> bool:
    _count_password()
    services.erase(person=get_reader(), password=form.password.data or "")
    return True


def _count_password() -> None:
    doors.count_tries("password", (str(get_reader().uuid), PASSWORD_BY_PERSON))


def _settings_page(**shown: Form) -> Response:
    """Show the settings: the forms as they were sent, the others fresh."""
    person: Person = get_reader()
    fresh = {
        "profile": forms.ProfileForm(obj=person),
        "new_email": forms.NewEmailForm(),
        "new_password": forms.NewPasswordForm(),
    }
    sent = next(iter(shown.values()), fresh["profile"])
    about = {"person": person, "sessions": _sessions_in_words(person)}
    return doors.answer("accounts/settings.html", sent, **about, **{**fresh, **shown})


def _sessions_in_words(person: Person) -> list[dict[str, Any]]:
    here = current_session()
    return [
        {
            "uuid": one.uuid,
            "device": one.device or _("Appareil inconnu"),
            "since": day_and_hour(one.created_at),
            "seen": day_and_hour(one.seen_at),
            "here": one == here,
        }
        for one in queries.sessions_of(person)
    ]


def _as_json(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"the export cannot hold a {type(value).__name__}")
