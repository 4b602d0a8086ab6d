"""Two editors at once: neither loses a word, and nobody's old words come back over new ones."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from board.extensions import db
from board.posts.models import PostRevision
from tests.pages import CheckedClient
from tests.posts.helpers import edit_path, fields, fresh, my_post, send, typed


def new_line(number: int, title: str) -> dict[str, str]:
    """What a browser sends of a line that was just added."""
    line = {"title": title, "kind": "tool", "category": "", "basis": "", "attendance": ""}
    return {f"lines-{number}-{name}": value for name, value in line.items()}


def test_what_i_did_not_touch_takes_the_saved_value(client: CheckedClient) -> None:
    post = my_post(client, body_md="Avant")
    mine = typed(client, post, body="Mon détail")
    theirs = typed(client, post, title="Leur titre", tags="leur mot", place="Matane")
    assert send(client, post, theirs).status_code == 303
    answer = send(client, post, mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and 'id="to-choose"' not in page
    for text in ("Mon détail", "Leur titre", "leur mot", "Chaises pliantes"):
        assert text in page
    assert fresh(post).body_md == "Avant"
    assert send(client, post, fields(page)).status_code == 303
    post = fresh(post)
    assert (post.title, post.body_md, post.edit_version) == ("Leur titre", "Mon détail", 3)
    assert [tag.text for tag in post.tags] == ["leur mot"]
    assert post.place is not None and post.place.name == "Matane"


@pytest.mark.parametrize(("keep", "title"), [("mine", "Mon titre"), ("theirs", "Leur titre")])
def test_what_both_changed_is_saved_only_once_it_is_chosen(
    client: CheckedClient, keep: str, title: str
) -> None:
    post = my_post(client)
    mine = typed(client, post, title="Mon titre", body="Mon détail")
    assert send(client, post, typed(client, post, title="Leur titre")).status_code == 303
    answer = send(client, post, mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Mon titre" in page and "Leur titre" in page
    again = fields(page)
    assert again["title"] == "Mon titre" and "keep-title" not in again
    for do in ("save", "publish"):
        silent = send(client, post, again, do)
        assert silent.status_code == 422 and fresh(post).title == "Leur titre"
        assert "Choisissez quel texte garder" in silent.get_data(as_text=True)
    again = fields(silent.get_data(as_text=True))
    assert again["clashes"] == "title" and again["body"] == "Mon détail"
    assert send(client, post, again | {"keep-title": keep}).status_code == 303
    post = fresh(post)
    assert (post.title, post.body_md) == (title, "Mon détail")


def test_the_question_stays_while_lines_are_added_or_something_else_is_wrong(
    client: CheckedClient,
) -> None:
    post = my_post(client)
    mine = typed(client, post, title="Mon titre")
    send(client, post, typed(client, post, title="Leur titre"))
    again = fields(send(client, post, mine).get_data(as_text=True)) | {"keep-title": "theirs"}
    for do, change in (("add-line", {}), ("preview", {}), ("save", {"tags": "x" * 41})):
        page = send(client, post, again | change, do).get_data(as_text=True)
        kept = fields(page)
        assert kept["clashes"] == "title" and kept["keep-title"] == "theirs", do


def test_a_text_mended_by_hand_into_the_other_needs_no_choice(client: CheckedClient) -> None:
    post = my_post(client)
    mine = typed(client, post, title="Mon titre")
    send(client, post, typed(client, post, title="Leur titre"))
    again = fields(send(client, post, mine).get_data(as_text=True))
    assert send(client, post, again | {"title": "Leur titre"}).status_code == 303


def test_each_line_keeps_what_each_did_to_it(client: CheckedClient) -> None:
    post = my_post(client, lines=[{"title": "Tables", "quantity": 4}, {"title": "Chaises"}])
    mine = typed(client, post, lines__0__quantity="6")
    mine |= new_line(2, "Verres")
    theirs = typed(client, post, lines__1__title="Chaises droites")
    theirs |= new_line(7, "Nappes")
    assert send(client, post, theirs).status_code == 303
    answer = send(client, post, mine)
    assert answer.status_code == 409
    assert send(client, post, fields(answer.get_data(as_text=True))).status_code == 303
    lines = [(line.title, line.quantity) for line in fresh(post).lines]
    assert lines == [("Tables", 6), ("Chaises droites", None), ("Verres", None), ("Nappes", None)]


@pytest.mark.parametrize(("keep", "titles"), [("mine", ["Tables", "Chaises droites"]),
                                              ("theirs", ["Tables"])])  # fmt: skip
def test_a_line_removed_by_someone_else_while_i_changed_it_is_asked(
    client: CheckedClient, keep: str, titles: list[str]
) -> None:
    post = my_post(client, lines=[{"title": "Tables"}, {"title": "Chaises"}])
    chairs = post.lines[1].uuid
    mine = typed(client, post, lines__1__title="Chaises droites")
    theirs = {k: v for k, v in typed(client, post).items() if not k.startswith("lines-1-")}
    assert send(client, post, theirs).status_code == 303
    answer = send(client, post, mine)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Chaises droites" in page
    again = fields(page)
    assert send(client, post, again).status_code == 422
    assert send(client, post, again | {f"keep-{chairs}": keep}).status_code == 303
    assert [line.title for line in fresh(post).lines] == titles
    if keep == "mine":
        assert fresh(post).lines[1].uuid == chairs


def test_a_third_editor_is_not_overwritten_either(client: CheckedClient) -> None:
    post = my_post(client)
    mine = typed(client, post, title="Mon titre")
    send(client, post, typed(client, post, title="Leur titre"))
    again = fields(send(client, post, mine).get_data(as_text=True))
    third = typed(client, post, title="Un troisième titre")
    assert send(client, post, third).status_code == 303
    answer = send(client, post, again | {"keep-title": "mine"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Un troisième titre" in page
    again = fields(page)
    assert again["clashes"] == "title" and "keep-title" not in again
    assert send(client, post, again | {"keep-title": "theirs"}).status_code == 303
    assert fresh(post).title == "Un troisième titre"


def test_a_post_that_came_without_a_revision_gets_one_to_compare_with(
    client: CheckedClient,
) -> None:
    post = my_post(client)
    assert db.session.scalar(select(PostRevision)) is None
    send(client, post, typed(client, post, title="Changé"))
    db.session.rollback()
    kept = db.session.scalars(select(PostRevision).order_by(PostRevision.edit_version)).all()
    assert [(one.edit_version, one.snapshot["title"]) for one in kept] == [
        (1, "Chaises pliantes"),
        (2, "Changé"),
    ]


@pytest.mark.parametrize("version", ["", "0", "99", "x", "-1"])
def test_a_form_that_knows_no_version_overwrites_nothing(
    client: CheckedClient, version: str
) -> None:
    post = my_post(client)
    answer = send(client, post, typed(client, post, title="Mon titre") | {"edit_version": version})
    assert answer.status_code == 409 and fresh(post).title == "Chaises pliantes"
    page = answer.get_data(as_text=True)
    assert "de quelle version votre page est partie" in page
    assert "a enregistré" not in page and "Deux personnes" not in page, "nobody else wrote"
    again = fields(page)
    assert again["clashes"] == "title"
    assert send(client, post, again | {"keep-title": "mine"}).status_code == 303


@pytest.mark.parametrize(
    "strange",
    [{"clashes": "title " * 5000}, {"clashes": "\x00 lines place_id __dict__", "keep-": "mine"},
     {"clashes": "title", "keep-title": "both"}, {"keep-title": "theirs"}],
)  # fmt: skip
def test_strange_answers_are_harmless(client: CheckedClient, strange: dict[str, str]) -> None:
    post = my_post(client)
    answer = client.post(edit_path(post), data=typed(client, post) | {"do": "save"} | strange)
    assert answer.status_code == 303
    assert fresh(post).title == "Chaises pliantes"


def test_a_line_taken_off_can_still_come_back_after_somebody_else_saved(
    client: CheckedClient,
) -> None:
    post = my_post(client)
    send(client, post, typed(client, post) | new_line(1, "Tables") | {"lines-1-effort": "le lundi"})
    off = fields(send(client, post, typed(client, post), "remove-1").get_data(as_text=True))
    off |= new_line(2, "Nappes")
    off = fields(send(client, post, off, "remove-2").get_data(as_text=True))
    send(client, post, typed(client, post, title="Leur titre"))
    answer = send(client, post, off)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert page.count('class="line-removed"') == 2
    back = fields(page)
    for title in ("Tables", "Nappes"):
        index = next(
            k.split("-")[1] for k, v in back.items() if k.startswith("lines-") and v == title
        )
        back = fields(send(client, post, back, f"restore-{index}").get_data(as_text=True))
    assert send(client, post, back).status_code == 303
    post = fresh(post)
    assert [line.title for line in post.lines][1:] == ["Tables", "Nappes"]
    assert post.lines[1].effort == "le lundi" and post.title == "Leur titre"
