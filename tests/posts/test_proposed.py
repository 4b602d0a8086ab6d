"""Kind and category of a line: they follow its words until somebody chooses them."""

from __future__ import annotations

import re

from sqlalchemy import select

from board.extensions import db
from board.posts.models import Post
from board.posts.rules import Kind
from tests.pages import CheckedClient
from tests.posts.helpers import at_work, edit_path, fields, fresh, my_post, send, typed

SENTENCE = "Nous prêtons 10 chaises pliantes"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
BLOCK = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "article#preview"}


def chairs(client: CheckedClient) -> Post:
    """What the first screen makes of the sentence."""
    _person, organisation = at_work(client)
    (token,) = TOKEN.findall(client.get("/fr/publish").get_data(as_text=True))[:1]
    data = {
        "csrf_token": token,
        "purpose": "offer",
        "sentence": SENTENCE,
        "organisation": str(organisation.uuid),
    }
    assert client.post("/fr/publish", data=data).status_code == 303
    return db.session.scalars(select(Post)).one()


def category(post: Post) -> str | None:
    line = fresh(post).lines[0]
    return line.category.key if line.category else None


def test_a_category_that_nobody_chose_follows_the_words(client: CheckedClient) -> None:
    post = chairs(client)
    data = typed(client, post)
    assert data["lines-0-category"] == "chairs" == data["lines-0-proposed"].split("/")[1]
    data["lines-0-title"] = "Perceuse"
    page = send(client, post, data, "add-line").get_data(as_text=True)
    assert fields(page)["lines-0-category"] == "drill"
    assert "vous avez écrit «\u00a0Perceuse\u00a0»" in page
    assert "vous avez écrit «\u00a0chaises pliantes\u00a0»" not in page
    assert send(client, post, data).status_code == 303
    assert category(post) == "drill"
    data = typed(client, post, lines__0__title="Cuisine collective")
    assert send(client, post, data).status_code == 303
    assert (fresh(post).lines[0].kind, category(post)) == (Kind.SPACE, "kitchen_certified")


def test_a_choice_stays_whatever_the_words_become(client: CheckedClient) -> None:
    post = chairs(client)
    data = typed(client, post, lines__0__category="ladder")
    data = fields(send(client, post, data, "add-line").get_data(as_text=True))
    data["lines-0-title"] = "Perceuse"
    page = send(client, post, data, "preview").get_data(as_text=True)
    assert fields(page)["lines-0-category"] == "ladder" and "choisi par vous" in page
    assert send(client, post, fields(page)).status_code == 303
    assert typed(client, post)["lines-0-proposed"].endswith("/*")
    data = typed(client, post, lines__0__title="Chaises", lines__0__category="")
    assert send(client, post, data).status_code == 303
    assert category(post) is None


def test_an_added_line_that_is_retyped_is_not_said_to_be_chosen(client: CheckedClient) -> None:
    post = chairs(client)
    data = fields(send(client, post, typed(client, post), "add-line").get_data(as_text=True))
    data["lines-1-title"] = "Perceuse"
    data = fields(send(client, post, data, "remove-0").get_data(as_text=True))
    assert data["lines-1-category"] == "drill"
    data["lines-1-title"] = "Cuisine collective"
    page = send(client, post, data, "add-line").get_data(as_text=True)
    assert fields(page)["lines-1-category"] == "kitchen_certified"
    assert "choisi par vous" not in page
    assert "vous avez écrit «\u00a0Cuisine collective\u00a0»" in page


def test_a_line_of_words_that_say_nothing_is_read_with_the_title(client: CheckedClient) -> None:
    post = chairs(client)
    data = typed(client, post, title="Perceuse à prêter", lines__0__title="Modèle 18 V")
    assert send(client, post, data).status_code == 303
    assert category(post) == "drill"


def test_the_page_follows_while_one_types(client: CheckedClient) -> None:
    post = chairs(client)
    data, path = typed(client, post), edit_path(post).replace("/edit", "/preview")
    same = client.post(path, data=data, headers=BLOCK).get_data(as_text=True)
    assert 'id="proposed-category"' in same and 'id="lines-0-category"' not in same
    data["lines-0-title"] = "Perceuse"
    moved = client.post(path, data=data, headers=BLOCK).get_data(as_text=True)
    assert "vous avez écrit «\u00a0Perceuse\u00a0»" in moved
    assert '<option selected value="drill">' in moved and 'value="tool/drill"' in moved


def test_a_form_that_does_not_say_what_was_proposed_changes_nothing(client: CheckedClient) -> None:
    post = my_post(client, lines=[{"title": "Chaises", "kind": Kind.SPACE}])
    data = typed(client, post)
    del data["lines-0-proposed"]
    assert send(client, post, data | {"lines-0-title": "Perceuse"}).status_code == 303
    assert (fresh(post).lines[0].kind, category(post)) == (Kind.SPACE, None)
