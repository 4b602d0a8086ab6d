"""The frozen contract of `GET /api/v1/posts`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from board import news
from board.database import will_write
from board.extensions import db
from board.posts.models import Post, PostTag
from board.posts.rules import Attendance, Basis, Kind, Purpose
from board.taxonomy.place_queries import find_place_by_text
from board.taxonomy.queries import find_concept
from tests.conftest import NOW
from tests.factories import make_line, make_organisation, make_post
from tests.pages import CheckedClient


def chairs() -> str:
    """Publish the contract's own example and return its id."""
    category = find_concept("chairs")
    assert category is not None
    post = make_post(
        by=make_organisation(slug="maison-des-voisins", name="Maison des voisins", verified_at=NOW),
        title="Chaises pliantes",
        place=find_place_by_text("Matane"),
        lines=[
            {"category_id": category.id, "basis": Basis.LOAN, "quantity": 40, "committed": 28,
             "needed_from": date(2027, 5, 1), "attendance": Attendance.CARRIED, "reach_km": 10}
        ],
    )  # fmt: skip
    post.tags.append(PostTag(text="fête", folded="fete"))
    db.session.flush()
    news.commit()
    return str(post.uuid)


def test_a_post_is_told_as_the_contract_says(client: CheckedClient) -> None:
    uuid = chairs()
    answer = client.get("/api/v1/posts?q=chaises&near=48.85,-67.53&radius_km=50")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    body = answer.get_json()
    assert set(body) == {"total", "page", "per_page", "next", "facets", "items"}
    assert (body["total"], body["page"], body["per_page"], body["next"]) == (1, 1, 20, None)
    assert body["facets"]["purpose"] == {"offer": 1}
    assert body["facets"]["kind"] == {"tool": 1}
    assert body["facets"]["category"]["chairs"] == 1
    item = body["items"][0]
    assert set(item) == {
        "id", "purpose", "title", "url", "language", "state", "freshness", "audience", "lines",
        "organisation", "place", "tags", "published_at", "confirmed_at", "expires_at", "score",
        "highlights",
    }  # fmt: skip
    assert item["id"] == uuid
    assert item["url"].endswith(f"/p/{uuid}")
    assert (item["state"], item["freshness"], item["audience"]) == ("partly_met", "fresh", "public")
    line = item["lines"][0]
    assert line.pop("id")
    assert line == {
        "title": "Chaises pliantes", "kind": "tool", "category": "chairs", "basis": "loan",
        "quantity": 40, "remaining": 12, "unit": None, "from": "2027-05-01", "until": None,
        "attendance": "carried", "reach_km": 10,
    }  # fmt: skip
    assert item["organisation"]["slug"] == "maison-des-voisins"
    assert item["organisation"]["verified"] is True
    assert set(item["place"]) == {"label", "lat", "lon", "distance_km"}
    assert isinstance(item["place"]["distance_km"], int)
    assert round(item["place"]["lat"], 2) == item["place"]["lat"]
    assert item["tags"] == ["fête"]
    assert item["published_at"].endswith("Z")
    assert 0 <= item["score"] <= 1
    assert item["highlights"]["title"] == "<mark>Chaises</mark> pliantes"


@pytest.mark.parametrize(
    "query",
    ["nothing=1", "closed=1", "place=Matane", "kind=gold", "purpose=gift", "page=-1", "page=0",
     "page=1000000000", "per_page=101", "near=1000,0", "near=x", "near=٤,1", "page=٣",
     "radius_km=10", "sort=price",
     "sort=nearest", "from=tomorrow", "from=2027-05-02&until=2027-05-01", "category=gold",
     "language=zz", "per_page=0", "category=" + "x" * 300, "cursor=zzz", "freshness=old",
     "attendance=maybe", "basis=sale"],
)  # fmt: skip
def test_an_unknown_filter_or_value_is_400(client: CheckedClient, query: str) -> None:
    answer = client.get(f"/api/v1/posts?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["status"] == 400


@pytest.mark.parametrize(
    "query", ["nothing=1", "category=gold", "kind=gold", "page=0", "sort=nearest"]
)
def test_a_refusal_speaks_one_language(client: CheckedClient, query: str) -> None:
    said = {}
    for language in ("", "fr", "en", "es"):
        headers = {"Accept-Language": language} if language else {}
        answer = client.get(f"/api/v1/posts?{query}", headers=headers)
        said[language] = answer.get_json()["detail"]
        assert "Accept-Language" in answer.headers["Vary"]
    assert said[""] == said["fr"]
    assert len(set(said.values())) == 3, said


def test_pages_follow_each_other_and_meet_every_post_once(client: CheckedClient) -> None:
    organisation = make_organisation()
    wanted = {str(make_post(by=organisation, title=f"Chaise {n}").uuid) for n in range(7)}
    news.commit()
    seen: list[str] = []
    address: str | None = "/api/v1/posts?per_page=3"
    while address:
        body = client.get(address.replace("http://127.0.0.1:8000", "")).get_json()
        seen += [item["id"] for item in body["items"]]
        address = body["next"]
    assert len(seen) == 7
    assert set(seen) == wanted


def test_next_leads_past_a_thousand_to_the_last_post(client: CheckedClient) -> None:
    organisation = make_organisation()
    old = [
        Post(organisation=organisation, purpose=Purpose.OFFER, title="Chaise", language="fr",
             timezone="UTC", published_at=at, confirmed_at=at, ranked_at=at,
             all_lines=[make_line(title="Chaise")])
        for at in (NOW - timedelta(minutes=n // 2) for n in range(1_030))
    ]  # fmt: skip
    will_write()
    db.session.add_all(old)
    news.commit()
    wanted = {str(post.uuid) for post in old}
    for begun, pages in (("?per_page=90", 13), ("?per_page=100&cursor=", 11)):
        seen, read = walked(client, begun)
        assert len(seen) == 1_030 and set(seen) == wanted and read == pages
    for order in ("q=chaise", "sort=soonest"):
        seen, _read = walked(client, f"?per_page=100&page=8&{order}")
        assert len(seen) == len(set(seen)) == 300, "a thousand is the end of this order"


def walked(client: CheckedClient, begun: str) -> tuple[list[str], int]:
    """Follow `next` to the end: the posts met on the way, and the pages read."""
    seen: list[str] = []
    address: str | None = f"/api/v1/posts{begun}"
    pages = 0
    while address:
        body = client.get(address.replace("http://127.0.0.1:8000", "")).get_json()
        seen += [item["id"] for item in body["items"]]
        address, pages = body["next"], pages + 1
    return seen, pages


def test_each_filter_narrows(client: CheckedClient) -> None:
    make_post(purpose=Purpose.NEED, title="Une salle", lines=[{"kind": Kind.SPACE, "basis": None}])
    make_post(title="Perceuse", language="en", lines=[{"basis": Basis.GIFT}])
    news.commit()
    for query, total in {
        "purpose=need": 1, "kind=space": 1, "kind=space&kind=tool": 2, "basis=gift": 1,
        "language=en": 1, "freshness=fresh": 2, "freshness=stale": 0, "q=perceusse": 1,
        "tag=personne": 0, "kind=tool&tag=personne": 0,
    }.items():  # fmt: skip
        assert client.get(f"/api/v1/posts?{query}").get_json()["total"] == total, query


def test_a_tag_is_a_free_word_and_the_page_says_so(client: CheckedClient) -> None:
    answer = client.get("/api/v1/posts?tag=personne")
    assert (answer.status_code, answer.get_json()["items"]) == (200, [])
    assert "trouve zéro annonce, sans erreur" in client.get("/fr/open-data").get_data(as_text=True)


def test_the_health_pages_answer(client: CheckedClient) -> None:
    assert client.get("/healthz").status_code == 200
    away = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/readyz", environ_base=away).get_json() == {"ready": True}


def test_the_same_answer_is_not_sent_twice(client: CheckedClient) -> None:
    first = client.get("/api/v1/posts")
    again = client.get("/api/v1/posts", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_hidden_contacts_are_said_in_the_language_of_the_post(client: CheckedClient) -> None:
    make_post(title="Write to jean@example.org", language="en")
    news.commit()
    for reader in ("fr", "es"):
        answer = client.get("/api/v1/posts", headers={"Accept-Language": reader})
        assert answer.get_json()["items"][0]["title"] == "Write to [contact details hidden]"
