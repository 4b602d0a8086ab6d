"""A volunteer, a need of hands, and the worker's turn for private lines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from board import news
from board.accounts.models import Person
from board.database import writing
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Kind, Purpose
from board.private import owed, services
from board.private.models import PrivateLine, PrivateMatch
from board.private.services import About
from tests.factories import make_organisation, make_post
from tests.matching.helpers import concept

CANARY = "zygomatique"


def hands(by: Organisation | None = None, **values: Any) -> Post:
    """A need of people who cook."""
    line = {"title": "Aide-cuisinier", "kind": Kind.VOLUNTEER, "category_id": concept("cooking"),
            **values.pop("line", {})}  # fmt: skip
    return make_post(**{"by": by or make_organisation(), "purpose": Purpose.NEED,
                        "title": "Deux personnes pour préparer la soupe", "lines": [line],
                        **values})  # fmt: skip


def keep_profile(person: Person, **said: Any) -> PrivateLine:
    """Somebody likes cooking, and says so to the board alone."""
    about = About(**{"title": CANARY, "language": "fr", "concepts": (concept("cooking"),), **said})
    return services.keep_profile(person=person, about=about)


def keep_sleeping(organisation: Organisation, **said: Any) -> PrivateLine:
    """A drill that could be lent, said to nobody."""
    about = About(**{"title": f"Perceuse {CANARY}", "language": "fr", "kind": Kind.TOOL,
                     "concepts": (concept("drill"),), **said})  # fmt: skip
    return services.keep_sleeping(organisation=organisation, about=about)


def work() -> int:
    """Commit, and let the worker match privately what is owed."""
    news.commit()
    with writing():
        return owed.pay()


def private_matches() -> list[PrivateMatch]:
    """Every pair that is kept."""
    db.session.rollback()
    return list(db.session.scalars(select(PrivateMatch).order_by(PrivateMatch.id)))
