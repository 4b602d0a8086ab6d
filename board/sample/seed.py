"""`flask seed`: an instance full of invented life, the same each time, written once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, or_, select

from board import news
from board.clock import now
from board.config import Settings
from board.extensions import db
from board.folding import fold
from board.markdown import to_html
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Kind
from board.sample import accounts, answers, content, pictures
from board.sample.accounts import accounts_words as accounts_words
from board.sample.content import SampleOrganisation, SamplePost
from board.sample.rows import MARK, Home, Setting, mark, write
from board.sample.variations import World, vary
from board.taxonomy import gazetteer, place_queries
from board.taxonomy import services as taxonomy
from board.taxonomy.models import Concept, ConceptLabel, Place
from board.taxonomy.rules import Form

BATCH = 500
WRITTEN = 300
HOME_REGION = "Québec"


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What a seeding did."""

    posts: int
    organisations: int
    accounts: int
    has_own_posts: bool = False


def seed(*, posts: int = WRITTEN, tell: Callable[[int, int], None] | None = None) -> SeedReport:
    """Bring the board up to that many sample posts; one that lives its own life is left alone.

    Commits as it goes: ten thousand posts are not one transaction. Call it inside `writing()`.
    """
    settings: Settings = current_app.config["BOARD"]
    taxonomy.load_concepts()
    gazetteer.load_gazetteer()
    news.commit()
    if _has_own_posts():
        return SeedReport(0, 0, 0, has_own_posts=True)
    numbers = _missing(posts)
    if not numbers:
        return SeedReport(0, 0, 0)
    people = accounts.make_accounts(settings)
    founded = _found_organisations()
    setting = _setting(settings)
    news.commit()
    done = 0
    for batch in _batches(numbers):
        written = write(batch, setting)
        answers.answer(written, setting.at)
        news.note("post", written)
        pictures.hang(batch)
        news.commit()
        done += len(batch)
        if tell is not None:
            tell(done, len(numbers))
    return SeedReport(done, founded, len(people))


def _has_own_posts() -> bool:
    """Whether people post here already, and nobody ever asked for sample data."""
    marked = func.coalesce(Post.external_id, "").startswith(MARK, autoescape=True)
    if db.session.scalar(select(Post.id).where(marked).limit(1)) is not None:
        return False
    return db.session.scalar(select(Post.id).limit(1)) is not None


def _missing(posts: int) -> list[int]:
    known = select(Post.external_id).where(Post.external_id.startswith(MARK, autoescape=True))
    there = set(db.session.scalars(known))
    return [n for n in range(1, posts + 1) if mark(n) not in there]


def _batches(numbers: list[int]) -> Iterator[dict[int, SamplePost]]:
    """Give the posts of these numbers, a few hundred at a time: the written ones, then more."""
    told = content.posts()
    world = _world() if numbers[-1] > len(told) else None
    for start in range(0, len(numbers), BATCH):
        chosen = numbers[start : start + BATCH]
        yield {
            n: told[n - 1] if world is None or n <= len(told) else vary(n, world) for n in chosen
        }


def _found_organisations() -> int:
    """Write the organisations that are missing; say how many."""
    known = set(db.session.scalars(select(Organisation.slug)))
    missing = [sample for sample in content.organisations() if sample.slug not in known]
    for days, sample in enumerate(missing, start=200):
        db.session.add(_organisation(sample, days))
    db.session.flush()
    return len(missing)


def _organisation(sample: SampleOrganisation, days: int) -> Organisation:
    founded = now() - timedelta(days=days)
    return Organisation(
        slug=sample.slug,
        name=sample.name,
        name_folded=fold(sample.name),
        description_md=sample.description,
        description_html=to_html(sample.description),
        website=sample.website,
        languages=",".join(sample.languages),
        place=_place(sample.place),
        created_at=founded,
        verified_at=founded + timedelta(days=2) if sample.verified else None,
    )


def _place(text: str) -> Place:
    place = place_queries.find_place_by_text(text)
    if place is None:
        raise LookupError(f"the gazetteer has no {text}")
    return place


def _setting(settings: Settings) -> Setting:
    """Read once what the words of the samples mean in this database."""
    authors = accounts.join_organisations()
    homes = {
        slug: Home(organisation_id, place_id, authors.get(slug))
        for slug, organisation_id, place_id in db.session.execute(
            select(Organisation.slug, Organisation.id, Organisation.place_id)
        )
    }
    named = {post.place for post in content.posts() if isinstance(post.place, str)}
    return Setting(
        at=now(),
        timezone=settings.timezone,
        homes=homes,
        concepts=dict(db.session.execute(select(Concept.key, Concept.id)).all()),
        places={text: _place(text).id for text in sorted(named)},
        labels=dict(db.session.execute(select(Place.id, Place.label)).all()),
        countries=dict(db.session.execute(select(Place.id, Place.country)).all()),
    )


def _world() -> World:
    """Read what variations draw from."""
    things: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    labels = (
        select(
            ConceptLabel.language, Concept.kind, Concept.key, ConceptLabel.text, ConceptLabel.form
        )
        .join(Concept, Concept.id == ConceptLabel.concept_id)
        .where(Concept.scheme == "category", Concept.retired_at.is_(None))
        .order_by(Concept.key, ConceptLabel.language, ConceptLabel.folded)
    )
    for language, kind, key, text, form in db.session.execute(labels):
        # Other words for a skill or a task often name the person who has it: not for a title.
        if form != Form.PREFERRED.value and kind not in {Kind.TOOL, Kind.SPACE}:
            continue
        things[language, kind or ""].append((key, text))
    of_gazetteer = select(Place.id).where(Place.source == "gazetteer").order_by(Place.source_key)
    home = Place.region == HOME_REGION
    return World(
        things=things,
        near=db.session.scalars(of_gazetteer.where(home)).all(),
        far=db.session.scalars(
            of_gazetteer.where(or_(Place.region == "Nouveau-Brunswick", Place.country != "CA"))
        ).all(),
        organisations=[sample.slug for sample in content.organisations()],
    )
