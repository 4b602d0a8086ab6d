"""What waits before it is published: a newcomer's first post; a post that names somebody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from board import clock, jobs, news, uploads
from board.accounts.models import Person
from board.database import will_write, writing
from board.extensions import db
from board.moderation import holds, queries, queue
from board.moderation import jobs as moderation_jobs
from board.moderation.models import Hold
from board.moderation.rules import Answer, Cause, Verdict, Waiting
from board.organisations.models import Organisation
from board.photos.models import Upload
from board.photos.queries import photos_of
from board.posts import rules as post_rules
from board.posts.models import Post
from board.posts.rules import Publication
from board.search.models import SearchWord
from board.taxonomy.models import Place
from tests.conftest import NOW
from tests.factories import make_membership, make_organisation, make_person, make_post
from tests.moderation.helpers import (
    again,
    browser,
    decide,
    decide_path,
    decisions,
    fields,
    mails,
    moderating,
    published,
)
from tests.pages import CheckedClient
from tests.posts.helpers import fields as form_fields
from tests.posts.helpers import send, typed

CANARY = "zanzibarine"
SURFACES = [
    "/fr/", "/fr/?q=zanzibarine", "/fr/?q=zanzi", "/api/v1/posts?q=zanzibarine", "/api/v1/posts",
    "/fr/publish/similar?sentence=zanzibarine&purpose=need", "/fr/organisations/",
    "/fr/?closed=1&q=zanzibarine", "/en/moderation-figures", "/fr/map?q=zanzibarine",
    "/fr/map/points", "/fr/map/points?q=zanzibarine", "/fr/rules",
]  # fmt: skip


@pytest.fixture
def holding(app: Flask) -> Iterator[Flask]:
    """An instance that holds newcomers."""
    before = app.config["BOARD"]
    app.config["BOARD"] = replace(before, hold_newcomers=True)
    yield app
    app.config["BOARD"] = before


def at_publish(app: Flask, **values: Any) -> tuple[Person, Post, CheckedClient]:
    """A draft, its author, and the author's browser."""
    person, _organisation, post = published(published_at=None, **values)
    return person, post, browser(app, person)


def press_publish(editor: CheckedClient, post: Post) -> Publication:
    """Press « Publier » on the post's page."""
    token = fields(editor, f"/fr/p/{post.uuid}")
    assert editor.post(f"/fr/p/{post.uuid}/publish", data=token).status_code == 303
    return post_rules.publication(again(post))


def run(job: Any) -> None:
    """Run a job as the worker does."""
    with writing():
        job()
        news.commit()
    db.session.rollback()


def seen_nowhere(app: Flask, post: Post) -> None:
    """No surface shows a word of it, nor its identity, to a visitor."""
    visitor = browser(app)
    for path in [*SURFACES, f"/fr/organisations/{post.organisation.slug}"]:
        html = visitor.get(path).get_data(as_text=True)
        assert "zanzibarine pliante" not in html.lower(), path
        assert str(post.uuid) not in html, path
    for path in (f"/fr/p/{post.uuid}", f"/fr/p/{post.uuid}/history", f"/fr/p/{post.uuid}/report"):
        answer = visitor.get(path)
        assert answer.status_code in {404, 410}, path
        assert "anzibarine" not in answer.get_data(as_text=True), path
    assert visitor.get("/api/v1/posts?q=zanzibarine").get_json()["total"] == 0
    assert CANARY not in set(db.session.scalars(select(SearchWord.word)))


@pytest.mark.parametrize("mark", ["hidden_at", "declined_at", "withdrawn_at", "submitted_at"])
def test_what_is_not_up_is_found_nowhere(app: Flask, mark: str) -> None:
    up = None if mark == "submitted_at" else NOW
    place = db.session.scalars(select(Place).where(Place.name == "Matane").limit(1)).one()
    _person, _organisation, post = published(
        title="Zanzibarine pliante", body_md="Zanzibarine", published_at=up, place_id=place.id,
        **{mark: NOW},
    )  # fmt: skip
    photo = Upload(post_id=post.id, position=0, digest="a" * 64, width=9, height=9,
                   alt="Zanzibarine pliante")  # fmt: skip
    db.session.add(photo)
    uploads.store().put("a" * 64, {"9.jpg": b"a picture"})
    news.commit()
    seen_nowhere(app, post)
    answer = browser(app).get(f"/photos/{photo.uuid}/{photo.digest}/9.jpg")
    assert answer.status_code in {404, 410}


def test_without_the_setting_nobody_waits(app: Flask) -> None:
    _person, post, editor = at_publish(app)
    assert press_publish(editor, post) is Publication.PUBLISHED


def test_a_newcomers_first_post_waits_and_its_author_knows(holding: Flask) -> None:
    _person, post, editor = at_publish(holding, title="Zanzibarine pliante")
    assert press_publish(editor, post) is Publication.SUBMITTED
    page = editor.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "première annonce" in page
    assert "17 septembre 2026" in page
    seen_nowhere(holding, post)
    assert browser(holding).get(f"/fr/p/{post.uuid}").status_code == 404
    assert queue.counts()[Waiting.HELD] == 1


def test_it_is_released_by_itself_after_two_days(holding: Flask) -> None:
    person, post, editor = at_publish(holding)
    press_publish(editor, post)
    clock.fix(NOW + timedelta(hours=47, minutes=59))
    run(moderation_jobs.release_held)
    assert post_rules.publication(again(post)) is Publication.SUBMITTED
    clock.fix(NOW + timedelta(hours=48))
    run(moderation_jobs.release_held)
    run(moderation_jobs.release_held)
    assert post_rules.publication(again(post)) is Publication.PUBLISHED
    assert browser(holding).get(f"/fr/p/{post.uuid}").status_code == 200
    (decision,) = decisions()
    assert (decision.verdict, decision.by_id) == (Verdict.RELEASE, None)
    assert [m.subject for m in mails(person.email)] == ["Votre annonce est publiée"]


def test_released_twice_at_the_same_moment_is_released_once(holding: Flask) -> None:
    _person, post, editor = at_publish(holding)
    press_publish(editor, post)
    (hold_id,) = db.session.scalars(select(Hold.id))
    db.session.rollback()
    clock.fix(NOW + timedelta(hours=49))
    start, said = threading.Barrier(2), []

    def act() -> None:
        with holding.app_context(), writing():
            start.wait()
            said.append(holds.release_after_wait(hold_id))
            news.commit()
            db.session.remove()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [False, True]
    assert len(decisions()) == 1


def test_a_moderator_releases_or_declines_and_it_can_be_appealed(
    holding: Flask, client: CheckedClient
) -> None:
    _person, post, editor = at_publish(holding, title="Zanzibarine pliante")
    press_publish(editor, post)
    moderating(client)
    answer = decide(client, decide_path(post), verdict="decline", reason="Trop vague.")
    assert answer.status_code == 303
    seen_nowhere(holding, post)
    clock.fix(NOW + timedelta(hours=72))
    run(moderation_jobs.release_held)
    assert post_rules.publication(again(post)) is Publication.DECLINED
    assert "Trop vague." in editor.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    path = f"/fr/p/{post.uuid}/appeal"
    data = {**fields(editor, path), "text": "J’ai précisé."}
    assert editor.post(path, data=data).status_code == 303
    assert decide(client, decide_path(post), verdict="release").status_code == 303
    assert post_rules.publication(again(post)) is Publication.PUBLISHED


def test_who_published_before_or_is_verified_does_not_wait(holding: Flask) -> None:
    _person, organisation, _post = published()
    person = make_person()
    make_membership(person, organisation)
    second = make_post(by=organisation, published_at=None)
    verified = make_organisation(responsible=person, verified_at=NOW)
    third = make_post(by=verified, published_at=None)
    news.commit()
    editor = browser(holding, person)
    assert press_publish(editor, second) is Publication.PUBLISHED
    assert press_publish(editor, third) is Publication.PUBLISHED


def test_once_verified_an_organisation_waits_no_more(holding: Flask, client: CheckedClient) -> None:
    person, post, editor = at_publish(holding)
    press_publish(editor, post)
    home = editor.get("/fr/account").get_data(as_text=True)
    assert "En attente" in home
    moderating(client)
    path = f"/fr/moderation/organisations/{post.organisation.slug}"
    assert decide(client, path, verdict="verify", rule="own_name").status_code == 303
    assert post_rules.publication(again(post)) is Publication.PUBLISHED
    assert "Votre annonce est publiée" in {m.subject for m in mails(person.email)}


def test_moderators_hear_once_a_day_of_what_came(holding: Flask, client: CheckedClient) -> None:
    _person, post, editor = at_publish(holding)
    press_publish(editor, post)
    moderator = moderating(client)
    run(moderation_jobs.tell_moderators)
    (mail,) = mails(moderator.email)
    assert mail.subject == "2 choses attendent une décision"
    run(moderation_jobs.tell_moderators)
    assert len(mails(moderator.email)) == 1, "the worker started again"
    clock.fix(NOW + timedelta(days=2))
    run(moderation_jobs.tell_moderators)
    assert len(mails(moderator.email)) == 1


def test_withdrawn_while_it_waits_it_stays_withdrawn(holding: Flask) -> None:
    _person, post, editor = at_publish(holding)
    press_publish(editor, post)
    editor.post(f"/fr/p/{post.uuid}/withdraw", data=fields(editor, f"/fr/p/{post.uuid}"))
    clock.fix(NOW + timedelta(hours=72))
    run(moderation_jobs.release_held)
    assert post_rules.publication(again(post)) is Publication.WITHDRAWN


def named() -> tuple[Person, Organisation]:
    """An organisation that is named, and who answers for it."""
    person = make_person()
    organisation = make_organisation(
        responsible=person, name="Cuisine du Faubourg", verified_at=NOW
    )
    news.commit()
    return person, organisation


def test_a_post_that_names_another_waits_for_its_yes(app: Flask) -> None:
    other, organisation = named()
    _author, post, editor = at_publish(app, title="Zanzibarine pliante avec Cuisine du faubourg")
    told = editor.get(f"/fr/p/{post.uuid}/edit").get_data(as_text=True)
    assert "Vous nommez «\xa0Cuisine du Faubourg\xa0»" in told
    assert post_rules.publication(again(post)) is Publication.DRAFT
    form = typed(editor, post)
    assert send(editor, post, form, "publish").status_code == 303
    assert post_rules.publication(again(post)) is Publication.SUBMITTED
    seen_nowhere(app, post)
    (mail,) = mails(other.email)
    assert "anzibarine" not in mail.text
    hers = browser(app, other)
    path = f"/fr/organisations/{organisation.slug}/names"
    home = hers.get("/fr/account").get_data(as_text=True)
    assert "On demande à vous nommer" in home
    assert f'href="{path}"' in home
    page = hers.get(path).get_data(as_text=True)
    assert "Zanzibarine pliante" in page
    hold = queries.open_holds(post.id)[0]
    assert editor.get(path).status_code == 404
    answer = hers.post(f"{path}/{hold.uuid}", data={**fields(hers, path), "do": "yes"})
    assert answer.status_code == 303
    assert post_rules.publication(again(post)) is Publication.PUBLISHED
    assert "On demande à vous nommer" not in hers.get("/fr/account").get_data(as_text=True)
    late = hers.post(f"{path}/{hold.uuid}", data={**fields(hers, path), "do": "no"})
    assert late.status_code == 303
    assert post_rules.publication(again(post)) is Publication.PUBLISHED
    second = make_post(by=again(post).organisation, title="Cuisine du Faubourg", published_at=None)
    news.commit()
    assert press_publish(editor, second) is Publication.PUBLISHED
    consent = queries.consents_of(organisation.id)[0]
    hers.post(f"{path}/consents/{consent.uuid}/revoke", data=fields(hers, path))
    third = make_post(by=again(post).organisation, title="Cuisine du Faubourg", published_at=None)
    news.commit()
    assert press_publish(editor, third) is Publication.SUBMITTED


def test_a_no_blocks_until_the_name_is_taken_out(app: Flask) -> None:
    other, organisation = named()
    author, post, editor = at_publish(app, title="Avec Cuisine du Faubourg")
    assert press_publish(editor, post) is Publication.SUBMITTED
    hers, path = browser(app, other), f"/fr/organisations/{organisation.slug}/names"
    hold = queries.open_holds(post.id)[0]
    hers.post(f"{path}/{hold.uuid}", data={**fields(hers, path), "do": "no"})
    assert post_rules.publication(again(post)) is Publication.SUBMITTED
    assert mails(author.email)[-1].subject == "Une organisation ne veut pas être nommée"
    assert "ne veut pas être nommée" in editor.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert send(editor, post, typed(editor, post, title="Avec d’autres")).status_code == 303
    assert post_rules.publication(again(post)) is Publication.PUBLISHED


def test_without_an_answer_moderators_decide_after_two_weeks(
    app: Flask, client: CheckedClient
) -> None:
    named()
    _author, post, editor = at_publish(app, title="Avec Cuisine du Faubourg")
    press_publish(editor, post)
    moderating(client)
    assert queue.counts()[Waiting.NAMING] == 0
    clock.fix(NOW + timedelta(days=14))
    assert queue.counts()[Waiting.NAMING] == 1
    assert decide(client, decide_path(post), verdict="release").status_code == 303
    assert post_rules.publication(again(post)) is Publication.PUBLISHED
    change = typed(editor, post, body="Le mardi.")
    assert send(editor, post, change).status_code == 303
    assert post_rules.publication(again(post)) is Publication.PUBLISHED


def test_a_name_added_to_a_published_post_takes_it_off_until_the_yes(app: Flask) -> None:
    named()
    person, _organisation, post = published()
    editor = browser(app, person)
    first = send(editor, post, typed(editor, post, title="Avec Cuisine du Faubourg"))
    assert first.status_code == 200
    assert "Vous nommez" in first.get_data(as_text=True)
    assert again(post).title == "Chaises pliantes"
    seen = typed(editor, post, title="Avec Cuisine du Faubourg")
    html = first.get_data(as_text=True)
    mark = html.partition('name="contacts_seen"')[2].partition('value="')[2].partition('"')[0]
    assert send(editor, post, seen | {"contacts_seen": mark}).status_code == 303
    assert post_rules.publication(again(post)) is Publication.SUBMITTED
    assert browser(app).get(f"/fr/p/{post.uuid}").status_code == 404
    send(editor, post, typed(editor, post, title="Chaises pliantes"))
    assert post_rules.publication(again(post)) is Publication.PUBLISHED


def test_a_name_in_the_words_of_a_photo_waits_like_any_other(app: Flask) -> None:
    named()
    person, _organisation, post = published()
    db.session.add(Upload(post_id=post.id, position=0, digest="a" * 64, width=9, height=9))
    news.commit()
    editor, path = browser(app, person), f"/fr/p/{post.uuid}/photos"
    (photo,) = photos_of(post.id)
    alt = f"photo-{photo.uuid}-alt"
    for words, stands in (("Chez Cuisine du Faubourg", Publication.SUBMITTED),
                          ("Des chaises", Publication.PUBLISHED)):  # fmt: skip
        page = form_fields(editor.get(path).get_data(as_text=True), "photos-form")
        page.pop("photos", None)
        assert editor.post(path, data=page | {alt: words, "do": "save"}).status_code == 303
        assert post_rules.publication(again(post)) is stands


def test_ones_own_name_and_ones_other_organisation_need_no_yes(app: Flask) -> None:
    other, organisation = named()
    own = make_post(by=organisation, title="Cuisine du Faubourg", published_at=None)
    second = make_organisation(responsible=other, name="Grenier du Faubourg")
    sister = make_post(by=second, title="Cuisine du Faubourg", published_at=None)
    news.commit()
    hers = browser(app, other)
    assert press_publish(hers, own) is Publication.PUBLISHED
    assert press_publish(hers, sister) is Publication.PUBLISHED


def test_one_mail_a_day_however_many_posts_name_it(app: Flask) -> None:
    other, _organisation = named()
    _author, post, editor = at_publish(app, title="Avec Cuisine du Faubourg")
    press_publish(editor, post)
    for n in range(3):
        more = make_post(by=again(post).organisation, title=f"{n} Cuisine du Faubourg",
                         published_at=None)  # fmt: skip
        news.commit()
        press_publish(editor, more)
    run(moderation_jobs.ask_named)
    assert len(mails(other.email)) == 1
    clock.fix(NOW + timedelta(hours=25))
    run(moderation_jobs.ask_named)
    run(moderation_jobs.ask_named)
    assert len(mails(other.email)) == 2
    assert mails(other.email)[-1].subject.startswith("Peut-on nommer")


def test_a_dropped_name_that_comes_back_is_asked_again(app: Flask) -> None:
    named()
    _author, post, editor = at_publish(app, title="Avec Cuisine du Faubourg")
    press_publish(editor, post)
    send(editor, post, typed(editor, post, title="Seuls"))
    assert post_rules.publication(again(post)) is Publication.PUBLISHED
    will_write()
    answers = set(db.session.scalars(select(Hold.answer).where(Hold.cause == Cause.NAMING)))
    assert answers == {Answer.DROPPED}
    assert not queries.was_cleared(post.id, db.session.scalars(select(Hold.named_id)).one() or 0)


def test_the_worker_knows_these_jobs() -> None:
    names = {name.rpartition(".")[2] for name in jobs._jobs}
    assert {"release_held", "ask_named", "tell_moderators"} <= names
