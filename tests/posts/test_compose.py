"""The first screen: one sentence, with and without an account."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from board import news
from board.extensions import db
from board.organisations.models import Membership, Organisation
from board.posts.models import Post, PostEvent, PostRevision
from board.posts.rules import Basis, Event, Kind, Purpose
from board.taxonomy.place_queries import find_place_by_text
from board.taxonomy.queries import find_concept
from tests.accounts.helpers import PASSWORD
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, sign_in
from tests.posts.helpers import at_work, edit_path, fields, send, typed

SENTENCE = "Nous cherchons une salle accessible pour 20 personnes, le lundi soir, à Matane."


def posts() -> list[Post]:
    db.session.rollback()
    return list(db.session.scalars(select(Post).order_by(Post.id)))


def test_anybody_may_see_the_first_screen(client: CheckedClient) -> None:
    page = client.get("/fr/publish").get_data(as_text=True)
    assert "Publier une annonce" in page and 'name="sentence"' in page
    assert 'id="live-panel"' in page


def test_a_link_may_begin_the_sentence(client: CheckedClient) -> None:
    page = client.get("/fr/publish?purpose=need&sentence=des+chaises").get_data(as_text=True)
    assert ">des chaises<" in page.replace("\r\n", "").replace("\n", "")


def test_a_sentence_becomes_a_draft_with_proposals(client: CheckedClient) -> None:
    _person, organisation = at_work(client)
    page = client.get("/fr/publish")
    token = _token(page.get_data(as_text=True))
    answer = client.post(
        "/fr/publish",
        data={"csrf_token": token, "purpose": "need", "sentence": SENTENCE,
              "organisation": str(organisation.uuid)},
    )  # fmt: skip
    assert answer.status_code == 303
    (post,) = posts()
    assert answer.location.endswith(f"/fr/p/{post.uuid}/edit")
    assert post.published_at is None and post.purpose is Purpose.NEED
    assert post.sentence == SENTENCE and not post.title.startswith("Nous cherchons")
    assert post.lines[0].kind is Kind.SPACE and post.lines[0].category is not None
    assert post.place is not None and post.place.name == "Matane"
    events = list(db.session.scalars(select(PostEvent.event).where(PostEvent.post_id == post.id)))
    assert events == [Event.DRAFTED]
    assert db.session.scalar(select(PostRevision.edit_version)) == 1
    shown = client.get(answer.location).get_data(as_text=True)
    assert "Le babillard propose" in shown and "«\u00a0salle\u00a0»" in shown


LONG = (
    "Nous cherchons vingt chaises pliantes et six tables pour la fête de quartier du 12 mai à"
    " Rimouski, que nous pourrions aller chercher la veille avec la camionnette de la paroisse et"
    " rapporter le lundi suivant bien propres, avant midi si cela vous convient, merci"
)


@pytest.mark.parametrize(
    ("sentence", "goes_on"),
    [(LONG, True), (LONG.replace(",", ""), True), ("Nous prêtons 40 chaises pliantes", False),
     ("Nous avons une salle à Matane à prêter", False)],
)  # fmt: skip
def test_what_does_not_fit_in_the_title_is_kept_as_the_details(
    client: CheckedClient, sentence: str, goes_on: bool
) -> None:
    _person, organisation = at_work(client)
    token = _token(client.get("/fr/publish").get_data(as_text=True))
    data = {"csrf_token": token, "purpose": "need", "sentence": sentence}
    client.post("/fr/publish", data=data | {"organisation": str(organisation.uuid)})
    (post,) = posts()
    assert post.body_md == (sentence if goes_on else "")


def test_the_organisation_is_made_in_the_same_form(client: CheckedClient) -> None:
    person = make_person()
    news.commit()
    sign_in(client, person)
    token = _token(client.get("/fr/publish").get_data(as_text=True))
    answer = client.post(
        "/fr/publish",
        data={"csrf_token": token, "purpose": "offer", "sentence": "Nous prêtons 40 chaises",
              "organisation": "new", "organisation_name": "Cuisine du Faubourg"},
    )  # fmt: skip
    assert answer.status_code == 303
    organisation = db.session.scalar(
        select(Organisation).where(Organisation.name == "Cuisine du Faubourg")
    )
    assert organisation is not None
    member = db.session.scalar(
        select(Membership).where(Membership.organisation_id == organisation.id)
    )
    assert member is not None and member.person_id == person.id
    assert posts()[0].organisation_id == organisation.id


def test_a_person_without_organisation_names_one(client: CheckedClient) -> None:
    person = make_person()
    news.commit()
    sign_in(client, person)
    token = _token(client.get("/fr/publish").get_data(as_text=True))
    data = {"csrf_token": token, "purpose": "need", "sentence": SENTENCE, "organisation": "new"}
    answer = client.post("/fr/publish", data=data)
    assert answer.status_code == 422
    assert "Écrivez le nom de votre organisation" in answer.get_data(as_text=True)


def test_the_panel_says_which_of_my_words_are_shared(client: CheckedClient) -> None:
    make_post(title="Chaises pliantes à prêter")
    news.commit()
    page = client.get("/fr/publish/similar?purpose=need&sentence=une+chaise+pliante")
    html = page.get_data(as_text=True)
    assert "«\u00a0chaise\u00a0» et «\u00a0chaises\u00a0»" in html
    assert "«\u00a0pliante\u00a0» et «\u00a0pliantes\u00a0»" in html


def test_another_organisation_cannot_be_borrowed(client: CheckedClient) -> None:
    at_work(client)
    theirs = make_organisation()
    news.commit()
    token = _token(client.get("/fr/publish").get_data(as_text=True))
    answer = client.post(
        "/fr/publish",
        data={"csrf_token": token, "purpose": "need", "sentence": SENTENCE,
              "organisation": str(theirs.uuid)},
    )  # fmt: skip
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Choisissez une de vos organisations." in page and "Matane" in page
    assert posts() == []


@pytest.mark.parametrize(
    "bad",
    [
        {"sentence": ""},
        {"sentence": "x" * 401},
        {"purpose": "gold"},
        {"organisation": "../../etc"},
        {"organisation_name": "x" * 121},
        {"sentence": "\x00\x01"},
    ],
)
def test_bad_input_is_said_and_kept(client: CheckedClient, bad: dict[str, str]) -> None:
    _person, organisation = at_work(client)
    token = _token(client.get("/fr/publish").get_data(as_text=True))
    data = {"csrf_token": token, "purpose": "need", "sentence": SENTENCE,
            "organisation": str(organisation.uuid), **bad}  # fmt: skip
    answer = client.post("/fr/publish", data=data)
    assert answer.status_code == 422
    assert "à corriger" in answer.get_data(as_text=True)
    assert posts() == []


def test_a_visitor_signs_in_and_finds_the_sentence_again(client: CheckedClient) -> None:
    from board.accounts import passwords

    person = make_person(email="ana@exemple.org", password_hash=passwords.hash_password(PASSWORD))
    make_organisation(responsible=person, name="Chez Ana")
    news.commit()
    answer = client.post(
        "/fr/publish",
        data={"purpose": "offer", "sentence": "Nous prêtons 40 chaises pliantes",
              "organisation": "new", "organisation_name": "chez ana"},
    )  # fmt: skip
    assert answer.status_code == 303 and "sign-in" in answer.location
    signed = client.post(answer.location, data={"email": "ana@exemple.org", "password": PASSWORD})
    assert signed.status_code == 303 and signed.location.endswith("/fr/publish")
    page = client.get(signed.location).get_data(as_text=True)
    assert "Nous prêtons 40 chaises pliantes" in page and "Chez Ana" in page
    assert 'value="chez ana"' not in page, "it is one's own organisation, not another to make"


def test_the_panel_answers_as_block_and_page(client: CheckedClient) -> None:
    make_post(title="Chaises pliantes à prêter")
    news.commit()
    address = "/fr/publish/similar?purpose=need&sentence=chaises+pliantes"
    page = client.get(address)
    assert page.status_code == 200 and b"<html" in page.data
    block = client.get(
        address,
        headers={
            "HX-Request": "true",
            "HX-Request-Type": "partial",
            "HX-Target": "aside#live-panel",
        },
    )
    assert b"<html" not in block.data and b'id="live-panel"' in block.data
    assert "Quelqu’un offre déjà ceci" in block.get_data(as_text=True)


def test_the_panel_shows_my_near_duplicate_only_to_me(client: CheckedClient) -> None:
    _person, organisation = at_work(client)
    make_post(by=organisation, title="Chaises pliantes", purpose=Purpose.NEED)
    news.commit()
    address = f"/fr/publish/similar?sentence=chaises+pliantes&organisation={organisation.uuid}"
    assert "déjà une annonce semblable" in client.get(address).get_data(as_text=True)
    assert isinstance(client.application, Flask)
    other = client.application.test_client()
    assert "déjà une annonce semblable" not in other.get(address).get_data(as_text=True)


def test_hostile_questions_of_the_panel_get_a_plain_answer(client: CheckedClient) -> None:
    for query in ("sentence=%22%2A%28%29", "organisation=x", "purpose=&sentence=%E2%82%AC"):
        assert client.get(f"/fr/publish/similar?{query}").status_code == 200
    for query in ("sentence=" + "a" * 401, "purpose=gift", "phrase=salle", "sentence=%E9%FF"):
        answer = client.get(f"/fr/publish/similar?{query}")
        assert answer.status_code == 400, query
    kept = client.get("/fr/publish/similar?sentence=" + "a" * 401).get_data(as_text=True)
    assert "Une phrase suffit" in kept
    assert "a" * 401 in kept


def _token(html: str) -> str:
    from tests.pages import parse

    return next(
        f.get("value", "") for f in parse(html).iter("input") if f.get("name") == "csrf_token"
    )


def test_the_live_panel_leaves_out_what_is_of_another_kind(client: CheckedClient) -> None:
    make_post(title="Fauteuils roulants et salle de bain", lines=[{"kind": Kind.TOOL}])
    make_post(title="Grande salle accessible", lines=[{"kind": Kind.SPACE, "basis": None}])
    news.commit()
    sentence = "Nous cherchons une salle accessible en fauteuil roulant"
    page = client.get("/fr/publish/similar", query_string={"purpose": "need", "sentence": sentence})
    html = page.get_data(as_text=True)
    assert "Grande salle accessible" in html
    assert "Fauteuils roulants" not in html


def test_one_shared_word_asks_for_a_like_category(client: CheckedClient) -> None:
    def category(key: str) -> int:
        found = find_concept(key)
        assert found is not None
        return found.id

    make_post(title="Projecteur pour table ronde",
              lines=[{"title": "Projecteur", "category_id": category("projector")}])  # fmt: skip
    make_post(title="Grande table", lines=[{"title": "Table", "category_id": category("tables")}])
    news.commit()
    query = {"purpose": "need", "sentence": "Nous cherchons une table"}
    html = client.get("/fr/publish/similar", query_string=query).get_data(as_text=True)
    assert "Grande table" in html
    assert "Projecteur" not in html


def test_a_name_that_another_organisation_almost_bears_is_asked_about(
    client: CheckedClient,
) -> None:
    from board.clock import now

    first = make_organisation(name="Maison des Voisins du Canal", verified_at=now())
    person = make_person()
    news.commit()
    sign_in(client, person)
    sent = {"purpose": "offer", "sentence": "Nous offrons 10 tables à Matane",
            "organisation": "new", "organisation_name": "Maison des voisins du canal"}  # fmt: skip
    sent["csrf_token"] = _token(client.get("/fr/publish").get_data(as_text=True))
    asked = client.post("/fr/publish", data=sent)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert "presque ce nom" in page and f"/fr/organisations/{first.slug}" in page
    assert 'name="different"' in page and "Nous offrons 10 tables" in page
    assert not posts()
    assert client.post("/fr/publish", data={**sent, "different": "y"}).status_code == 303
    (post,) = posts()
    assert post.organisation.resembles_id == first.id


def test_a_post_under_a_name_that_resembles_another_says_so(client: CheckedClient) -> None:
    from board.clock import now

    first = make_organisation(name="Maison des Voisins", verified_at=now())
    second = make_organisation(name="Maison des voisins", resembles_id=first.id)
    post = make_post(title="Tables", by=second)
    news.commit()
    assert "Maison des voisins (non vérifiée)" in client.get("/fr/").get_data(as_text=True)
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "ressemble à celui" in page and f"/fr/organisations/{first.slug}" in page
    assert "ressemble à celui" in client.get("/fr/organisations/").get_data(as_text=True)


def test_two_counted_things_are_two_lines_on_the_terms_of_the_verb(client: CheckedClient) -> None:
    _person, organisation = at_work(client)
    token = _token(client.get("/fr/publish").get_data(as_text=True))
    sentence = "Nous prêtons 12 chaises pliantes et deux tables à Matane"
    data = {"csrf_token": token, "purpose": "offer", "sentence": sentence,
            "organisation": str(organisation.uuid)}  # fmt: skip
    answer = client.post("/fr/publish", data=data)
    (post,) = posts()
    assert [(line.title, line.quantity, line.basis) for line in post.lines] == [
        ("Chaises pliantes", 12, Basis.LOAN),
        ("Tables", 2, Basis.LOAN),
    ]
    assert [line.category.key for line in post.lines if line.category] == ["chairs", "tables"]
    page = client.get(answer.location).get_data(as_text=True)
    assert "vous avez écrit «\u00a0prêtons\u00a0»" in page


def test_a_place_name_that_several_places_have_is_asked_about(client: CheckedClient) -> None:
    _person, organisation = at_work(client)
    token = _token(client.get("/fr/publish").get_data(as_text=True))
    begun = {"purpose": "need", "sentence": "Nous cherchons une salle à Saint-Jean",
             "organisation": str(organisation.uuid), "csrf_token": token}  # fmt: skip
    assert client.post("/fr/publish", data=begun).status_code == 303
    (post,) = posts()
    assert post.place is not None and post.place.label == "Saint-Jean-sur-Richelieu"
    assert post.lines[0].quantity == 1
    page = client.get(edit_path(post)).get_data(as_text=True)
    other = find_place_by_text("Saint John, Nouveau-Brunswick")
    assert other is not None and f'value="place-{other.uuid}"' in page
    assert ">Prêt</option>" in page
    data = typed(client, post, title="Une salle calme à Saint-Jean")
    page = send(client, post, data, f"place-{other.uuid}").get_data(as_text=True)
    chosen = fields(page)
    assert chosen["place"] == other.label and chosen["title"] == data["title"]
    assert post.place != other and "Saint-Jean-sur-Richelieu</button>" in page
    refused = send(client, post, chosen | {"place": "Saint-Henri"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "Plusieurs lieux portent ce nom" in page
    assert "Saint-Henri, Bellechasse</button>" in page
    assert send(client, post, chosen | {"place": "Saint-Henri, Bellechasse"}).status_code == 303


def test_a_link_that_says_neither_need_nor_offer_is_answered_in_words(
    client: CheckedClient,
) -> None:
    for link in ("purpose=gift&sentence=des+chaises", "sentence=des+chaises&colour=red"):
        answer = client.get(f"/es/publish?{link}")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400 and 'role="alert"' in page
        assert ">des chaises<" in page.replace("\r\n", "").replace("\n", "")
    assert client.get("/es/publish?purpose=gift&utm_source=x").status_code == 400
    assert client.get("/es/publish?purpose=&utm_source=x").status_code == 200
