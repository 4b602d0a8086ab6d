"""Reading posts: one named question each, bounded and ordered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, func, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from board.clock import now
from board.errors import NotFound
from board.extensions import db
from board.organisations.models import Membership, Organisation
from board.posts import visibility
from board.posts.models import Line, Post, PostEvent, PostRevision, PostTag
from board.posts.rules import Basis, Kind, Reader
from board.taxonomy.models import Concept, ConceptLabel, Place

# Statements of lists are built once: building one costs more than its answer.
THOSE: BindParameter[Any] = bindparam("ids", expanding=True)
HEADS = (
    select(
        Post.id, Post.uuid, Post.version, Post.purpose, Post.title, Post.language, Post.audience,
        Post.published_at, Post.confirmed_at, Post.expires_at, Post.paused_at, Post.met_at,
        Post.outcome,
        Organisation.uuid.label("organisation_uuid"), Organisation.slug, Organisation.name,
        Organisation.verified_at, Organisation.resembles_id,
        Place.label, Place.public_latitude, Place.public_longitude,
    )
    .join(Organisation, Organisation.id == Post.organisation_id)
    .outerjoin(Place, Place.id == Post.place_id)
)  # fmt: skip
_LINES = (
    select(
        Line.post_id,
        Line.uuid,
        Line.title,
        Line.kind,
        Line.basis,
        Line.quantity,
        Line.committed,
        Line.fullest,
        Line.unit,
        Line.needed_from,
        Line.needed_until,
        Line.attendance,
        Line.reach_km,
        Line.closed_at,
        Line.removed_at,
        Concept.key.label("category"),
    )
    .outerjoin(Concept, Concept.id == Line.category_id)
    .where(Line.post_id.in_(THOSE), Line.removed_at.is_(None))
    .order_by(Line.post_id, Line.position, Line.id)
)
_TAGS = select(PostTag.post_id, PostTag.text).where(PostTag.post_id.in_(THOSE)).order_by(PostTag.id)


class LineRow(NamedTuple):
    """A standing line as a card shows it."""

    title: str
    kind: Kind
    basis: Basis | None
    quantity: int | None
    committed: int
    fullest: Any
    unit: str | None
    needed_from: date | None
    needed_until: date | None
    effort: str | None
    closed_at: datetime | None
    removed_at: datetime | None


_CARDS = (
    HEADS.add_columns(*(getattr(Line, n).label("line_" + n) for n in ("id", *LineRow._fields)))
    .outerjoin(Line, (Line.post_id == Post.id) & Line.removed_at.is_(None))
    .where(Post.id.in_(THOSE))
    .order_by(Post.id, Line.position, Line.id)
)
_HEADS_OF = HEADS.where(Post.id.in_(THOSE))
_FIRST_OF_LINE = list(_CARDS.selected_columns.keys()).index("line_id") + 1


def about(statement: Any, ids: Sequence[int]) -> Iterable[Any]:
    """Ask about those posts (at most 100), past the session, which knows rows and not columns."""
    db.session.flush()
    return db.session.connection().execute(statement, {"ids": ids[:100]}) if ids else ()


def heads_with_lines(ids: Sequence[int]) -> list[tuple[Any, list[LineRow]]]:
    """Return what a card says of each post, and of its standing lines, in one statement."""
    heads: dict[int, Any] = {}
    lines: dict[int, list[LineRow]] = {}
    for row in about(_CARDS, ids):
        heads.setdefault(row.id, row)
        those = lines.setdefault(row.id, [])
        if row.line_id is not None:
            those.append(LineRow._make(row[_FIRST_OF_LINE:]))
    return [(heads[post_id], lines[post_id]) for post_id in ids if post_id in heads]


def find_post(uuid: UUID) -> Post | None:
    """Return a post with everything that its page shows."""
    return db.session.scalar(
        select(Post)
        .where(Post.uuid == uuid)
        .options(
            joinedload(Post.organisation).joinedload(Organisation.place),
            joinedload(Post.place),
            selectinload(Post.all_lines).joinedload(Line.category),
            selectinload(Post.tags),
        )
    )


def get_post(uuid: UUID) -> Post:
    """Return a post or raise `NotFound`; the caller asks the rules who may see it."""
    post = find_post(uuid)
    if post is None:
        raise NotFound
    return post


def heads(ids: Sequence[int]) -> list[Any]:
    """Return what a card says of each post, in the order of `ids` (at most 100)."""
    found = {row.id: row for row in about(_HEADS_OF, ids)}
    return [found[post_id] for post_id in ids if post_id in found]


def lines_of(ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the standing lines of each post, in the author's order."""
    out: dict[int, list[Any]] = {post_id: [] for post_id in ids}
    for row in about(_LINES, ids):
        out[row.post_id].append(row)
    return out


def tags_of(ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the tags of each post."""
    out: dict[int, list[str]] = {post_id: [] for post_id in ids}
    for post_id, text in about(_TAGS, ids):
        out[post_id].append(text)
    return out


def words_written_in(ids: Sequence[int]) -> dict[int, list[str]]:
    """Return what each post calls itself: its title, its standing lines and its tags."""
    out: dict[int, list[str]] = {post_id: [] for post_id in ids}
    those = ids[:100]
    rows = union_all(
        select(Post.id, Post.title).where(Post.id.in_(those)),
        select(Line.post_id, Line.title).where(Line.post_id.in_(those), Line.removed_at.is_(None)),
        select(PostTag.post_id, PostTag.text).where(PostTag.post_id.in_(those)),
    )
    for post_id, text in db.session.execute(rows) if those else ():
        out[post_id].append(text)
    return out


def listed_of(
    organisation_id: int, reader: Reader, *, offset: int = 0, limit: int = 20
) -> tuple[list[tuple[int, int]], int]:
    """Return (id, version) of an organisation's listed posts, and how many there are."""
    seen = visibility.listed(reader, now()) & (Post.organisation_id == organisation_id)
    total = db.session.scalar(select(func.count()).select_from(Post).where(seen)) or 0
    rows = select(Post.id, Post.version).where(seen)
    rows = rows.order_by(Post.ranked_at.desc(), Post.id.desc())
    found = db.session.execute(rows.offset(offset).limit(min(limit, 100)))
    return [(row.id, row.version) for row in found], total


def events_of(post_id: int) -> list[PostEvent]:
    """Return a post's history, oldest first (at most 500 steps)."""
    rows = select(PostEvent).where(PostEvent.post_id == post_id).options(joinedload(PostEvent.by))
    return list(db.session.scalars(rows.order_by(PostEvent.id).limit(500)))


def revisions_of(post_id: int) -> list[PostRevision]:
    """Return the author's words at each version, newest first (at most 100)."""
    rows = select(PostRevision).where(PostRevision.post_id == post_id)
    rows = rows.options(joinedload(PostRevision.by)).order_by(PostRevision.edit_version.desc())
    return list(db.session.scalars(rows.limit(100)))


def memberships_of(person_id: int) -> list[tuple[int, bool]]:
    """Return (organisation id, whether it is verified and open) for whom this person acts."""
    rows = (
        select(Membership.organisation_id, is_verified().label("verified"))
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .order_by(Membership.organisation_id)
        .limit(200)
    )
    return [(row[0], row[1]) for row in db.session.execute(rows)]


def is_verified() -> ColumnElement[bool]:
    """An organisation whose members read what is for members."""
    return and_(
        Organisation.verified_at.is_not(None),
        Organisation.closed_at.is_(None),
        Organisation.hidden_at.is_(None),
    )


def standing_lines(post_id: int) -> list[Line]:
    """Return the lines of a post that stand, in the author's order, with what they are about."""
    rows = select(Line).where(Line.post_id == post_id, Line.removed_at.is_(None))
    rows = rows.options(selectinload(Line.concepts))
    return list(db.session.scalars(rows.order_by(Line.position, Line.id)))


def categories_by_key(keys: Iterable[str]) -> dict[str, Concept]:
    """Return the categories of these keys, retired ones too: an old line keeps its own."""
    wanted = sorted(set(keys))[:100]
    rows = select(Concept).where(Concept.key.in_(wanted), Concept.scheme == "category")
    return {row.key: row for row in db.session.scalars(rows.order_by(Concept.id))} if wanted else {}


def concepts_called(folded: Iterable[str]) -> dict[str, int]:
    """Return the concept in use that each of these words names, in any language."""
    wanted = sorted(set(folded))[:100]
    rows = (
        select(ConceptLabel.folded, ConceptLabel.concept_id)
        .join(Concept)
        .where(ConceptLabel.folded.in_(wanted), Concept.retired_at.is_(None))
        .order_by(ConceptLabel.form, ConceptLabel.concept_id.desc())
    )
    return {row.folded: row.concept_id for row in db.session.execute(rows)} if wanted else {}


def organisations_of(person_id: int) -> list[Organisation]:
    """Return the organisations in whose name this person posts, by name (at most 200)."""
    rows = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id, Membership.ended_at.is_(None))
        .where(Organisation.closed_at.is_(None))
        .options(joinedload(Organisation.place))
        .order_by(Organisation.name_folded, Organisation.id)
    )
    return list(db.session.scalars(rows.limit(200)))


def posts_for(person_id: int, limit: int = 100, *, withdrawn: bool = False) -> list[Post]:
    """Return the posts of this person's organisations, newest first: withdrawn ones, or others."""
    mine = select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    rows = (
        select(Post)
        .where(Post.organisation_id.in_(mine))
        .where(Post.withdrawn_at.is_not(None) if withdrawn else Post.withdrawn_at.is_(None))
        .options(joinedload(Post.organisation), selectinload(Post.all_lines))
        .order_by(func.coalesce(Post.ranked_at, Post.created_at).desc(), Post.id.desc())
    )
    return list(db.session.scalars(rows.limit(limit)))


def newest_draft_of(person_id: int) -> UUID | None:
    """Return the draft that this person began last, in an organisation that they still act for."""
    mine = select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.ended_at.is_(None)
    )
    rows = select(Post.uuid).where(Post.author_id == person_id, Post.organisation_id.in_(mine))
    drafts = rows.where(visibility.is_draft()).order_by(Post.id.desc())
    return db.session.scalar(drafts.limit(1))


def posts_by_author(person_id: int) -> list[Post]:
    """Return all that this person began, oldest first (at most 5000)."""
    rows = select(Post).where(Post.author_id == person_id).order_by(Post.id).limit(5000)
    options = (selectinload(Post.all_lines).joinedload(Line.category), selectinload(Post.tags))
    return list(db.session.scalars(rows.options(*options, joinedload(Post.organisation))))


def find_revision(post_id: int, edit_version: int) -> PostRevision | None:
    """Return the author's words as they were at one version."""
    return db.session.scalar(
        select(PostRevision).where(
            PostRevision.post_id == post_id, PostRevision.edit_version == edit_version
        )
    )


def latest_revision(post_id: int) -> PostRevision | None:
    """Return the author's words as they are now, with who wrote them."""
    rows = select(PostRevision).where(PostRevision.post_id == post_id)
    rows = rows.options(joinedload(PostRevision.by)).order_by(PostRevision.edit_version.desc())
    return db.session.scalar(rows.limit(1))
