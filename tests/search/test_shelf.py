"""What a worker keeps in memory says exactly what the database says, whatever happens to a post."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from board import clock, news, search
from board.database import writing
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Line, LineConcept, Post, PostTag
from board.posts.rules import (
    Attendance,
    Audience,
    Basis,
    Freshness,
    Kind,
    Purpose,
    Reader,
)
from board.search import shelf
from board.search.embedded import Embedded
from board.search.filters import Query, Sort
from board.search.postings import BothWays, Kept, Postings, Wave, bits_of
from board.search.values import READERS
from tests.conftest import NOW
from tests.factories import make_line, make_organisation, make_post
from tests.search import reference
from tests.search.conftest import MEMBER, VISITOR, concept, place

PLACES = ("Montréal", "Longueuil", "Québec")
CATEGORIES = ("chairs", "tables", "drill", "saw", "tools")
TAGS = ("Fête", "fête", "Hiver", "été")
WORDS = ("chaises", "scie", "perceuse rouge", "tables longues")
days = st.integers(-200, 200).map(lambda n: NOW + timedelta(days=n))
dates = st.none() | st.integers(-20, 40).map(lambda n: NOW.date() + timedelta(days=n))


def sometimes(instants: Any) -> Any:
    """Mostly nothing."""
    return st.one_of(st.none(), st.none(), st.none(), instants)


lines: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    kind=st.sampled_from(Kind),
    basis=st.none() | st.sampled_from(Basis),
    attendance=st.none() | st.sampled_from(Attendance),
    category=st.none() | st.sampled_from(CATEGORIES),
    further=st.none() | st.sampled_from(CATEGORIES),
    quantity=st.none() | st.just(2),
    committed=st.integers(0, 2),
    window=st.tuples(dates, dates),
    closed_at=sometimes(days),
    removed_at=sometimes(days),
)
posts: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    title=st.sampled_from(WORDS),
    purpose=st.sampled_from(Purpose),
    language=st.sampled_from(("fr", "en")),
    audience=st.sampled_from((Audience.PUBLIC, Audience.PUBLIC, Audience.MEMBERS)),
    place=st.none() | st.sampled_from(PLACES),
    tags=st.sets(st.sampled_from(TAGS[1:]), max_size=2),
    organisation=st.integers(0, 2),
    published_at=st.none() | days,
    confirmed=st.booleans(),
    expires_at=st.none() | days,
    paused_at=sometimes(days),
    met_at=sometimes(days),
    hidden_at=sometimes(days),
    withdrawn_at=sometimes(days),
    lines=st.lists(lines, max_size=3),
)
asked = st.builds(
    Query,
    q=st.sampled_from(("", "", "", "scie", "chaizes", "tables")),
    purpose=st.none() | st.sampled_from(Purpose),
    kinds=st.just(()) | st.sampled_from(Kind).map(lambda k: (k,)),
    bases=st.just(()) | st.sets(st.sampled_from(Basis), max_size=2).map(lambda b: tuple(sorted(b))),
    categories=st.just(()) | st.sampled_from(CATEGORIES).map(lambda c: (c,)),
    tags=st.just(()) | st.sampled_from(("fete", "hiver", "ete")).map(lambda t: (t,)),
    near=st.none() | st.just((45.5, -73.57)),
    from_=dates,
    attendances=st.just(()) | st.sampled_from(Attendance).map(lambda a: (a,)),
    languages=st.just(()) | st.just(("en",)),
    freshnesses=st.just(()) | st.sampled_from(Freshness).map(lambda f: (f,)),
    closed=st.booleans(),
    sort=st.none() | st.sampled_from((Sort.NEWEST, Sort.SOONEST, Sort.LEAST_ANSWERED)),
    page=st.sampled_from((1, 1, 2)),
    per_page=st.sampled_from((1, 3, 100)),
)
happens = st.lists(
    st.tuples(st.integers(0, 50), st.sampled_from(
        ("confirm", "withdraw", "hide", "rename", "tag", "line", "close", "move", "delete",
         "met"))),
    max_size=6,
)  # fmt: skip


def organisations() -> list[Organisation]:
    """Three organisations."""
    there = list(db.session.scalars(select(Organisation).order_by(Organisation.id).limit(3)))
    return there or [make_organisation(slug=f"o{n}", name=f"Organisme {n}") for n in range(3)]


def put(values: dict[str, Any], by: list[Organisation]) -> Post:
    """Write a post of any sort."""
    values = dict(values)
    tags, where, wanted = values.pop("tags"), values.pop("place"), values.pop("lines")
    confirmed, of = values.pop("confirmed"), values.pop("organisation")
    if values["published_at"] is not None and not confirmed:
        values["ranked_at"] = values["published_at"]
        values["confirmed_at"] = None
    post = make_post(by=by[of], place=place(where) if where else None, lines=[], **values)
    for number, line in enumerate(wanted):
        post.all_lines.append(drawn(line, number))
    post.tags += [
        PostTag(text=t, folded=t.lower().replace("ê", "e").replace("é", "e")) for t in tags
    ]
    return post


def drawn(line: dict[str, Any], number: int) -> Line:
    """Write a line of any sort."""
    values = dict(line)
    first, last = values.pop("window")
    if first and last and last < first:
        first, last = last, first
    key, more = values.pop("category"), values.pop("further")
    made = make_line(
        position=number, needed_from=first, needed_until=last,
        category_id=concept(key) if key else None, **values,
    )  # fmt: skip
    if more:
        made.concepts.append(LineConcept(concept_id=concept(more), by="author"))
    return made


def change(post: Post, what: str, by: list[Organisation]) -> None:
    """Let something happen to a post."""
    match what:
        case "confirm":
            post.confirmed_at = post.ranked_at = clock.now()
        case "withdraw":
            post.withdrawn_at = None if post.withdrawn_at else clock.now()
        case "hide":
            post.hidden_at = None if post.hidden_at else clock.now()
        case "rename":
            by[0].name = by[0].name + "x"
        case "tag":
            post.tags.clear()
            db.session.flush()
            post.tags.append(PostTag(text="Hiver", folded="hiver"))
        case "line":
            post.all_lines.append(make_line(position=9, basis=Basis.GIFT, quantity=1))
        case "close":
            for line in post.all_lines:
                line.closed_at = clock.now()
        case "move":
            post.place = place(PLACES[post.id % 3])
        case "met":
            post.met_at = clock.now()
        case "delete":
            db.session.delete(post)


def compare(query: Query, reader: Reader, at: datetime, today: date) -> None:
    """Ask both."""
    engine = search.current_engine()
    assert isinstance(engine, Embedded)
    said = engine.search(query, reader=reader, at=at)
    ids, more, counts = reference.search(engine, query, reader=reader, at=at, today=today)
    assert [hit.post_id for hit in said.hits] == ids, query
    assert said.total == counts.total, query
    for name in counts.facets.keys() | said.facets.keys():
        assert list(said.facets[name].items()) == list(counts.facets[name].items()), (name, query)
    assert said.labels == counts.labels, query
    loosened = dict(said.loosened)
    if query.q:
        wordless = replace(query, q="", sort=None, cursor=None, page=1)
        assert loosened.pop("q") == engine.search(wordless, reader=reader, at=at).total, query
    assert list(loosened.items()) == list(counts.loosened.items()), query
    assert (said.next_cursor is not None) == (more and bool(ids) and query.order is Sort.NEWEST)
    if said.next_cursor is not None and query.page == 1:
        further = replace(query, cursor=READERS["cursor"]("cursor", [said.next_cursor]))
        found = engine.search(further, reader=reader, at=at)
        there, _more, _c = reference.search(engine, further, reader=reader, at=at, today=today)
        assert [hit.post_id for hit in found.hits] == there, further


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=(Phase.generate,),
)
@given(
    board=st.lists(posts, min_size=1, max_size=8),
    queries=st.lists(asked, min_size=2, max_size=4),
    later=happens,
    shifts=st.lists(st.integers(-40, 130), max_size=2),
)
def test_memory_and_database_agree(
    app: Flask, board: list[Any], queries: list[Query], later: list[Any], shifts: list[int]
) -> None:
    clock.fix(NOW)
    by = organisations()
    for values in board:
        put(values, by)
    news.commit()
    everything(queries, NOW)
    for number, what in later:
        there = list(db.session.scalars(select(Post).order_by(Post.id)))
        if there:
            with writing():
                post = db.session.get(Post, there[number % len(there)].id)
                assert post is not None
                change(post, what, by)
                news.commit()
        everything(queries[:1], clock.now())
    for shift in shifts:
        clock.fix(NOW + timedelta(days=shift))
        everything(queries, clock.now())
    clock.fix(NOW)


def everything(queries: list[Query], at: datetime) -> None:
    """Ask each question as a visitor and as a member."""
    today = clock.today("America/Toronto")
    for query, reader in product(queries, (VISITOR, MEMBER)):
        if query.sort is None and query.near is not None and not query.q:
            query = replace(query, sort=Sort.NEAREST, radius_km=30)
        compare(query, reader, at, today)
    db.session.rollback()


def test_a_post_deleted_by_a_bulk_statement_is_gone(app: Flask) -> None:
    kept, gone = make_post(title="Reste"), make_post(title="Part")
    news.commit()
    assert search.current_engine().search(Query()).total == 2
    with writing():
        db.session.execute(delete(Line).where(Line.post_id == gone.id))
        db.session.execute(delete(Post).where(Post.id == gone.id))
        news.note("post", {gone.id})
        news.commit()
    assert [hit.post_id for hit in search.current_engine().search(Query()).hits] == [kept.id]


def test_worn_books_are_made_anew(app: Flask, monkeypatch: Any) -> None:
    monkeypatch.setattr(shelf, "MOST_DEAD", 2)
    monkeypatch.setattr(shelf, "MOST_STRAYS", 2)
    made = [make_post(title=f"Chose {n}") for n in range(6)]
    news.commit()
    engine = search.current_engine()
    assert isinstance(engine, Embedded)
    for number in range(12):
        made[number % 6].title = f"Chose {number} encore"
        news.commit()
        found = [hit.post_id for hit in engine.search(Query()).hits]
        assert found == sorted((post.id for post in made), reverse=True)
    assert engine.shelf.books is not None
    assert len(engine.shelf.books.ids) < 12


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 400))), st.sets(st.integers(0, 400)))
def test_postings_are_sets_however_they_are_kept(
    pairs: list[tuple[int, int]], kept: set[int]
) -> None:
    once = sorted(set(pairs), key=lambda pair: pair[1])
    postings: Postings[int] = Postings()
    both: BothWays[int] = BothWays()
    for number, (value, at) in enumerate(once):
        postings.add(value, at)
        both.add(value, at)
        if number % 50 == 0:
            postings.settle()
    postings.settle()
    some = Kept(bits_of(kept, 401))
    held = {v: {p for w, p in once if w == v} for v, _p in once}
    numbers = {v: len(places & kept) for v, places in held.items() if places & kept}
    assert dict(postings.among(some)) == numbers
    assert dict(both.among(some)) == numbers
    assert all(set(both.at(place)) == {v for v in held if place in held[v]} for place in kept)
    assert {v: set(Kept(b).rising()) for v, b in postings.sets_among(some)} == {
        v: places & kept for v, places in held.items() if places & kept
    }
    few = [v for v in held if v % 2]
    assert set(Kept(postings.any_of(few)).rising()) == set().union(*(held[v] for v in few))
    assert list(some.falling()) == sorted(kept, reverse=True)
    assert [p for p in range(410) if p in some] == sorted(kept)


@given(st.lists(st.none() | st.integers(0, 50)), st.lists(st.integers(0, 60)))
def test_a_wave_passes_what_time_has_passed(instants: list[int | None], moments: list[int]) -> None:
    wave, half = Wave(), len(instants) // 2
    for at in instants[:half]:
        wave.append(at)
    for number, moment in enumerate(moments):
        if number == 1:
            for at in instants[half:]:
                wave.append(at)
        wave.move(moment)
        there = instants if number else instants[:half]
        assert set(Kept(wave.passed).rising()) == {
            i for i, at in enumerate(there) if at is not None and at <= moment
        }
        assert wave.next == min((at for at in there if at is not None and at > moment),
                                default=Wave.NEVER)  # fmt: skip
