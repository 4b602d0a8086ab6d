"""Circles: found from public lines alone, seen by two links each, gone for all by one's word."""

from __future__ import annotations

import itertools

from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from board import news
from board.clock import now
from board.database import will_write, writing
from board.extensions import db
from board.matching import blocks, circles, cycles
from board.matching.cycles import KEPT_PER_ORGANISATION, Link
from board.organisations.models import Organisation
from board.posts.models import Post
from board.posts.rules import Audience, Kind, Purpose
from tests.factories import make_membership, make_organisation, make_person, make_post
from tests.matching.helpers import concept, work
from tests.pages import CheckedClient, csrf, sign_in
from tests.posts.helpers import at_work

THINGS = {"drill": "Perceuse", "tents": "Chapiteau", "tables": "Tables pliantes"}
EDGES = some.dictionaries(
    some.tuples(some.integers(1, 9), some.integers(1, 9)).filter(lambda pair: pair[0] != pair[1]),
    some.floats(0.45, 1.0),
    max_size=40,
)


@given(EDGES)
def test_a_circle_closes_is_small_and_is_found_once(edges: dict[tuple[int, int], float]) -> None:
    links = [
        (one, other, Link(100 * one + other, 1_000 * other + one, value))
        for (one, other), value in edges.items()
    ]
    found = cycles.find(cycles.graph_of(links))
    assert found == cycles.find(cycles.graph_of(reversed(links)))
    assert len({cycle.organisations for cycle in found}) == len(found)
    for cycle in found:
        around = (*cycle.organisations, cycle.organisations[0])
        assert all(step in edges for step in itertools.pairwise(around))
        assert 2 <= len(set(cycle.organisations)) == len(cycle.organisations) <= 4
        assert cycle.organisations[0] == min(cycle.organisations)
    both_ways = {(a, b) for a, b in edges if a < b and (b, a) in edges}
    assert both_ways == {one.organisations for one in found if len(one.organisations) == 2}
    chosen = cycles.choose(found)
    for one in range(1, 10):
        assert sum(one in cycle.organisations for cycle in chosen) <= KEPT_PER_ORGANISATION


def test_who_is_kept_apart_shares_no_circle() -> None:
    links = [(1, 2, Link(1, 2, 0.8)), (2, 3, Link(3, 4, 0.8)), (3, 1, Link(5, 6, 0.8))]
    graph = cycles.graph_of(links)
    assert [one.organisations for one in cycles.find(graph)] == [(1, 2, 3)]
    assert not cycles.find(graph, apart={frozenset((1, 3))})
    assert not cycles.choose(cycles.find(graph), resting={frozenset((1, 2, 3))})


def posted(purpose: Purpose, key: str, by: Organisation) -> Post:
    """A need or an offer of one thing."""
    line = {"title": THINGS[key], "kind": Kind.TOOL, "category_id": concept(key)}
    return make_post(by=by, purpose=purpose, title=THINGS[key], lines=[line])


def three(client: CheckedClient) -> tuple[list[Organisation], list[Post]]:
    """Three organisations, each with what the one before it needs; the first one is signed in."""
    _person, ours = at_work(client)
    names = ("Atelier du Quai", "Cuisine des Érables")
    others = [make_organisation(name=name, responsible=make_person()) for name in names]
    around, posts = [ours, *others], []
    for i, key in enumerate(THINGS):
        posts.append(posted(Purpose.NEED, key, around[i]))
        posts.append(posted(Purpose.OFFER, key, around[(i + 1) % 3]))
    work()
    search()
    return around, posts


def search() -> int:
    """Let the night pass."""
    with writing():
        count = circles.find_all()
        news.commit()
    db.session.rollback()
    return count


def page(client: CheckedClient, ours: Organisation) -> str:
    """The page of an organisation's pairs."""
    answer = client.get(f"/fr/organisations/{ours.slug}/matches")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_each_sees_its_own_two_links_and_one_word_takes_the_circle_from_all(
    app: Flask, client: CheckedClient
) -> None:
    (ours, second, third), _posts = three(client)
    assert search() == 1  # the next night finds the same one
    html = page(client, ours).partition('id="circles"')[2]
    assert "Cercle de 3 organisations" in html
    assert "même catégorie (perceuses)" in html
    assert "même catégorie (tables" in html
    assert "chapiteau" not in html.lower()
    seen = circles.circles_of(ours)[0]
    for organisation in (second, third):
        assert [one.uuid for one in circles.circles_of(organisation)] == [seen.uuid]
    path = f"/fr/organisations/{ours.slug}/circles/{seen.uuid}"
    data = {"csrf_token": csrf(client, "/fr/settings")}
    html = client.post(f"{path}/dismiss", data=data, follow_redirects=True).get_data(as_text=True)
    assert "ne sauront pas qui" in html
    assert search() == 0
    assert not any(circles.circles_of(one) for one in (ours, second, third))
    person = make_person()
    make_membership(person, second)
    news.commit()
    sign_in(client, person)
    data = {"csrf_token": csrf(client, "/fr/settings")}
    assert client.post(path.replace(ours.slug, second.slug) + "/undo", data=data).status_code == 404
    assert not circles.taken_away_by(second), "who took it away is told to nobody"
    assert "Proposer de nouveau" not in page(client, second)
    make_membership(person, ours)
    news.commit()
    assert f"{path}/undo" in page(client, ours), "later, too, it can be brought back"
    answer = client.post(f"{path}/undo", data=data, follow_redirects=True)
    assert "de nouveau proposé" in answer.get_data(as_text=True)
    assert circles.circles_of(third)
    assert "Proposer de nouveau" not in page(client, ours)


def test_a_circle_ends_with_a_line_a_block_or_its_publicity(
    app: Flask, client: CheckedClient
) -> None:
    (ours, second, third), posts = three(client)
    assert circles.circles_of(ours)
    will_write()
    blocks.block_organisation(organisation=second, other=third)
    assert not circles.circles_of(ours)
    db.session.rollback()
    will_write()
    post = db.session.get_one(Post, posts[0].id)
    post.audience = Audience.MEMBERS
    assert not circles.circles_of(third)
    post.audience, post.paused_at = Audience.PUBLIC, now()
    assert not circles.circles_of(third)
    news.commit()
    assert search() == 0
