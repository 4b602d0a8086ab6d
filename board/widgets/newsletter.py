"""What a widget finds, for a newsletter and for social networks: ready to paste."""

from __future__ import annotations

from flask import current_app, url_for
from flask_babel import gettext as _

from board.posts.cards import PostCard
from board.web.context import settings
from board.widgets.models import Widget
from board.widgets.shown import View

MOST = 10


def html(view: View, widget: Widget) -> str:
    """Return a table that mail programs show alike: styles on each cell, no picture, no script."""
    template = current_app.jinja_env.get_template("widgets/newsletter_mail.html")
    posts = [(card, _address(card, widget)) for card in view.cards[:MOST]]
    return template.render(view=view, posts=posts).strip()


def plain(view: View, widget: Widget) -> str:
    """Return the same in plain words, a post a paragraph, with its address."""
    paragraphs = [view.design.title]
    if view.design.intro:
        paragraphs.append(view.design.intro)
    for card in view.cards[:MOST]:
        where = " · ".join(part for part in (card.organisation_name, card.place_label) if part)
        words = card.lines[0].words if card.lines and not card.state_label else ""
        about = " · ".join(part for part in (words, where) if part)
        title = card.title_html.unescape()
        named = (card.state_label or card.purpose_label) + _("\u00a0:") + f" {title}"
        paragraphs.append(f"{named}\n{about}\n{_address(card, widget)}")
    paragraphs.append(view.board_url)
    return "\n\n".join(paragraphs)


def _address(card: PostCard, widget: Widget) -> str:
    path = url_for("embed.open_post", widget_id=widget.uuid, post_id=card.uuid)
    return settings().url(path)
