"""Anybody reports, with or without an account; the reporter is thanked."""

from __future__ import annotations

from uuid import UUID

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from board.accounts import doors, limits
from board.accounts.rules import fold_email
from board.accounts.session import current_person
from board.clock import now
from board.moderation import reports, rules, words
from board.moderation.blueprint import bp
from board.moderation.forms import ReportForm
from board.moderation.marks import Subject
from board.moderation.reports import Reporter
from board.organisations import queries as organisations
from board.posts import cards
from board.posts import queries as posts
from board.posts import rules as post_rules
from board.posts.models import Post
from board.posts.readers import current_reader
from board.web import commits, public, render


@bp.route("/p/<uuid:post_id>/report", methods=["GET", "POST"])
@public
@commits
def report_post(post_id: UUID) -> ResponseReturnValue:
    """Say that a post breaks a rule, or is no longer true."""
    post = _seen_post(post_id)
    back = url_for("post.page", post_id=post.uuid)
    return _report(post, cards.masked(post.title), back, language=post.language)


@bp.route("/organisations/<slug>/report", methods=["GET", "POST"])
@public
@commits
def report_organisation(slug: str) -> ResponseReturnValue:
    """Say that an organisation breaks a rule."""
    organisation, _role = organisations.get_for_page(slug, by=current_person())
    back = url_for("organisations.page", slug=organisation.slug)
    return _report(organisation, organisation.name, back)


@bp.post("/p/<uuid:post_id>/outdated")
@public
@commits
def outdated(post_id: UUID) -> ResponseReturnValue:
    """A reader thinks that it is no longer true: its editors are asked, the post stays as it is."""
    post = _seen_post(post_id)
    doors.count_tries("outdated", (limits.network(), rules.DOUBTS_BY_NETWORK))
    asked = reports.doubt(post=post)
    return redirect(_thanks("outdated" if asked else "known", post_id=post.uuid), code=303)


@bp.get("/thanks")
@public
def thanks() -> ResponseReturnValue:
    """Thank who reported, and say what happens next."""
    return render("moderation/thanks.html", what=request.args.get("what", ""),
                  address=_address_of_post())  # fmt: skip


def _report(
    subject: Subject, title: str, back: str, language: str | None = None
) -> ResponseReturnValue:
    form = ReportForm(request.form)
    sent = doors.attempt(form, lambda: _send(subject, form))
    if sent:
        return redirect(_thanks("report"), code=303)
    may_doubt = isinstance(subject, Post) and post_rules.is_open(subject, now())
    return doors.answer("moderation/report.html", form, subject=subject, subject_title=title,
                        back=back, subject_language=language, rules=words.all_rules(),
                        may_doubt=may_doubt)  # fmt: skip


def _send(subject: Subject, form: ReportForm) -> bool:
    person, email = current_person(), form.email.address
    tries = [(limits.network(), rules.REPORTS_BY_NETWORK)]
    if person is not None:
        tries = [(str(person.uuid), rules.REPORTS_BY_PERSON)]
    elif email:
        tries.append((fold_email(email), rules.REPORTS_TO_ADDRESS))
    doors.count_tries("report", *tries)
    by = Reporter(person, email, person.language if person else g.language)
    reports.report(subject=subject, rule=form.cited, text=form.text.data or "", by=by)
    return True


def _seen_post(post_id: UUID) -> Post:
    post = posts.get_post(post_id)
    answer = post_rules.page(post, current_reader(post.organisation_id))
    if answer is not post_rules.Page.SHOWN:
        abort(int(answer))
    return post


def _thanks(what: str, **more: object) -> str:
    return url_for("moderation.thanks", what=what, **more)  # type: ignore[arg-type]


def _address_of_post() -> str:
    """Return where to go back to: a post whose page decides by itself who sees it."""
    try:
        return url_for("post.page", post_id=UUID(request.args.get("post_id", "")))
    except ValueError:
        return url_for("search.board")
