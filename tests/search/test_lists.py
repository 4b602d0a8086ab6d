"""Filters, counts, orders and pages of the board."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import event

from board import news, search
from board.errors import Invalid
from board.extensions import db
from board.posts.models import LineConcept, PostTag
from board.posts.rules import AnswersBand, Attendance, Basis, Kind, Purpose
from board.search.filters import Query
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.search.conftest import Find, concept, ids, place, publish, titles


def some_posts() -> None:
    """A small board with everything on it."""
    by = make_organisation(slug="voisins", name="Les Voisins")
    make_post(by=by, title="Chaises", lines=[{"category_id": concept("chairs")}], language="fr")
    make_post(by=by, title="Tables", purpose=Purpose.NEED, language="en", lines=[
        {"title": "Tables", "basis": Basis.GIFT, "category_id": concept("tables"),
         "attendance": Attendance.CARRIED}])  # fmt: skip
    make_post(title="Salle", lines=[
        {"title": "Salle", "kind": Kind.SPACE, "basis": Basis.LOAN, "attendance": Attendance.THERE},
        {"title": "Perceuse", "basis": Basis.GIFT, "category_id": concept("drill")}])  # fmt: skip
    old = make_post(title="Vieille scie", published_at=NOW - timedelta(days=200),
                    lines=[{"title": "Scie", "category_id": concept("saw")}])  # fmt: skip
    old.tags.append(PostTag(text="Été", folded="ete"))
    make_post(title="Sans rien", lines=[])
    news.commit()


def test_filters_keep_what_they_say(find: Find) -> None:
    some_posts()
    assert titles(find(purpose="need")) == ["Tables"]
    assert set(titles(find(kind="tool"))) == {"Chaises", "Tables", "Salle", "Vieille scie"}
    assert titles(find(language="en")) == ["Tables"]
    assert titles(find(attendance=["there", "carried"], sort="least_answered")) == [
        "Tables",
        "Salle",
    ]
    assert titles(find(freshness="stale")) == ["Vieille scie"]
    assert titles(find(tag="Été")) == ["Vieille scie"]
    assert set(titles(find(organisation="voisins"))) == {"Chaises", "Tables"}
    assert titles(find(category="drill")) == ["Salle"]
    assert set(titles(find(category="tools"))) == {"Salle", "Vieille scie"}
    assert titles(find("scie", purpose="offer", kind="tool")) == ["Vieille scie"]


def test_one_line_must_meet_all_that_is_asked_of_lines(find: Find) -> None:
    some_posts()
    assert titles(find(kind="space", basis="loan")) == ["Salle"]
    assert titles(find(kind="space", basis="gift")) == []


def test_a_further_concept_of_a_line_counts(find: Find) -> None:
    post = make_post(title="Atelier", lines=[{"title": "Atelier"}])
    post.lines[0].concepts.append(LineConcept(concept_id=concept("drill"), by="author"))
    news.commit()
    found = find(category="tools")
    assert titles(found) == ["Atelier"]
    assert found.facets["category"]["drill"] == found.facets["category"]["tools"] == 1
    assert titles(find("taladro")) == ["Atelier"]


def test_what_is_not_there_is_refused(find: Find) -> None:
    for name in ("category", "organisation"):
        with pytest.raises(Invalid) as refused:
            find(**{name: "nowhere"})
        assert refused.value.field == name


def test_dates_exclude_only_what_contradicts_them(find: Find) -> None:
    for title, start, end in (
        ("mai", date(2027, 5, 1), date(2027, 5, 31)),
        ("dès juin", date(2027, 6, 1), None),
        ("jusqu’en avril", None, date(2027, 4, 30)),
        ("n’importe quand", None, None),
    ):
        publish(title, lines=[{"title": "x", "needed_from": start, "needed_until": end}])
    assert set(titles(find(from_="2027-05-10"))) == {"mai", "dès juin", "n’importe quand"}
    assert set(titles(find(until="2027-05-10"))) == {"mai", "jusqu’en avril", "n’importe quand"}
    assert set(titles(find(from_="2027-05-10", until="2027-05-12"))) == {"mai", "n’importe quand"}
    assert find(from_="2027-05-10").loosened["from"] == 4


def test_each_facet_ignores_its_own_filter_and_heeds_the_others(find: Find) -> None:
    some_posts()
    everything = find()
    assert everything.total == 5
    assert everything.facets["purpose"] == {"offer": 4, "need": 1}
    assert everything.facets["kind"] == {"tool": 4, "space": 1}
    assert everything.facets["freshness"] == {"fresh": 4, "stale": 1}
    assert everything.facets["category"]["tools"] == 2
    assert everything.facets["organisation"]["voisins"] == 2
    assert everything.labels["organisation"]["voisins"] == "Les Voisins"
    assert everything.labels["tag"] == {"ete": "Été"}
    needs = find(purpose="need")
    assert needs.facets["purpose"] == {"offer": 4, "need": 1}
    assert needs.facets["kind"] == {"tool": 1}
    both = find(kind="tool", basis="gift")
    assert both.total == 2
    assert both.facets["kind"] == {"tool": 2}
    assert both.facets["basis"] == {"loan": 2, "gift": 2}
    assert both.facets["purpose"] == {"need": 1, "offer": 1}
    assert both.loosened == {"kind": 2, "basis": 4}
    assert find(q="zzqqxx", kind="tool", basis="gift").loosened == {"q": 2, "kind": 0, "basis": 0}


def test_a_facet_tells_how_many_its_value_leaves(find: Find) -> None:
    some_posts()
    for base in ({}, {"kind": "tool"}, {"purpose": "offer", "basis": "gift"}, {"q": "tables"}):
        counts = find(**base).facets
        for name in ("purpose", "kind", "basis", "category", "attendance", "language", "freshness",
                     "tag", "organisation"):  # fmt: skip
            for value, n in counts[name].items():
                assert find(**{**base, name: value}).total == n, (base, name, value)
        assert sum(counts["purpose"].values()) == find(**{**base, "purpose": ""}).total


def test_a_radius_is_measured_between_coarse_points(find: Find) -> None:
    here, close, far = place("Montréal"), place("Longueuil"), place("Québec")
    for where in (here, close, far):
        publish(where.name, place_id=where.id)
    publish("Nulle part")
    near = f"{here.public_latitude},{here.public_longitude}"
    assert set(titles(find(near=near))) == {"Montréal", "Longueuil", "Québec"}
    found = find(near=near, radius_km=30, sort="nearest")
    assert titles(found) == ["Montréal", "Longueuil"]
    assert found.hits[0].distance_km == 0
    assert 3 <= (found.hits[1].distance_km or 0) <= 15
    assert titles(find(near=near, sort="nearest")) == ["Montréal", "Longueuil", "Québec"]
    assert found.loosened["near"] == 4
    assert titles(find("nulle", near=near, radius_km=30)) == []
    assert find(near=near, radius_km=30).facets["purpose"] == {"offer": 2}


def test_the_newest_come_first_and_the_stale_last(find: Find) -> None:
    publish("stale", published_at=NOW - timedelta(days=121))
    publish("older", published_at=NOW - timedelta(days=100))
    publish("dated", published_at=NOW - timedelta(days=300), expires_at=NOW + timedelta(days=1))
    publish("newer", published_at=NOW - timedelta(days=1))
    assert titles(find()) == ["newer", "older", "dated", "stale"]
    assert titles(find(sort="least_answered")) == ["dated", "older", "newer", "stale"]
    publish("enough", published_at=NOW - timedelta(days=101), answers_band=AnswersBand.FULL)
    publish("answered", published_at=NOW - timedelta(days=102), answers_band=AnswersBand.SOME)
    known = ["dated", "older", "newer", "answered", "enough", "stale"]
    assert titles(find(sort="least_answered")) == known


def test_the_soonest_needed_come_first_and_the_undated_last(find: Find) -> None:
    def on(first: int | None, last: int | None = None) -> list[dict[str, object]]:
        days = [None if d is None else NOW.date() + timedelta(days=d) for d in (first, last)]
        return [{"title": "x", "needed_from": days[0], "needed_until": days[1]}]

    publish("sans date", lines=on(None))
    publish("dans dix jours", lines=on(10, 12))
    publish("déjà commencé", lines=on(-5, 3))
    publish("demain", lines=on(1))
    publish("passé", lines=on(-9, -8))
    assert titles(find(sort="soonest")) == [
        "demain", "déjà commencé", "dans dix jours", "passé", "sans date",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "args", [{}, {"sort": "least_answered"}, {"q": "chose"}, {"sort": "soonest"}]
)
def test_pages_show_every_post_once(find: Find, args: dict[str, str]) -> None:
    posts = publish(*(f"Chose {n}" for n in range(25)))
    seen: list[int] = []
    for page in (1, 2, 3, 4):
        results = find(**args, page=page, per_page=10)
        assert results.total == 25
        seen += [hit.post_id for hit in results.hits]
    assert len(seen) == 25
    assert set(seen) == ids(posts)


@pytest.mark.parametrize("args", [{}, {"q": "chose", "sort": "newest"}])
def test_a_cursor_goes_on_where_a_page_ended(find: Find, args: dict[str, str]) -> None:
    for days in (0, 1, 130):
        publish(*(f"Chose {days} {n}" for n in range(4)), published_at=NOW - timedelta(days=days))
    whole = [hit.post_id for hit in find(**args, per_page=100).hits]
    seen, cursor = list[int](), ""
    for _ in range(5):
        results = find(**args, per_page=5, cursor=cursor)
        seen += [hit.post_id for hit in results.hits]
        cursor = results.next_cursor or ""
        if not cursor:
            break
    assert seen == whole
    assert len(seen) == 12


def test_closed_posts_come_back_when_asked_for(find: Find) -> None:
    publish("Ouverte")
    publish("Comblée", met_at=NOW)
    publish("Expirée", expires_at=NOW - timedelta(days=1))
    publish("En pause", paused_at=NOW)
    assert titles(find()) == ["Ouverte"]
    assert set(titles(find(closed="1"))) == {"Ouverte", "Comblée", "Expirée"}
    assert titles(find("comblée", closed="1")) == ["Comblée"]


def statements(ask: Callable[[], object]) -> int:
    """How many statements a question takes."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, sql: str, *_: object) -> None:
        seen.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_statements_do_not_grow_with_the_board(app: Flask) -> None:
    def counts() -> list[int]:
        engine = search.current_engine()
        queries = (Query(), Query(q="chose"), Query(q="choze commune"), Query(near=(45.5, -73.6)))
        return [statements(lambda q=q: engine.search(q)) for q in queries]  # type: ignore[misc]

    publish("Chose commune", "Chose rare")
    search.current_engine().search(Query(q="choze"))
    db.session.rollback()
    few = counts()
    publish(*(f"Chose commune {n}" for n in range(40)))
    db.session.rollback()
    many = counts()
    assert all(b <= a + 1 for a, b in zip(few, many, strict=True)), (few, many)
    assert max(many) <= 13, many
    assert statements(lambda: search.current_engine().search(Query())) == 0


def test_scores_fall_from_the_first_hit_to_the_last(find: Find) -> None:
    publish("Chaises", "Chaise longue", "Autre chose", body_html="<p>chaises</p>")
    publish("Chaises", "Grande chaisière")
    scores = [hit.score or 0 for hit in find("chaises").hits]
    assert len(scores) > 2
    assert all(0 <= b <= a <= 1 for a, b in pairwise(scores))
