"""Words nobody recognised: counted from public titles alone, linked by a moderator, matched."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from sqlalchemy import select

from board import news
from board.clock import now
from board.database import will_write
from board.extensions import db
from board.matching import knowledge, unlinked
from board.matching.models import Match
from board.matching.things import are_apart
from board.posts.models import LineConcept, Post
from board.posts.rules import Audience, Kind, Purpose
from board.taxonomy import queries as taxonomy
from board.taxonomy import services
from tests.factories import make_organisation, make_person, make_post
from tests.matching.helpers import concept, matches, work
from tests.pages import CheckedClient, csrf, sign_in


def viseuse(purpose: Purpose, title: str = "Viseuse à batterie", **values: object) -> Post:
    """A tool that no concept is called by, and that nobody put in a category."""
    line = {"title": title, "kind": Kind.TOOL}
    organisation = make_organisation(responsible=make_person())
    return make_post(by=organisation, purpose=purpose, title=title, lines=[line], **values)


def test_a_word_of_public_titles_is_linked_and_brings_posts_together(
    app: Flask, client: CheckedClient
) -> None:
    asked = viseuse(Purpose.NEED, "Viseuse pour la fin de semaine")
    offered = viseuse(Purpose.OFFER, "Une perceuse à prêter")
    viseuse(Purpose.NEED, "Grande viseuse pour un chantier")
    viseuse(Purpose.OFFER, "Canarimot secret", audience=Audience.MEMBERS)
    viseuse(Purpose.OFFER, "Canarimot secret", published_at=None)
    for key in ("tables", "tents", "drill"):  # a word of any post names no thing
        line = {"title": "Lampadours", "category_id": concept(key)}
        make_post(purpose=Purpose.OFFER, title="Lampadours", lines=[line])
    work()
    found = {one.text: one for one in unlinked.find(50)}
    assert found["viseuse"].posts == 2
    assert found["viseuse"].likely == "", "no category says so"
    assert not {"prêter", "grande", "fin", "semaine"} & found.keys(), "words of any post"
    assert not any("canarimot" in text for text in found)
    assert "perceuse" not in found
    assert "lampadours" not in found
    assert not any(pair_of(asked, offered, one) for one in matches())

    moderator = make_person(moderator_at=now())
    news.commit()
    sign_in(client, moderator)
    assert "viseuse" in client.get("/fr/moderation/words").get_data(as_text=True)
    data = {"csrf_token": csrf(client, "/fr/settings"), "text": "Viseuse", "language": "fr"}
    path = "/fr/moderation/words/link"
    assert client.post(path, data=data).status_code == 422
    answer = client.post(path, data={**data, "concept": "drill"}, follow_redirects=True)
    assert "mène maintenant à" in answer.get_data(as_text=True)
    work()
    assert any(pair_of(asked, offered, one) for one in matches())
    assert "viseuse" not in {one.text for one in unlinked.find(50)}
    again = client.post(path, data={**data, "concept": "tables"})
    assert (again.status_code, "désigne déjà" in again.get_data(as_text=True)) == (422, True)


def pair_of(asked: Post, offered: Post, one: Match) -> bool:
    """Whether a pair is of these two posts."""
    return (one.need_line_id, one.offer_line_id) == (asked.lines[0].id, offered.lines[0].id)


def test_two_words_linked_to_one_concept_bring_posts_together(app: Flask) -> None:
    asked = viseuse(Purpose.NEED, "Zarbok")
    offered = viseuse(Purpose.OFFER, "Gloubinette")
    work()
    will_write()
    for text in ("Zarbok", "Gloubinette"):
        unlinked.link(concept=taxonomy.get_concept("winter_clothing"), language="fr", text=text,
                      shown=False, post_ids=unlinked.posts_holding(text, "fr"))  # fmt: skip
    kind = taxonomy.catalogue("fr").by_key["winter_clothing"].kind
    for post in (asked, offered):
        db.session.get_one(Post, post.id).lines[0].kind = Kind(str(kind))
    work()
    (pair,) = matches()
    assert pair_of(asked, offered, pair)
    things = knowledge.current().things["fr"]
    boots, coats, word = (things.named([one], "winter_clothing")
                          for one in ("Bottes", "Manteaux", "Zarbok"))  # fmt: skip
    assert are_apart(boots, coats), "the words of the data file part as before"
    assert not are_apart(boots, word)


def test_a_word_is_set_aside_and_brought_back(app: Flask, client: CheckedClient) -> None:
    for purpose in Purpose:
        viseuse(purpose)
    moderator = make_person(moderator_at=now())
    news.commit()
    sign_in(client, moderator)
    token = csrf(client, "/fr/settings")

    def press(**data: str) -> set[str]:
        client.post("/fr/moderation/words/aside", data={"csrf_token": token, **data})
        return {one.text for one in unlinked.find(50)}

    assert "viseuse" in press(word="nothing")
    assert "viseuse" not in press(word="viseuse")
    assert "viseuse" in press(back="viseuse")


def test_a_word_may_become_the_label_that_is_shown(app: Flask) -> None:
    will_write()
    before = taxonomy.catalogue("fr").by_key["drill"].label
    drill = taxonomy.get_concept("drill")
    services.add_label(concept=drill, language="fr", text="Viseuses", preferred=True)
    shown = taxonomy.catalogue("fr").by_key["drill"]
    assert shown.label == "Viseuses"
    assert before in {label.text for label in shown.labels}
    assert services.load_concepts() == 0  # the data file takes nobody's choice away
    db.session.rollback()
    assert taxonomy.catalogue("fr").by_key["drill"].label == before


def test_a_word_that_a_moderator_added_is_taken_back_with_what_it_linked(
    app: Flask, client: CheckedClient, caplog: pytest.LogCaptureFixture
) -> None:
    asked = viseuse(Purpose.NEED, "Viseuse pour la fin de semaine")
    offered = viseuse(Purpose.OFFER, "Une perceuse à prêter")
    moderator, other = make_person(moderator_at=now()), make_person()
    work()
    sign_in(client, moderator)
    data = {"csrf_token": csrf(client, "/fr/settings"), "text": "Viseuse", "language": "fr",
            "concept": "drill"}  # fmt: skip
    client.post("/fr/moderation/words/link", data={**data, "shown": "y"})
    work()
    assert any(pair_of(asked, offered, one) for one in matches())
    assert taxonomy.catalogue("fr").by_key["drill"].label == "Viseuse"
    listed = client.get("/fr/moderation/words/added").get_data(as_text=True)
    assert "Retirer «\u00a0Viseuse\u00a0»" in listed
    back = "/fr/moderation/words/take-back"
    assert client.post(back, data={**data, "text": "perceuse"}).status_code == 404, "the file's"

    sign_in(client, other)
    token = csrf(client, "/fr/settings")
    assert client.post(back, data={**data, "csrf_token": token}).status_code == 404
    sign_in(client, moderator)
    data["csrf_token"] = csrf(client, "/fr/settings")
    assert client.get(back).status_code == 405
    with caplog.at_level(logging.INFO, "board.matching.added"):
        answer = client.post(back, data=data, follow_redirects=True)
    assert "Viseuse\u00a0» est retiré" in answer.get_data(as_text=True)
    assert f"moderator {moderator.uuid} took the word 'Viseuse'" in caplog.text
    work()
    assert not any(pair_of(asked, offered, one) for one in matches())
    assert not db.session.scalars(select(LineConcept).where(
        LineConcept.line_id == asked.lines[0].id)).all()  # fmt: skip
    drill = taxonomy.catalogue("fr").by_key["drill"]
    assert drill.label != "Viseuse", "the label of the data file is shown again"
    assert "Viseuse" not in {label.text for label in drill.labels}
    assert services.load_concepts() == 0
    assert client.post(back, data=data).status_code == 404, "taken back twice"
