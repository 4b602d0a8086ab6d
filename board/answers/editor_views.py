"""The answers to a post, the inbox of an organisation, and how a post takes answers."""

from __future__ import annotations

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.session import get_reader
from board.answers import deciding, queries, shown
from board.answers.blueprint import bp
from board.answers.forms import ReceptionForm
from board.answers.rules import Actor
from board.organisations.access import editor_required
from board.organisations.models import Organisation
from board.posts import cards
from board.posts.access import post_editor_required
from board.posts.fields import as_number, as_uuid
from board.posts.models import Post
from board.web import commits, done, render

MOST_OFFSET = 5000


@bp.get("/organisations/<slug>/answers")
@editor_required
def inbox(organisation: Organisation) -> ResponseReturnValue:
    """« Réponses »: all that came to an organisation's posts, what waits first."""
    section = _section()
    offset = min(as_number(request.args.get("after")) or 0, MOST_OFFSET)
    found = queries.inbox([organisation.id], shown.SECTIONS[section], offset=offset)
    address = url_for("answers.inbox", slug=organisation.slug)
    counts = queries.counts_by_state([organisation.id])
    more = f"{address}?section={section}&after={offset + queries.SHOWN}"
    return render(
        "answers/inbox.html", organisation=organisation, section=section, back=_here(),
        rows=shown.rows(found, side=Actor.EDITOR, reader=get_reader()),
        tabs=shown.tabs(counts, section, address),
        next_url=more if len(found) == queries.SHOWN else None,
    )  # fmt: skip


@bp.get("/p/<uuid:post_id>/answers")
@post_editor_required
def of_post(post: Post) -> ResponseReturnValue:
    """Show the answers to one post, and how it takes them."""
    return _of_post(post, ReceptionForm(data={"cap": str(post.answers_cap or "")}))


@bp.post("/p/<uuid:post_id>/answers/reception")
@post_editor_required
@commits
def reception(post: Post) -> ResponseReturnValue:
    """Say how many answers are enough, and which lines go to whoever comes first."""
    form = ReceptionForm(request.form)
    if not form.validate():
        return _of_post(post, form, status=422)
    ticked = [found for text in request.form.getlist("first_come") if (found := as_uuid(text))]
    deciding.take_answers(post=post, cap=as_number(form.cap.data), first_come=ticked)
    return done(_("C’est enregistré."), to=url_for("answers.of_post", post_id=post.uuid))


def _of_post(post: Post, form: ReceptionForm, status: int = 200) -> Response:
    found = queries.answers_to(post.id)
    rows = shown.rows(found, side=Actor.EDITOR, reader=get_reader())
    lines = [
        {"uuid": line.uuid, "title": cards.masked(line.title),
         "first_come": line.first_come_at is not None}
        for line in post.lines
    ]  # fmt: skip
    return render("answers/of_post.html", status=status, post=post, title=cards.masked(post.title),
                  rows=rows, form=form, lines=lines, back=_here())  # fmt: skip


def _section() -> str:
    asked = request.args.get("section", "waiting")
    return asked if asked in shown.SECTIONS else "waiting"


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else request.path
