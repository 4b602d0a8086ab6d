"""The form of a post, without JavaScript: nothing typed is ever lost."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from board import clock, news
from board.clock import now
from board.extensions import db
from board.posts import words
from board.posts.models import Line, PostEvent, PostRevision
from board.posts.rules import Audience, Basis, Event, Kind, Outcome
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, sign_in
from tests.posts.helpers import at_work, edit_path, fields, fresh, my_post, send, typed

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#lines"}


def test_the_whole_form_is_kept(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(
        client, post, title="Tables et chaises", body="Du **bois**.", tags="fête, prêt, fête",
        place="Matane", expires_on="2026-12-15", audience="members", language="en",
        lines__0__title="Tables", lines__0__quantity="1 000", lines__0__basis="gift",
        lines__0__kind="space", lines__0__unit="soirs", lines__0__needed_from="2026-10-01",
        lines__0__needed_until="2026-10-02", lines__0__attendance="carried",
        lines__0__reach_km="10", lines__0__effort="2 h", lines__0__conditions="À rendre propre.",
    )  # fmt: skip
    answer = send(client, post, data)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    post = fresh(post)
    assert (post.title, post.language, post.edit_version) == ("Tables et chaises", "en", 2)
    assert post.body_html == "<p>Du <strong>bois</strong>.</p>"
    assert [tag.text for tag in post.tags] == ["fête", "prêt"]
    assert post.place is not None and post.place.name == "Matane"
    assert (
        post.expires_at is not None and post.expires_at.isoformat() == "2026-12-16T04:59:59+00:00"
    )
    (line,) = post.lines
    assert (line.quantity, line.basis, line.kind) == (1000, Basis.GIFT, Kind.SPACE)
    assert (line.unit, line.reach_km, line.effort) == ("soirs", 10, "2 h")
    again = fields(client.get(edit_path(post)).get_data(as_text=True))
    kept = {
        k: v
        for k, v in data.items()
        if k
        not in {"csrf_token", "edit_version", "tags", "about", "about-shown", "lines-0-proposed"}
    }
    assert {k: again[k] for k in kept} == kept | {"lines-0-quantity": "1000"}


def test_adding_and_removing_lines_loses_nothing(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(client, post, title="Titre à moitié", lines__0__quantity="une douzaine")
    page = send(client, post, data, "add-line")
    assert page.status_code == 200
    data = fields(page.get_data(as_text=True))
    assert data["title"] == "Titre à moitié" and data["lines-0-quantity"] == "une douzaine"
    data |= {"lines-1-title": "Nappes", "lines-1-effort": "le lundi"}
    data = fields(send(client, post, data, "add-line").get_data(as_text=True))
    data["lines-2-title"] = "Verres"
    after = fields(send(client, post, data, "remove-1").get_data(as_text=True))
    assert after["lines-1-removed"] == "y" and after["lines-2-title"] == "Verres"
    assert after["lines-0-quantity"] == "une douzaine"
    assert [line.title for line in fresh(post).lines] == ["Chaises pliantes"]


def test_a_reason_never_quotes_words_that_are_gone(client: CheckedClient) -> None:
    post = my_post(client, title="Une salle", sentence="Nous cherchons une salle à Matane",
                   lines=[{"title": "Salle", "kind": Kind.SPACE, "basis": None}])  # fmt: skip
    data = typed(client, post, place="Matane")
    page = send(client, post, data, "preview").get_data(as_text=True)
    assert "vous avez écrit «\u00a0salle\u00a0»" in page
    assert "nommé dans la phrase" in page
    gone = data | {"title": "De quoi s’asseoir", "lines-0-title": "De quoi s’asseoir"}
    page = send(client, post, gone, "preview").get_data(as_text=True)
    assert "«\u00a0salle\u00a0»" not in page
    assert "d’après votre première phrase" in page
    assert "nommé dans votre première phrase" in page
    renamed = gone | {"title": "Un local à Rimouski", "place": "Rimouski"}
    assert "nommé dans le titre" in send(client, post, renamed, "preview").get_data(as_text=True)


def test_the_words_of_a_new_line_propose_its_kind(client: CheckedClient) -> None:
    post = my_post(client)
    data = fields(send(client, post, typed(client, post), "add-line").get_data(as_text=True))
    assert data["lines-1-kind"] == ""
    data |= {"lines-1-title": "Bénévoles pour servir les repas"}
    assert send(client, post, data).status_code == 303
    assert [line.kind for line in fresh(post).lines] == [Kind.TOOL, Kind.VOLUNTEER]
    assert fresh(post).lines[1].category is not None


def test_htmx_gets_the_lines_alone(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(client, post, lines__0__title="Tables")
    answer = client.post(edit_path(post), data=data | {"do": "add-line"}, headers=HTMX)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "<html" not in page
    assert 'id="lines"' in page and 'value="Tables"' in page and "lines-1-title" in page
    back = f"{edit_path(post)}?lines=2"
    assert f'data-address="{back}"' in page
    again = fields(client.get(back).get_data(as_text=True))
    assert "lines-1-title" in again and "lines-2-title" not in again, "Back finds the added line"
    for strange in ("lines=-1", "lines=x", "lines=9999999999", "lines=²", "lines=500"):
        answer = client.get(f"{edit_path(post)}?{strange}")
        assert answer.status_code == 200
        assert answer.get_data(as_text=True).count('class="line-row"') <= 30


def test_the_preview_names_the_place_that_the_board_understood(client: CheckedClient) -> None:
    post = my_post(client)
    sheet = client.post(f"/fr/p/{post.uuid}/preview", data=typed(client, post, place="gasp"))
    assert "<span>Gaspé</span>" in sheet.get_data(as_text=True)


def test_enter_presses_a_button_that_only_saves(client: CheckedClient) -> None:
    post = my_post(client)
    page = client.get(edit_path(post)).get_data(as_text=True)
    form = page[page.index('id="post-form"') :]
    first = form[form.index("<button") : form.index("</button>")]
    assert 'value="save"' in first and "hidden" in first


def test_lines_keep_their_identity(client: CheckedClient) -> None:
    post = my_post(client, lines=[{"title": "Tables"}, {"title": "Chaises"}])
    tables, chairs = (line.uuid for line in post.lines)
    data = typed(client, post, lines__1__title="Chaises droites")
    del data["lines-0-uuid"], data["lines-0-title"]
    data = {k: v for k, v in data.items() if not k.startswith("lines-0-")}
    assert send(client, post, data).status_code == 303
    post = fresh(post)
    assert [(line.uuid, line.title) for line in post.lines] == [(chairs, "Chaises droites")]
    gone = db.session.scalar(select(Line).where(Line.uuid == tables))
    assert gone is not None and gone.removed_at is not None


def test_a_promised_line_cannot_be_removed_nor_shrink(client: CheckedClient) -> None:
    post = my_post(client, lines=[{"quantity": 10, "committed": 4, "basis": Basis.GIFT}])
    page = send(client, post, typed(client, post), "remove-0")
    assert page.status_code == 200 and "s’est engagé" in page.get_data(as_text=True)
    data = fields(page.get_data(as_text=True))
    assert data["lines-0-title"] == "Chaises pliantes"
    refused = send(client, post, data | {"lines-0-quantity": "3"})
    assert refused.status_code == 422 and "déjà promis" in refused.get_data(as_text=True)
    bare = {k: v for k, v in data.items() if not k.startswith("lines-0-")}
    assert send(client, post, bare).status_code == 422
    assert send(client, post, data | {"lines-0-closed": "y"}).status_code == 303
    assert fresh(post).lines[0].closed_at is not None
    # Whoever promised chairs to a need did not ask for any.
    data = typed(client, post)
    turned = send(
        client, post, data | {"purpose": "offer" if data["purpose"] == "need" else "need"}
    )
    assert turned.status_code == 422
    assert "ne peut plus devenir une offre" in turned.get_data(as_text=True)
    assert fresh(post).purpose.value == data["purpose"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        *(("lines-0-quantity", typed, "un nombre entier de 1 à 100\u00a0000, par exemple 12.")
          for typed in ("une douzaine", "-4", "0", "1,5", "9" * 20, "100001", "١٢")),
        ("lines-0-reach_km", "1001", "un nombre entier de kilomètres, de 0 à 1\u00a0000."),
        ("lines-0-title", "", "Dites quoi"),
        ("lines-0-title", "x" * 121, "trop long"),
        ("lines-0-needed_from", "demain", "Écrivez une date"),
        ("lines-0-needed_from", "2026-W48-1", "Écrivez une date"),
        ("lines-0-needed_from", "1999-12-31", "Écrivez une année de 2000 à 2100"),
        ("lines-0-needed_until", "9999-12-31", "Écrivez une année de 2000 à 2100"),
        ("lines-0-effort", "x" * 121, "trop long"),
        ("lines-0-conditions", "x" * 501, "trop long"),
        ("title", "", "Écrivez un titre"),
        ("title", "x" * 161, "trop long"),
        ("body", "x" * 10001, "trop long"),
        ("tags", ",".join(f"mot{n}" for n in range(13)), "c’est trop"),
        ("tags", "x" * 41, "trop long"),
        ("place", "Nulle-Part-sur-Mer-des-Brumes", "ne connaît pas ce lieu"),
        ("expires_on", "2026-09-14", "Cette date est passée"),
        ("expires_on", "2030-01-01", "deux ans au plus"),
        ("expires_on", "9999-12-31", "deux ans au plus"),
        ("expires_on", "1000-12-31", "Cette date est passée"),
    ],
)  # fmt: skip
def test_each_refusal_says_what_to_write_and_keeps_it(
    client: CheckedClient, name: str, value: str, said: str
) -> None:
    post = my_post(client)
    answer = send(client, post, typed(client, post) | {name: value, "lines-0-unit": "soirs"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and said in page
    kept = fields(page)
    assert kept[name] == value and kept["lines-0-unit"] == "soirs"
    assert fresh(post).edit_version == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lines-0-kind", "gold"),
        ("lines-0-category", "no_such"),
        ("language", "xx"),
        ("audience", "all"),
        ("purpose", "sale"),
    ],
)
def test_a_choice_that_is_on_no_list_is_refused_in_our_words(
    client: CheckedClient, name: str, value: str
) -> None:
    post = my_post(client)
    answer = send(client, post, typed(client, post, title="Tables") | {name: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Ce choix n’est pas dans la liste" in page
    assert "choix valide" not in page and fields(page)["title"] == "Tables"


@pytest.mark.parametrize("broken", ["Tab\x00les", "Tab\ufffdles", "Tab\x08les"])
def test_broken_letters_are_said_and_the_rest_stays(client: CheckedClient, broken: str) -> None:
    post = my_post(client)
    answer = send(client, post, typed(client, post, title=broken))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "caractères illisibles" in page
    assert fields(page)["title"] == "Tables" and fresh(post).title == "Chaises pliantes"
    assert send(client, post, fields(page)).status_code == 303
    assert fresh(post).title == "Tables"


def test_what_a_word_processor_puts_at_line_ends_is_no_fault(client: CheckedClient) -> None:
    post = my_post(client)
    assert send(client, post, typed(client, post, body="un\x0bdeux\x0c")).status_code == 303
    assert fresh(post).body_md == "un\ndeux"


@pytest.mark.parametrize("do", ["zz", "", "remove-²", "remove-7", "restore-7", "remove-x"])
def test_an_unknown_button_saves_nothing(client: CheckedClient, do: str) -> None:
    post = my_post(client)
    answer = send(client, post, typed(client, post, title="Tables"), do)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Ce bouton n’existe pas" in page
    assert fields(page)["title"] == "Tables" and fresh(post).title == "Chaises pliantes"


def test_dates_upside_down_are_refused(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(
        client, post, lines__0__needed_from="2026-10-02", lines__0__needed_until="2026-10-01"
    )
    answer = send(client, post, data)
    assert answer.status_code == 422 and "avant le début" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "bad",
    [
        {"lines-0-kind": "gold"},
        {"lines-0-category": "no_such"},
        {"lines-0-basis": "price"},
        {"language": "xx"},
        {"audience": "all"},
        {"purpose": "sale"},
        {"edit_version": "x"},
        {"edit_version": "10" * 40},
        {"lines-²-title": "x", "lines-99999999999-title": "x", "lines--1-title": "x"},
        {"lines-0-uuid": "not-a-uuid"},
        {"do": "remove-²"},
        {"do": "remove-" + "9" * 5000},
        {"do": "\x00"},
        {"title": "\ud7ff\x00\x08a", "body": "<script>alert(1)</script>[x](javascript:alert(1))"},
    ],
)
def test_hostile_forms_get_4xx_or_are_harmless(client: CheckedClient, bad: dict[str, str]) -> None:
    post = my_post(client)
    answer = client.post(edit_path(post), data=typed(client, post) | {"do": "save"} | bad)
    assert answer.status_code in {200, 303, 409, 422}
    assert "<script" not in fresh(post).body_html
    assert 'href="javascript' not in fresh(post).body_html


def test_thirty_lines_are_enough(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(client, post) | {
        f"lines-{n}-{k}": v
        for n in range(1, 31)
        for k, v in {"title": f"Objet {n}", "kind": "tool", "category": "", "basis": "",
                     "attendance": ""}.items()
    }  # fmt: skip
    answer = send(client, post, data)
    assert answer.status_code == 422 and "le maximum est de 30" in answer.get_data(as_text=True)
    html = answer.get_data(as_text=True)
    assert fields(html)["lines-30-title"] == "Objet 30"
    assert "Éléments\u00a0: 31 éléments" in html and "Lines" not in html
    full = {k: v for k, v in data.items() if not k.startswith("lines-30-")}
    more = send(client, post, full, "add-line").get_data(as_text=True)
    assert "31 éléments, c’est trop" in more and "lines-30-title" not in more
    flood = data | {f"lines-{n}-title": "x" for n in range(1_000)}
    answer = send(client, post, flood)
    assert answer.status_code == 413 and len(answer.data) < 100_000, "not a line is drawn"


def test_preview_shows_and_keeps_nothing(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(client, post, title="Tables", body="Écrire à moi@exemple.org, du *bois*")
    answer = send(client, post, data, "preview")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "<em>bois</em>" in page
    sheet = page[page.index('id="preview"') : page.index("</article>")]
    assert "Tables" in sheet and "moi@exemple.org" not in sheet
    assert fields(page)["body"] == data["body"]
    assert fresh(post).title == "Chaises pliantes"


def test_contacts_are_noticed_before_publishing_and_masked(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(client, post, body="Appelez le 514 555-0199.")
    first = send(client, post, data, "publish")
    page = first.get_data(as_text=True)
    assert first.status_code == 200 and "Un numéro de téléphone sera masqué" in page
    assert fresh(post).published_at is None
    again = fields(page)
    assert again["body"] == "Appelez le 514 555-0199."
    assert send(client, post, again, "publish").status_code == 303
    post = fresh(post)
    assert post.published_at is not None and "555" not in post.body_html
    assert "514 555-0199" in post.body_md
    seen = client.application.test_client().get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "555-0199" not in seen


def test_marks_do_not_hide_a_contact(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(client, post, body="Écrire à ana&#64;exemple.org ou 514-**555**-0199")
    assert send(client, post, data).status_code == 303
    assert "0199" not in fresh(post).body_html and "exemple.org" not in fresh(post).body_html


def test_publishing_puts_it_on_the_board(client: CheckedClient) -> None:
    post = my_post(client)
    answer = send(client, post, typed(client, post, title="Tables"), "publish")
    assert answer.status_code == 303 and answer.location.endswith(f"/fr/p/{post.uuid}")
    post = fresh(post)
    assert post.title == "Tables" and post.published_at == NOW == post.ranked_at
    events = list(db.session.scalars(select(PostEvent.event).where(PostEvent.post_id == post.id)))
    assert events == [Event.PUBLISHED]


def test_an_unconfirmed_address_keeps_a_draft_and_says_why(client: CheckedClient) -> None:
    person, organisation = at_work(client, confirmed_at=None)
    post = make_post(by=organisation, author=person, published_at=None)
    news.commit()
    answer = send(client, post, typed(client, post, title="Tables"), "publish")
    assert answer.status_code == 303 and answer.location.endswith("/edit")
    assert "Confirmez d’abord votre adresse" in client.get(answer.location).get_data(as_text=True)
    assert fresh(post).title == "Tables" and fresh(post).published_at is None


def test_a_post_without_lines_is_kept_but_not_published(client: CheckedClient) -> None:
    post = my_post(client)
    data = {k: v for k, v in typed(client, post).items() if not k.startswith("lines-")}
    answer = send(client, post, data, "publish")
    assert answer.status_code == 303 and answer.location.endswith("/edit")
    assert fresh(post).published_at is None
    page = client.get(answer.location).get_data(as_text=True)
    assert "Ajoutez au moins un élément" in page and "lines-0-title" in page


def test_each_step_is_in_the_history(client: CheckedClient) -> None:
    post = my_post(client, published_at=NOW - timedelta(days=100))
    token = {"csrf_token": typed(client, post)["csrf_token"]}
    address = f"/fr/p/{post.uuid}"
    for step in ("confirm", "pause", "resume", "withdraw", "publish"):
        assert client.post(f"{address}/{step}", data=token).status_code == 303, step
    refused = client.post(f"{address}/met", data=token | {"outcome": "gold"})
    assert refused.status_code == 422
    met = client.post(f"{address}/met", data=token | {"outcome": "met_elsewhere"})
    assert met.status_code == 303 and fresh(post).outcome is Outcome.MET_ELSEWHERE
    assert client.post(f"{address}/reopen", data=token).status_code == 303
    assert send(client, fresh(post), typed(client, post, title="Tables")).status_code == 303
    page = client.get(f"{address}/history").get_data(as_text=True)
    for said in ("Confirmée", "Mise en pause", "Reprise", "Retirée", "Publiée", "Complète",
                 "comblé autrement", "Rouverte", "Modifiée"):  # fmt: skip
        assert said in page, said
    assert fresh(post).met_at is None and fresh(post).confirmed_at == now()


def test_a_step_that_is_no_longer_open_changes_nothing(client: CheckedClient) -> None:
    post = my_post(client)
    token = {"csrf_token": typed(client, post)["csrf_token"]}
    for step in ("pause", "resume", "confirm", "reopen"):
        assert client.post(f"/fr/p/{post.uuid}/{step}", data=token).status_code == 303
    assert list(db.session.scalars(select(PostEvent).where(PostEvent.post_id == post.id))) == []


def test_history_shows_persons_and_old_texts_to_editors_only(client: CheckedClient) -> None:
    person, organisation = at_work(client, name="Ana Secrète")
    post = make_post(by=organisation, author=person, body_md="rien")
    news.commit()
    first = typed(client, post, body="Le texte retiré canari")
    send(client, post, first)
    send(client, fresh(post), typed(client, post, body="Le texte qui reste"))
    inside = client.get(f"/fr/p/{post.uuid}/history").get_data(as_text=True)
    assert "canari" in inside and "Ana Secrète" in inside
    outside = client.application.test_client().get(f"/fr/p/{post.uuid}/history")
    text = outside.get_data(as_text=True)
    assert outside.status_code == 200 and "Modifiée" in text
    assert "canari" not in text and "Ana Secrète" not in text


def test_the_history_of_a_draft_is_not_public(client: CheckedClient) -> None:
    post = my_post(client)
    visitor = client.application.test_client()
    assert visitor.get(f"/fr/p/{post.uuid}/history").status_code == 404
    assert client.get(f"/fr/p/{post.uuid}/history").status_code == 200


def test_a_copy_is_a_draft_of_its_own(client: CheckedClient) -> None:
    post = my_post(client, published_at=NOW, lines=[{"quantity": 9, "committed": 3}])
    token = {"csrf_token": typed(client, post)["csrf_token"]}
    answer = client.post(f"/fr/p/{post.uuid}/duplicate", data=token)
    page = client.get(answer.location)
    assert answer.status_code == 303 and page.status_code == 200
    kept = fields(page.get_data(as_text=True))
    assert kept["title"] == post.title and kept["lines-0-uuid"] != str(post.lines[0].uuid)
    copied = db.session.scalar(
        select(Line).where(Line.uuid == UUID(kept["lines-0-uuid"])).join(Line.post)
    )
    assert copied is not None and copied.committed == 0 and copied.post.copied_from_id == post.id


@pytest.mark.parametrize("path", ["edit", "publish", "pause", "withdraw", "met", "duplicate"])
def test_others_cannot_work_on_my_post(client: CheckedClient, path: str) -> None:
    post = make_post(published_at=now())
    news.commit()
    visitor = client.post(f"/fr/p/{post.uuid}/{path}", data={"title": "x"})
    assert visitor.status_code in {303, 403}
    stranger = make_person()
    make_organisation(responsible=stranger)
    news.commit()
    sign_in(client, stranger)
    page = client.get("/fr/publish").get_data(as_text=True)
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(f"/fr/p/{post.uuid}/{path}", data={"csrf_token": token, "title": "x"})
    assert answer.status_code == 404
    assert fresh(post).withdrawn_at is None and fresh(post).title == "Chaises pliantes"


def test_every_saved_text_is_a_revision(client: CheckedClient) -> None:
    post = my_post(client)
    for title in ("Un", "Deux", "Deux"):
        assert send(client, post, typed(client, post, title=title)).status_code == 303
    rows = select(PostRevision).where(PostRevision.post_id == post.id)
    titles = [
        r.snapshot["title"] for r in db.session.scalars(rows.order_by(PostRevision.edit_version))
    ]
    assert titles == ["Chaises pliantes", "Un", "Deux"]


def test_what_expired_can_be_corrected_without_touching_its_end(client: CheckedClient) -> None:
    post = my_post(client, published_at=NOW - timedelta(days=9), expires_at=NOW - timedelta(days=1))
    assert send(client, post, typed(client, post, title="Tables")).status_code == 303
    clock.fix(NOW + timedelta(seconds=1))
    assert fresh(post).title == "Tables"


def test_my_posts_are_on_my_home_with_what_waits_for_me(client: CheckedClient) -> None:
    person, organisation = at_work(client)
    make_post(by=organisation, author=person, title="Un brouillon", published_at=None)
    make_post(by=organisation, title="À confirmer", published_at=NOW - timedelta(days=95))
    make_post(title="Celle d’une autre", published_at=NOW)
    news.commit()
    page = client.get("/fr/account").get_data(as_text=True)
    assert "Un brouillon" in page and "brouillon</span>" in page
    assert "Confirmer" in page and "Celle d’une autre" not in page


def test_a_withdrawn_post_is_not_edited_but_can_come_back(client: CheckedClient) -> None:
    post = my_post(client, published_at=NOW)
    data = typed(client, post, title="Tables")
    token = {"csrf_token": data["csrf_token"]}
    client.post(f"/fr/p/{post.uuid}/withdraw", data=token)
    assert send(client, post, data).status_code == 303 and fresh(post).title == "Chaises pliantes"
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "Remettre en ligne" in page
    visitor = client.application.test_client()
    assert visitor.get(f"/fr/p/{post.uuid}").status_code == 410
    assert visitor.get(f"/fr/p/{post.uuid}/history").status_code == 410


def test_the_page_says_the_last_day_as_it_was_typed(client: CheckedClient) -> None:
    post = my_post(client)
    send(client, post, typed(client, post, expires_on="2026-12-15"), "publish")
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "15 décembre" in page and "16 décembre" not in page


def test_who_will_not_find_their_own_post_in_lists_is_told(client: CheckedClient) -> None:
    post = my_post(client, audience=Audience.MEMBERS, lines=[{"title": "Chaises"}])
    form = client.get(edit_path(post)).get_data(as_text=True)
    assert "vous ne la verrez pas vous-même dans les listes" in form
    send(client, post, typed(client, post), "publish")
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "Annonce publiée pour les organisations vérifiées. La vôtre ne la verra pas" in page
    assert "La vôtre ne la verra pas dans les listes avant d’être vérifiée\u00a0:" in page
    assert post.title not in client.get("/fr/").get_data(as_text=True)
    fresh(post).organisation.verified_at = NOW
    news.commit()
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "La vôtre" not in page and post.title in client.get("/fr/").get_data(as_text=True)


def test_the_sheet_follows_the_words_and_keeps_none_of_them(client: CheckedClient) -> None:
    post = my_post(client, title="Tables, 450-555-0199", lines=[{"title": "Tables"}])
    partly = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "article#preview"}
    address = f"/fr/p/{post.uuid}/preview"
    data = typed(client, post)
    said = client.post(address, data=data, headers=partly).get_data(as_text=True)
    assert "Un numéro de téléphone sera masqué." in said and "450-555-0199" not in said
    data |= {"title": "Tables rondes", "lines-0-title": "Grandes tables"}
    said = client.post(address, data=data, headers=partly).get_data(as_text=True)
    assert "Tables rondes" in said and "Grandes tables" in said and "sera masqué" not in said
    assert 'id="notices" hx-swap-oob="true"' in said, "the notice goes with the number"
    assert "<html" not in said and "<html" in client.post(address, data=data).get_data(as_text=True)
    assert fresh(post).title == "Tables, 450-555-0199"


def test_what_is_printed_stays_true_the_next_day(client: CheckedClient) -> None:
    post = my_post(client, published_at=NOW, confirmed_at=NOW)
    page = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    said = page.split("print-true")[1].split("</p>")[0]
    assert f"Confirmé le {words.day_text(NOW.date(), date.min)}." in said
    assert "aujourd’hui" not in said and "vérifiez avec le code" in said
