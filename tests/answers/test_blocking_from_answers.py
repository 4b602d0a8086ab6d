"""An editor blocks whoever answered, from the answer, by name: the address stays unseen."""

from __future__ import annotations

import pytest
from flask import Flask

from board import news
from board.answers.models import Response
from board.answers.rules import State
from board.database import will_write
from board.matching import blocks
from board.posts.models import Post
from tests.answers.helpers import answered, need
from tests.answers.test_blocking import again
from tests.answers.test_pages import act, guest_sends, only
from tests.factories import make_organisation, make_person
from tests.matching.test_blocks import press
from tests.pages import CheckedClient, csrf, sign_in, text_of

ADDRESS = "paul@exemple.org"


def _from(whom: str, client: CheckedClient, post: Post) -> Response:
    """Somebody answers: a guest, a person, or an organisation."""
    if whom == "guest":
        guest_sends(client, post, email=ADDRESS)
        will_write()
        only().confirmed_at = only().created_at
        news.commit()
        return only()
    paul = make_person(name="Paul", email=ADDRESS)
    if whom == "person":
        return answered(post, paul)
    theirs = make_organisation(name="Outilthèque des Vents", responsible=paul)
    return answered(post, paul, organisation=theirs)


@pytest.mark.parametrize("whom", ["guest", "person", "organisation"])
def test_whoever_answered_is_blocked_from_the_answer_by_name(
    app: Flask, client: CheckedClient, whom: str
) -> None:
    post, editor = need()
    one = _from(whom, client, post)
    name = "Outilthèque des Vents" if whom == "organisation" else "Paul"
    word = "Bloquer cette organisation" if whom == "organisation" else "Bloquer cette personne"
    desk = app.test_client()
    assert isinstance(desk, CheckedClient)
    sign_in(desk, editor)
    page = text_of(desk.get(f"/fr/answers/{one.uuid}"))
    assert word in page and ADDRESS not in page
    unsure = act(desk, one, "block")
    assert (unsure.status_code, "Cochez la case" in text_of(unsure)) == (422, True)
    assert not blocks.list_of(post.organisation_id)
    assert act(desk, one, "block", block_sure="y").status_code == 303
    assert again(one).state is State.DECLINED, "the ordinary no"
    listed = f"/fr/organisations/{post.organisation.slug}/blocks"
    page = text_of(desk.get(listed))
    assert f"Débloquer {name}" in page and ADDRESS not in page
    assert f"{name} est bloquée" in page, "told once, by name"
    assert act(desk, one, "block", block_sure="y").status_code == 303, "twice is once"
    (row,) = blocks.list_of(post.organisation_id)
    _status, html = press(desk, post.organisation, f"{row.id}/lift")
    assert f"{name} n’est plus bloquée" in html and ADDRESS not in html
    assert not blocks.list_of(post.organisation_id)


def test_nobody_but_its_editors_blocks_from_an_answer(app: Flask, client: CheckedClient) -> None:
    post, _editor = need()
    ana, stranger = make_person(name="Ana"), make_person()
    one = answered(post, ana)
    path, asked = f"/fr/answers/{one.uuid}", {"do": "block", "block_sure": "y"}
    assert client.post(path, data=asked).status_code == 403
    sign_in(client, ana)
    assert "Bloquer" not in text_of(client.get(path))
    assert act(client, one, "block", block_sure="y").status_code == 422
    other = app.test_client()
    assert isinstance(other, CheckedClient)
    sign_in(other, stranger)
    asked["csrf_token"] = csrf(other, "/fr/settings")
    assert other.post(path, data=asked).status_code == 404
    assert not blocks.list_of(post.organisation_id)
