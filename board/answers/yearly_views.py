"""« Relancer comme l’an dernier »: one page, one press, a draft."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.session import get_reader
from board.answers import words, yearly, years
from board.answers.blueprint import bp
from board.errors import NotFound
from board.posts import cards
from board.posts.access import post_editor_required
from board.posts.models import Post
from board.web import commits, done, render


@bp.route("/p/<uuid:post_id>/again", methods=["GET", "POST"])
@post_editor_required
@commits
def again(post: Post) -> ResponseReturnValue:
    """Show what would be begun again, for which days and who is told; one press makes a draft."""
    copy = yearly.find_copy(post)
    if copy is None and not yearly.may_again(post):
        raise NotFound
    if request.method == "POST" and copy is None:
        copy = yearly.again(post=post, by=get_reader())
        message = _("Le brouillon est prêt. Relisez-le, changez ce qui change, puis publiez.")
        return done(message, to=url_for("posts.edit", post_id=copy.uuid))
    return render(
        "answers/again.html", post=post, title=cards.masked(post.title), copy=copy,
        day=words.named_day(yearly.day_of(post) + yearly.moved_by(post)),
        has_days=years.has_days(post),
        partners=[words.who(one) for one in yearly.partners_of(post)],
        has_forgotten=yearly.has_forgotten(post),
    )  # fmt: skip
