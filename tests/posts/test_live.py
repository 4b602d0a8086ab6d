"""The panel beside the sentence: what it shows, what it says of it, and how far away it looks."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from board import news
from board.extensions import db
from board.posts import within_reach
from board.posts.rules import Attendance, Kind
from board.taxonomy.models import Place
from board.taxonomy.queries import find_concept
from tests.factories import make_line, make_organisation, make_post
from tests.pages import CheckedClient, parse
from tests.posts.helpers import edit_path, my_post


def category(key: str) -> int:
    found = find_concept(key)
    assert found is not None
    return found.id


def place(name: str) -> int:
    found = db.session.scalar(select(Place.id).where(Place.name == name, Place.region == "Québec"))
    assert found is not None
    return found


def panel(client: CheckedClient, sentence: str) -> str:
    answer = client.get("/fr/publish/similar", query_string={"sentence": sentence})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_word_that_only_the_category_says_is_no_reason(client: CheckedClient) -> None:
    line = {"title": "Fauteuil berçant", "category_id": category("furniture")}
    make_post(title="Fauteuil berçant en chêne", lines=[line])
    news.commit()
    html = panel(client, "Nous cherchons un canapé")
    assert "«\u00a0canapé\u00a0» dans les deux" not in html
    assert "Fauteuil berçant" in html and "même catégorie" in html
    assert "Dans la même catégorie" in html and "Quelqu’un offre déjà ceci" not in html


def test_what_says_the_same_comes_before_what_is_of_the_same_category(
    client: CheckedClient,
) -> None:
    line = {"title": "Fauteuil berçant", "category_id": category("furniture")}
    make_post(title="Canapé bleu", lines=[line | {"title": "Canapé bleu"}])
    make_post(title="Fauteuil berçant", lines=[line])
    news.commit()
    html = panel(client, "Nous cherchons un canapé")
    assert html.index("«\u00a0canapé\u00a0» dans les deux") < html.index("Dans la même catégorie")
    assert html.index("Canapé bleu") < html.index("Fauteuil berçant")


def test_a_shared_adjective_is_not_the_same_thing_and_another_language_may_say_it(
    client: CheckedClient,
) -> None:
    tables = {"title": "Folding tables", "category_id": category("tables")}
    chairs = {"title": "Chaises pliantes", "category_id": category("chairs")}
    make_post(title="Folding tables and a gazebo", language="en", lines=[tables])
    make_post(title="Quarante chaises pliantes", lines=[chairs])
    news.commit()
    answer = client.get("/en/publish/similar", query_string={"sentence": "We need folding chairs"})
    html = answer.get_data(as_text=True)
    already = html.partition("already offering this")[2].partition("<h2")[0]
    assert "Quarante chaises pliantes" in already and "Folding tables" not in already


def test_what_must_be_fetched_far_away_is_not_proposed(client: CheckedClient) -> None:
    line = {"title": "Canapé", "category_id": category("furniture")}
    make_post(title="Canapé gris", place_id=place("Gaspé"), lines=[line])
    make_post(title="Canapé vert", place_id=place("Laval"), lines=[line])
    news.commit()
    html = panel(client, "Nous cherchons un canapé à Montréal")
    assert "Canapé vert" in html and "Canapé gris" not in html
    where = next(e for e in parse(html).iter("p") if e.get("class") == "card-where")
    assert "km" in "".join(where.itertext())
    assert "Canapé gris" in panel(client, "Nous cherchons un canapé"), "nobody knows where"


def test_the_form_looks_near_the_place_of_the_post(client: CheckedClient) -> None:
    post = my_post(client, title="Des offres pour plus tard")
    post.place_id, post.title = place("Matane"), "Canapé"
    post.purpose = post.purpose.opposite
    line = {"title": "Canapé", "category_id": category("furniture")}
    make_post(by=make_organisation(), title="Canapé vert", place_id=place("Laval"), lines=[line])
    make_post(by=make_organisation(), title="Canapé gris", place_id=place("Matane"), lines=[line])
    news.commit()
    html = client.get(edit_path(post)).get_data(as_text=True)
    assert "Canapé gris" in html and "Canapé vert" not in html


@pytest.mark.parametrize(
    ("line", "kilometres", "within"),
    [
        ({"attendance": Attendance.HERE}, 49, True),
        ({"attendance": Attendance.HERE}, 51, False),
        ({}, 51, False),
        ({"kind": Kind.KNOWLEDGE}, 900, True),
        ({"attendance": Attendance.ONLINE, "reach_km": 5}, 900, True),
        ({"attendance": Attendance.CARRIED}, 90, True),
        ({"attendance": Attendance.CARRIED}, 900, False),
        ({"attendance": Attendance.CARRIED, "reach_km": 10}, 11, False),
        ({"reach_km": 200}, 190, True),
    ],
)
def test_a_line_reaches_as_far_as_it_says(
    line: dict[str, Any], kilometres: float, within: bool
) -> None:
    assert within_reach.is_within(make_line(**line), kilometres) is within


@pytest.mark.parametrize(
    ("line", "kilometres", "near"),
    [
        ({}, 99.0, True),
        ({}, 5_419.0, False),
        ({"kind": Kind.KNOWLEDGE}, 5_419.0, False),
        ({"attendance": Attendance.CARRIED}, 5_419.0, False),
        ({"attendance": Attendance.CARRIED, "reach_km": 300}, 250.0, True),
        ({"attendance": Attendance.THERE, "reach_km": 10}, 20.0, False),
        ({"attendance": Attendance.ONLINE}, 5_419.0, True),
    ],
)
def test_near_here_is_a_days_errand_away(
    line: dict[str, Any], kilometres: float, near: bool
) -> None:
    assert within_reach.is_nearby(make_line(**line), kilometres) is near
