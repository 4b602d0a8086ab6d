"""The moderators' own pages: what waits, one decision, and the log of all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.session import get_reader, moderator_required
from board.errors import Conflict, Invalid, NotFound
from board.moderation import log, marks, queue, services, shown
from board.moderation.blueprint import bp
from board.moderation.forms import DecideForm
from board.moderation.marks import Subject
from board.moderation.rules import Rule, Verdict, Waiting
from board.organisations import queries as organisations
from board.posts import queries as posts
from board.web import commits, done, render
from board.web.forms import submitted
from board.web.pagination import Page


@bp.get("/moderation")
@moderator_required
def waiting() -> ResponseReturnValue:
    """Show what waits, the oldest first; `waiting` keeps one reason."""
    asked = request.args.get("waiting", "")
    only = Waiting(asked) if asked in set(Waiting) else None
    counts = queue.counts()
    page = _page(counts[only] if only else sum(counts.values()), queue.PER_PAGE)
    found = queue.items(only, offset=page.offset)
    kept = only.value if only else None
    return render(
        "moderation/queue.html",
        tabs=shown.tabs(counts, only),
        page=page,
        items=[shown.queue_item(one) for one in found],
        address=lambda n: _address("moderation.waiting", n, waiting=kept),
    )


@bp.get("/moderation/log")
@moderator_required
def decisions() -> ResponseReturnValue:
    """Show every decision, the newest first."""
    page = _page(log.count(), log.PER_PAGE)
    found = log.decisions(offset=page.offset)
    return render("moderation/log.html", page=page, decisions=[shown.logged(one) for one in found],
                  address=lambda n: _address("moderation.decisions", n))  # fmt: skip


@bp.route("/moderation/p/<uuid:post_id>", methods=["GET", "POST"])
@moderator_required
@commits
def decide_post(post_id: UUID) -> ResponseReturnValue:
    """Read a post with all that was said of it, and decide."""
    return _decide(posts.get_post(post_id))


@bp.route("/moderation/organisations/<slug>", methods=["GET", "POST"])
@moderator_required
@commits
def decide_organisation(slug: str) -> ResponseReturnValue:
    """Read an organisation with all that was said of it, and decide."""
    organisation = organisations.find_organisation(slug)
    if organisation is None:
        raise NotFound
    return _decide(organisation)


def _decide(subject: Subject) -> ResponseReturnValue:
    form = DecideForm(request.form)
    form.offer(services.possible(subject))
    if not submitted():
        form.seen.data = str(marks.of(subject))
        return _subject_page(subject, form)
    if not marks.parse(form.seen.data).allows(marks.of(subject)):
        return _overtaken(subject, form)
    if not form.validate():
        return _subject_page(subject, form, status=422)
    try:
        _carry_out(subject, form)
    except Conflict:
        return _overtaken(subject, form)
    except Invalid as refused:
        form.refuse(refused)
        return _subject_page(subject, form, status=422)
    return done(_("C’est décidé, et les personnes concernées le savent."),
                to=url_for("moderation.waiting"))  # fmt: skip


def _carry_out(subject: Subject, form: DecideForm) -> None:
    services.decide(subject=subject, verdict=Verdict(form.verdict.data), rule=Rule(form.rule.data),
                    reason=form.reason.data or "", by=get_reader(),
                    seen=marks.parse(form.seen.data))  # fmt: skip


def _overtaken(subject: Subject, form: DecideForm) -> ResponseReturnValue:
    """Show what somebody decided or wrote meanwhile; what was typed stays, to be sent again."""
    form.offer(services.possible(subject))
    form.seen.data = str(marks.of(subject))
    return _subject_page(subject, form, status=409, overtaken=True)


def _subject_page(
    subject: Subject, form: DecideForm, *, status: int = 200, overtaken: bool = False
) -> ResponseReturnValue:
    context = shown.subject(subject, get_reader())
    return render("moderation/decide.html", status=status, form=form, overtaken=overtaken,
                  **context)  # fmt: skip


def _page(total: int, size: int) -> Page:
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) >= 1):
        abort(400)
    page = Page(int(text), size, total)
    if page.number > page.last:
        abort(404)
    return page


def _address(endpoint: str, number: int, **kept: Any) -> str:
    return url_for(endpoint, **kept, page=number if number > 1 else None)
