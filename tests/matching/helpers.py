"""Two organisations with a need and an offer that fit, and the worker's turn."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from board import news
from board.database import writing
from board.extensions import db
from board.matching import owed
from board.matching.models import Match
from board.organisations.models import Organisation
from board.posts import queries as posts
from board.posts.models import Post
from board.posts.rules import Basis, Kind, Purpose
from board.search import sync
from tests.factories import make_organisation, make_post


def concept(key: str) -> int:
    """The id of a category."""
    return posts.categories_by_key([key])[key].id


def drill(purpose: Purpose, by: Organisation | None = None, **values: Any) -> Post:
    """A drill, needed or offered."""
    title = "Une perceuse pour poser des tablettes"
    if purpose is Purpose.OFFER:
        title = "Perceuse à percussion"
    line = {"title": "Perceuse", "kind": Kind.TOOL, "basis": Basis.LOAN,
            "category_id": concept("drill"), **values.pop("line", {})}  # fmt: skip
    return make_post(**{"by": by or make_organisation(), "purpose": purpose, "title": title,
                        "lines": [line], **values})  # fmt: skip


def need(by: Organisation | None = None, **values: Any) -> Post:
    """A drill that is needed."""
    return drill(Purpose.NEED, by, **values)


def offer(by: Organisation | None = None, **values: Any) -> Post:
    """A drill that is offered."""
    return drill(Purpose.OFFER, by, **values)


def work() -> int:
    """Commit, and let the worker match what is owed."""
    news.commit()
    with writing():
        return owed.pay()


def matches() -> list[Match]:
    """Every pair that is kept."""
    db.session.rollback()
    return list(db.session.scalars(select(Match).order_by(Match.score.desc(), Match.id)))


def indexed(app: Flask) -> None:
    """Index every post again."""
    sync.reindex(lambda _done, _all: None)
