"""The editors' page: add, describe, order, take away; two at once lose nothing."""

from __future__ import annotations

import gc
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from board import jobs, news, pictures, uploads
from board.accounts.models import Person
from board.extensions import db
from board.organisations.models import Organisation
from board.photos.models import Upload
from board.photos.rules import ALT_MAX
from board.posts.models import PostEvent
from board.posts.rules import Event
from tests.factories import make_membership, make_person
from tests.pages import CheckedClient, sign_in
from tests.photos.helpers import (
    add,
    flashed,
    page_of,
    photos_of,
    picture,
    press,
    sent,
    with_photos,
)
from tests.posts.helpers import edit_path, fields, fresh, my_post, send, typed


def text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def alts(photos: list[Upload]) -> list[str | None]:
    return [photo.alt for photo in photos]


def test_several_are_added_at_once_and_each_is_asked_for_its_words(client: CheckedClient) -> None:
    post = my_post(client)
    assert "jusqu’à 6 photos" in text(client.get(page_of(post)))
    photos = add(client, post, picture(colour=(1, 2, 3)), picture(colour=(90, 9, 9)))
    assert alts(photos) == [None, None]
    assert [photo.position for photo in photos] == [0, 1]
    page = text(client.get(page_of(post)))
    assert "2 photos ajoutées" in flashed(page)
    assert page.count("Pas encore montrée") == 2
    assert all(uploads.store().get(p.digest, "400.webp") for p in photos)


def test_a_photo_is_described_or_said_to_be_decorative(client: CheckedClient) -> None:
    post, (one, other) = with_photos(client, None, None)
    data = sent(client, post)
    data[f"photo-{other.uuid}-decorative"] = "y"
    broken = press(client, post, data | {f"photo-{one.uuid}-alt": "Vingt\x00 chaises"})
    assert broken.status_code == 422
    assert "caractères illisibles" in broken.get_data(as_text=True)
    assert "Vingt chaises" in broken.get_data(as_text=True), "what can be read stays"
    data[f"photo-{one.uuid}-alt"] = "  Vingt chaises\r\n pliantes "
    assert press(client, post, data).status_code == 303
    assert alts(photos_of(post)) == ["Vingt chaises pliantes", ""]
    page = text(client.get(page_of(post)))
    assert "Pas encore montrée" not in page
    again = fields(page, "photos-form")
    assert again[f"photo-{one.uuid}-alt"] == "Vingt chaises pliantes"
    assert again[f"photo-{other.uuid}-decorative"]
    data = sent(client, post)
    del data[f"photo-{other.uuid}-decorative"]
    press(client, post, data)
    assert alts(photos_of(post)) == ["Vingt chaises pliantes", None]


@pytest.mark.parametrize(
    ("typed_words", "decorative", "said"),
    [("x" * (ALT_MAX + 1), "", "trop long"), ("Des chaises", "y", "décochez")],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    client: CheckedClient, typed_words: str, decorative: str, said: str
) -> None:
    post, (one, other) = with_photos(client, None, None)
    data = sent(client, post) | {f"photo-{one.uuid}-alt": typed_words,
                                 f"photo-{other.uuid}-alt": "La table du fond"}  # fmt: skip
    if decorative:
        data[f"photo-{one.uuid}-decorative"] = decorative
    answer = press(client, post, data, f"down-{one.uuid}", picture(colour=(7, 77, 7)))
    assert answer.status_code == 422
    page = text(answer)
    assert said in page
    assert f'href="#photo-{one.uuid}-' in page
    assert "choisissez de nouveau vos photos" in page
    again = fields(page, "photos-form")
    assert again[f"photo-{one.uuid}-alt"] == typed_words
    assert again[f"photo-{other.uuid}-alt"] == "La table du fond"
    assert alts(photos_of(post)) == [None, None]


def test_they_move_up_and_down_and_what_was_typed_is_kept(client: CheckedClient) -> None:
    post, (a, b, c) = with_photos(client, "a", "b", None)
    data = sent(client, post) | {f"photo-{c.uuid}-alt": "c"}
    answer = press(client, post, data, f"up-{c.uuid}")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"#photo-{c.uuid}")
    assert alts(photos_of(post)) == ["a", "c", "b"]
    press(client, post, sent(client, post), f"down-{a.uuid}")
    assert alts(photos_of(post)) == ["c", "a", "b"]
    for do in (f"up-{c.uuid}", f"down-{b.uuid}", f"up-{uuid4()}", "up-", "remove-x", "?"):
        assert press(client, post, sent(client, post), do).status_code == 303
    assert alts(photos_of(post)) == ["c", "a", "b"]


def test_one_is_taken_away_once(client: CheckedClient) -> None:
    post, (a, _b) = with_photos(client, "a", "b")
    data = sent(client, post)
    press(client, post, data, f"remove-{a.uuid}")
    assert alts(photos_of(post)) == ["b"]
    assert "Photo retirée" in flashed(text(client.get(page_of(post))))
    press(client, post, data, f"remove-{a.uuid}")
    assert "déjà retirée" in flashed(text(client.get(page_of(post))))
    assert alts(photos_of(post)) == ["b"]


def test_six_is_the_most_and_it_is_said_how_many_fit(client: CheckedClient) -> None:
    post, _photos = with_photos(client, "a", "b", "c", "d")
    three = [picture(colour=(n, n, 99)) for n in (1, 50, 99)]
    answer = press(client, post, sent(client, post), "add", *three)
    assert answer.status_code == 422
    assert "Il reste 2 places" in text(answer)
    assert len(add(client, post, *three[:2])) == 6
    page = text(client.get(page_of(post)))
    assert 'type="file"' not in page
    answer = press(client, post, sent(client, post), "add", three[2])
    assert answer.status_code == 422
    assert "déjà six photos" in text(answer)


def test_the_same_photo_twice_is_there_once(client: CheckedClient) -> None:
    post = my_post(client)
    assert len(add(client, post, picture(), picture())) == 1
    assert len(add(client, post, picture())) == 1
    assert "y est déjà" in flashed(text(client.get(page_of(post))))


def test_good_ones_are_kept_and_bad_ones_named(client: CheckedClient) -> None:
    post = my_post(client)
    photos = add(client, post, b"<svg/>", picture(), picture()[:200])
    assert len(photos) == 1
    said = flashed(text(client.get(page_of(post))))
    assert "« image-1.jpg »" in said
    assert "SVG" in said
    assert "« image-3.jpg »" in said
    assert "Photo ajoutée" in said


def test_a_bad_one_beside_one_that_is_there_is_named_with_the_reason(client: CheckedClient) -> None:
    post = my_post(client)
    add(client, post, picture())
    client.get(page_of(post))
    assert len(add(client, post, picture(), b"<svg/>")) == 1
    said = flashed(text(client.get(page_of(post))))
    assert "«\u00a0image-2.jpg\u00a0»" in said
    assert "SVG" in said
    assert "Cette photo y est déjà" in said
    assert "enregistré" not in said


def test_nothing_good_or_nothing_at_all_is_a_refusal(client: CheckedClient) -> None:
    post = my_post(client)
    answer = press(client, post, sent(client, post), "add")
    assert answer.status_code == 422
    assert "Choisissez au moins une photo" in text(answer)
    answer = press(client, post, sent(client, post), "add", b"<svg/>", b"")
    assert answer.status_code == 422
    assert 'id="photos-error"' in text(answer)
    assert "&lt;svg" not in text(answer)
    assert photos_of(post) == []


# The test client leaves a body that nobody read to the collector: it is called in time.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_too_heavy_or_too_many_is_said_before_anything_is_read(client: CheckedClient) -> None:
    post = my_post(client)
    heavy = picture() + b"\0" * (20 * pictures.MEBIBYTE)
    answer = press(client, post, sent(client, post), "add", heavy)
    assert answer.status_code == 422
    assert "trop lourd : 12 Mo au plus" in text(answer)
    answer = press(client, post, sent(client, post), "add", *[picture(20, 20)] * 500)
    assert answer.status_code == 413
    assert "Six photos au plus par annonce" in text(answer)
    answer = press(client, post, sent(client, post), "add", *[picture(20, 20)] * 20)
    assert answer.status_code == 422
    assert "Il reste 6 places" in text(answer)
    answer = press(client, post, sent(client, post), "add", *[b"\0" * 12 * pictures.MEBIBYTE] * 7)
    assert answer.status_code == 413
    assert photos_of(post) == []
    gc.collect()


# The test client leaves a body that nobody read to the collector: it is called in time.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
def test_only_forms_with_files_may_be_large(client: CheckedClient) -> None:
    post = my_post(client)
    data = typed(client, post) | {"do": "save", "x": (BytesIO(b"\0" * 3 * 1024 * 1024), "x")}
    assert client.post(edit_path(post), data=data).status_code == 413
    gc.collect()


def test_pictures_are_drawn_before_anybody_is_kept_waiting(
    client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a photo is decoded, no transaction that writes is open."""
    from board.database import is_writing
    from board.photos import drawing

    post, seen = my_post(client), []
    draw = drawing.photo_of

    def watched(image: Any) -> Any:
        seen.append(is_writing())
        return draw(image)

    monkeypatch.setattr(drawing, "photo_of", watched)
    add(client, post, picture())
    assert seen == [False]


def colleague(app: Flask, organisation: Organisation) -> CheckedClient:
    """Another editor of the same organisation, in a browser of their own."""
    other = make_person()
    make_membership(other, organisation)
    news.commit()
    browser = app.test_client()
    assert isinstance(browser, CheckedClient)
    sign_in(browser, other)
    return browser


def test_two_who_describe_one_photo_see_both_texts(app: Flask, client: CheckedClient) -> None:
    post, (one, other) = with_photos(client, None, None)
    theirs = colleague(app, post.organisation)
    mine = sent(client, post) | {f"photo-{one.uuid}-alt": "Mes mots",
                                 f"photo-{other.uuid}-alt": "La table"}  # fmt: skip
    press(theirs, post, sent(theirs, post) | {f"photo-{one.uuid}-alt": "Leurs mots"})
    answer = press(client, post, mine, "save", picture(colour=(3, 3, 3)))
    assert answer.status_code == 409
    page = text(answer)
    assert "« Leurs mots »" in page
    assert "choisissez de nouveau vos photos" in page
    again = fields(page, "photos-form")
    assert again[f"photo-{one.uuid}-alt"] == "Mes mots"
    assert again[f"photo-{other.uuid}-alt"] == "La table"
    assert alts(photos_of(post)) == ["Leurs mots", None]
    again.pop("photos")
    assert press(client, post, again).status_code == 303
    assert alts(photos_of(post)) == ["Mes mots", "La table"]


def test_words_for_a_photo_that_is_gone_are_given_back(app: Flask, client: CheckedClient) -> None:
    post, (one, _other) = with_photos(client, None, "b")
    mine = sent(client, post) | {f"photo-{one.uuid}-alt": "Mes mots à moi"}
    theirs = colleague(app, post.organisation)
    press(theirs, post, sent(theirs, post), f"remove-{one.uuid}")
    answer = press(client, post, mine)
    assert answer.status_code == 409
    assert "Mes mots à moi" in text(answer)
    assert alts(photos_of(post)) == ["b"]


def test_a_photo_that_somebody_just_described_is_not_taken_away_unseen(
    app: Flask, client: CheckedClient
) -> None:
    post, (one,) = with_photos(client, None)
    mine = sent(client, post)
    theirs = colleague(app, post.organisation)
    press(theirs, post, sent(theirs, post) | {f"photo-{one.uuid}-alt": "Leurs mots"})
    answer = press(client, post, mine, f"remove-{one.uuid}")
    assert answer.status_code == 409
    assert "« Leurs mots »" in text(answer)
    assert alts(photos_of(post)) == ["Leurs mots"]


def test_both_add_and_both_are_there(app: Flask, client: CheckedClient) -> None:
    post = my_post(client)
    theirs = colleague(app, post.organisation)
    mine, other = sent(client, post), sent(theirs, post)
    press(client, post, mine, "add", picture(colour=(1, 1, 90)))
    press(theirs, post, other, "add", picture(colour=(90, 1, 1)))
    assert len(photos_of(post)) == 2


def test_words_typed_when_the_session_ends_come_back(client: CheckedClient) -> None:
    post, (one,) = with_photos(client, None)
    person = db.session.get(Person, post.author_id)
    assert person is not None
    data = sent(client, post) | {f"photo-{one.uuid}-alt": "Des bancs"}
    with client.session_transaction(
        base_url=client.application.config["BOARD"].base_url
    ) as session:
        session.pop("_user_id")
    assert press(client, post, data).status_code == 403
    with client.session_transaction(
        base_url=client.application.config["BOARD"].base_url
    ) as session:
        kept = dict(session)
    sign_in(client, person)
    with client.session_transaction(
        base_url=client.application.config["BOARD"].base_url
    ) as session:
        session.update({key: kept[key] for key in kept.keys() - session.keys()})
    page = text(client.get(page_of(post)))
    assert "Des bancs" in page
    assert "avant la fin de votre session" in page
    assert alts(photos_of(post)) == [None]


def test_the_history_tells_of_photos_once_an_hour(client: CheckedClient) -> None:
    from board.clock import now

    post = my_post(client, published_at=now())
    photos = add(client, post, picture())
    press(client, post, sent(client, post) | {f"photo-{photos[0].uuid}-alt": "Des chaises"})
    rows = select(PostEvent).where(PostEvent.post_id == post.id)
    events = [(event.event, event.detail) for event in db.session.scalars(rows)]
    assert events == [(Event.EDITED, "photos")]
    assert "Photos" in text(client.get(f"/fr/p/{post.uuid}/history"))
    assert fresh(post).version > 1


def test_the_form_of_the_post_leads_to_its_photos_and_saves_first(client: CheckedClient) -> None:
    post = my_post(client)
    answer = send(client, post, typed(client, post, title="Chaises et photos"), "photos")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(page_of(post))
    assert fresh(post).title == "Chaises et photos"
    assert page_of(post) in text(client.get(f"/fr/p/{post.uuid}"))


def test_contacts_in_a_description_are_noticed_and_masked(client: CheckedClient) -> None:
    from board.clock import now

    post, (_one,) = with_photos(client, "Appelez le 418 555-0199", published_at=now())
    assert "seront masqués" in text(client.get(page_of(post)))
    page = text(client.application.test_client().get(f"/fr/p/{post.uuid}"))
    assert "555-0199" not in page
    assert "coordonnées masquées" in page


def test_a_withdrawn_post_is_not_worked_on(client: CheckedClient) -> None:
    from board.clock import now

    post, photos = with_photos(client, "a")
    data = sent(client, post)
    post.withdrawn_at = now()
    news.commit()
    for answer in (
        client.get(page_of(post)),
        press(client, post, data, f"remove-{photos[0].uuid}"),
        press(client, post, data, "add", picture()),
    ):
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(f"/fr/p/{post.uuid}")
    assert alts(photos_of(post)) == ["a"]


def test_a_copy_has_the_same_photos_of_its_own(client: CheckedClient) -> None:
    post, (one, two) = with_photos(client, "a", None)
    token = sent(client, post)["csrf_token"]
    answer = client.post(f"/fr/p/{post.uuid}/duplicate", data={"csrf_token": token})
    uuid = answer.headers["Location"].split("/p/")[1].split("/")[0]
    from uuid import UUID

    from board.posts.queries import get_post

    copy = get_post(UUID(uuid))
    photos = photos_of(copy)
    assert [(p.digest, p.alt) for p in photos] == [(one.digest, "a"), (two.digest, None)]
    assert {p.uuid for p in photos}.isdisjoint({one.uuid, two.uuid})
    press(client, post, sent(client, post), f"remove-{one.uuid}")
    jobs.work_off(client.application)
    assert uploads.store().get(one.digest, "400.jpg")


def test_too_many_uploads_wait(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from board.photos import rules

    monkeypatch.setattr(rules, "UPLOADS_AN_HOUR", 1)
    post = my_post(client)
    add(client, post, picture())
    answer = press(client, post, sent(client, post), "add", picture(colour=(5, 5, 5)))
    assert answer.status_code == 429
    assert len(photos_of(post)) == 1


def test_a_person_s_export_tells_of_photos_and_erasure_forgets_who(client: CheckedClient) -> None:
    from board.accounts import panels
    from board.photos import services

    post, (_one,) = with_photos(client, "Des chaises")
    person = db.session.get(Person, post.author_id)
    assert person is not None
    with client.application.test_request_context():
        told = panels.exports_of(person)["photos"]
    assert [(row["description"], row["post"]) for row in told] == [("Des chaises", post.uuid)]
    assert told[0]["url"].endswith("/400.jpg")
    services.forget_person(person)
    db.session.commit()
    assert photos_of(post)[0].by_id is None
