"""Rows made ready before they are written: clean HTML, rows of tables, documents of the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace

from sqlalchemy import bindparam, select

from board import news
from board.database import begin_writing
from board.extensions import db
from board.interchange import gazetteer
from board.interchange.meaning import Meant
from board.organisations.models import Organisation
from board.posts import bulk
from board.posts.rules import Audience
from board.posts.wording import public_html
from board.search import ready, sources
from board.search.documents import Document
from board.search.sources import PlaceWords
from board.taxonomy.queries import catalogue

_NAME = select(Organisation.name).where(Organisation.id == bindparam("of"))


@dataclass(frozen=True, slots=True)
class Stand:
    """What documents show beside their post; they hold while this is so."""

    organisation: str
    concepts_in: int
    places: dict[int, PlaceWords]


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that can be written at once, as a new post; its document, when everybody may see it."""

    meant: Meant
    post: bulk.NewPost
    document: Document | None = None

    @property
    def key(self) -> str:
        """Its name in the list."""
        return self.meant.record.external_id

    def document_of(self, post_id: int) -> Document | None:
        """Return its document, once it has an id."""
        return replace(self.document, post_id=post_id) if self.document else None


def stand(rows: Sequence[Meant], organisation_id: int) -> Stand:
    """Read what the documents of these rows show (a few statements)."""
    places = {one.values.place_id for one in rows if one.values.place_id is not None}
    return Stand(
        db.session.connection().execute(_NAME, {"of": organisation_id}).scalar_one(),
        news.version().concepts_in,
        sources.places(places) if places else {},
    )


def prepare(rows: Sequence[Meant], stands: Stand, timezone: str) -> list[Ready]:
    """Make new posts ready; nothing is written."""
    return [_prepare(one, stands, timezone) for one in rows]


def _prepare(one: Meant, stands: Stand, timezone: str) -> Ready:
    known = catalogue("fr")
    html = public_html(one.values.body)
    post = bulk.ready(one.values, html, one.record.external_id, timezone=timezone, known=known)
    if one.values.audience is not Audience.PUBLIC:
        return Ready(one, post)
    place = stands.places.get(one.values.place_id or 0, PlaceWords("", "", ()))
    shown = SimpleNamespace(
        id=0, title=one.values.title, body_html=html, name=stands.organisation,
        label=place.label, region=place.region,
    )  # fmt: skip
    lines = [SimpleNamespace(**line) for line in post.lines]
    tags = [SimpleNamespace(**tag) for tag in post.tags]
    document = sources.document_of(shown, lines, tags, place.spelled, known)
    ready.warm(document)
    return Ready(one, post, document)


def placed(rows: Iterable[Meant]) -> list[Meant]:
    """Give each row the place that it names; those that the board lacks are made before."""
    rows = list(rows)
    wanted = {one.new_place for one in rows if one.new_place is not None}
    if not wanted:
        return rows
    begin_writing()
    made = gazetteer.make(wanted)
    news.commit()
    return [
        replace(one, values=replace(one.values, place_id=made[one.new_place]))
        if one.new_place is not None
        else one
        for one in rows
    ]
