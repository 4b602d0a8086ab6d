"""The doors: sign up, sign in and out, links of mails, forgotten passwords."""

from __future__ import annotations

from flask import Blueprint, Response, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts import doors, forms, limits, links, queries, services, session
from board.accounts.models import Person
from board.accounts.rules import (
    MAIL_BY_ADDRESS,
    MAIL_BY_NETWORK,
    PASSWORD_BY_PERSON,
    SIGN_IN_BY_ADDRESS,
    SIGN_IN_BY_NETWORK,
    SIGN_UP_BY_NETWORK,
    TokenPurpose,
    fold_email,
)
from board.errors import Gone
from board.web import commits, done, public, render, slow_first, token_link
from board.web.forms import Form, submitted

bp = Blueprint("accounts", __name__, url_prefix="/<language:language>")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@commits
@slow_first
def sign_in() -> ResponseReturnValue:
    """Let somebody in who says who they are, and lead them where they wanted to go."""
    target = doors.next_path()
    reader = session.current_person()
    if reader is not None and not submitted():
        return done(None, to=target or doors.home_of(reader))
    form = forms.SignInForm(request.form)
    person = doors.attempt(form, lambda: _enter(form))
    if person is None:
        return doors.answer("accounts/sign_in.html", form, next=target)
    session.open_session(person)
    return done(None, to=target or doors.home_of(person))


def _enter(form: forms.SignInForm) -> Person:
    email, password = fold_email(form.email.address), form.password.data or ""
    doors.count_tries(
        "sign-in", (limits.network(), SIGN_IN_BY_NETWORK), (email, SIGN_IN_BY_ADDRESS)
    )
    person = services.recognise(email=email, password=password)
    if person is None:
        raise doors.refused_sign_in()
    services.renew_hash(person=person, password=password)
    limits.forget_rate(f"sign-in:{email}")
    return person


@bp.route("/sign-up", methods=["GET", "POST"])
@public
@commits
@slow_first
def sign_up() -> ResponseReturnValue:
    """Make an account and go on at once; a mail asks to confirm the address."""
    target = doors.next_path()
    reader = session.current_person()
    if reader is not None and not submitted():
        return done(None, to=target or doors.home_of(reader))
    form = forms.SignUpForm(request.form)
    person = doors.attempt(form, lambda: _join(form))
    if person is None:
        return doors.answer("accounts/sign_up.html", form, next=target)
    session.open_session(person)
    welcome = _("Bienvenue ! Un courriel vous demande de confirmer votre adresse.")
    return done(None if person.confirmed_at else welcome, to=target or doors.home_of(person))


def _join(form: forms.SignUpForm) -> Person:
    email = form.email.address
    doors.count_tries("sign-up", (limits.network(), SIGN_UP_BY_NETWORK))
    doors.count_tries("mail", (fold_email(email), MAIL_BY_ADDRESS))
    return services.sign_up(name=form.name.data or "", email=email,
                            password=form.password.data or "", language=g.language)  # fmt: skip


@bp.post("/sign-out")
@public
@commits
def sign_out() -> ResponseReturnValue:
    """Close this session, here and for whoever has a copy of its cookie."""
    session.close_session()
    return done(_("Vous avez quitté le babillard."), to=url_for("search.board"))


@bp.route("/confirm", methods=["GET", "POST"])
@token_link
@commits
@slow_first
def confirm() -> ResponseReturnValue:
    """The page of a mail's link: one button makes the address the person's."""
    if moved := links.take_from_address("confirm", "accounts.confirm"):
        return moved
    token = queries.find_token(links.held("confirm"), *services.ADDRESS_PURPOSES)
    if token is None:
        return _dead_link()
    email, proof = token.email, services.must_prove(token, session.current_person())
    first = token.purpose is TokenPurpose.CONFIRM_EMAIL
    form = (forms.ConfirmForm if proof else Form)(request.form)
    try:
        person = doors.attempt(form, lambda: _confirm(form))
    except Gone:
        return _dead_link()
    if person is None:
        page = doors.answer("accounts/confirm.html", form, email=email, proof=proof)
        return links.private(page)
    links.let_go("confirm")
    message, to = doors.onward(person, signed_in=session.current_person() is person, first=first)
    return links.private(done(message, to=to))


def _confirm(form: Form) -> Person:
    link = links.held("confirm")
    password = form.password.data if isinstance(form, forms.ConfirmForm) else ""
    if password:
        doors.count_tries("confirm", (link or "", PASSWORD_BY_PERSON))
    return services.confirm_address(link=link, by=session.current_person(), password=password or "")


@bp.post("/confirm/again")
@session.signed_in
@commits
def resend() -> ResponseReturnValue:
    """Send the confirmation link again."""
    person = session.get_reader()
    doors.count_tries("mail", (limits.network(), MAIL_BY_NETWORK),
                      (fold_email(person.email or ""), MAIL_BY_ADDRESS))  # fmt: skip
    services.resend_confirmation(person=person)
    to = session.came_from() or url_for("accounts.home")
    return done(_("Le lien est parti. Regardez aussi dans vos indésirables."), to=to)


@bp.route("/forgot", methods=["GET", "POST"])
@public
@commits
@slow_first
def forgot() -> ResponseReturnValue:
    """Send a link to choose another password; the answer is the same for every address."""
    form = forms.ForgotForm(request.form)
    if doors.attempt(form, lambda: _ask_reset(form)):
        return render("accounts/forgot_sent.html", email=form.email.data)
    return doors.answer("accounts/forgot.html", form)


def _ask_reset(form: forms.ForgotForm) -> bool:
    email = form.email.address
    doors.count_tries(
        "mail", (limits.network(), MAIL_BY_NETWORK), (fold_email(email), MAIL_BY_ADDRESS)
    )
    services.ask_reset(email=email, language=g.language)
    return True


@bp.route("/reset", methods=["GET", "POST"])
@token_link
@commits
@slow_first
def reset() -> ResponseReturnValue:
    """The page of a mail's link: choose another password, then sign in with it."""
    if moved := links.take_from_address("reset", "accounts.reset"):
        return moved
    link = links.held("reset")
    token = queries.find_token(link, TokenPurpose.RESET_PASSWORD)
    if token is None:
        return _dead_link()
    form = forms.ResetForm(request.form)
    form.owner = token.email or ""
    try:
        person = doors.attempt(form, lambda: _renew(link, form))
    except Gone:
        return _dead_link()
    if person is None:
        return links.private(doors.answer("accounts/reset.html", form))
    session.close_session()
    to = url_for("accounts.sign_in", language=person.language)
    return links.private(done(_("Votre nouveau mot de passe est prêt. Connectez-vous."), to=to))


def _renew(link: str | None, form: forms.ResetForm) -> Person:
    return services.reset_password(link=link, password=form.password.data or "")


def _dead_link() -> Response:
    """Say that a link was used, is too old or was never ours, and how to get another."""
    return links.private(render("accounts/dead_link.html", status=410))
