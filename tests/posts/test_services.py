"""The verbs of posts, without a browser."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from board import clock, news
from board.accounts.models import Person
from board.accounts.panels import erase_elsewhere, exports_of, panels_of
from board.database import writing
from board.errors import Conflict, Invalid, NotAllowed
from board.extensions import db
from board.organisations.models import Organisation
from board.posts import services
from board.posts.models import Confirmation, Post, PostEvent, PostRevision
from board.posts.rules import Audience, Basis, Event, Kind, Outcome, Purpose
from board.posts.values import LineValues, PostValues, differences, snapshot, values_of
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post

LINE = LineValues(title="Chaises", kind=Kind.TOOL, category="chairs", quantity=4)
VALUES = PostValues(purpose=Purpose.NEED, title="Des chaises", language="fr", lines=(LINE,))


def begun(values: PostValues = VALUES) -> tuple[Post, Person]:
    """A draft and its author."""
    person = make_person()
    organisation = make_organisation(responsible=person)
    post = services.draft(
        organisation=organisation, by=person, values=values, sentence="", timezone="America/Toronto"
    )
    news.commit()
    return post, person


def changed(values: PostValues, **more: object) -> PostValues:
    return PostValues(**{name: getattr(values, name) for name in values.__slots__} | more)


def test_a_draft_keeps_what_was_written(app: Flask) -> None:
    post, _person = begun()
    assert values_of(post).title == "Des chaises"
    assert post.lines[0].category is not None and post.lines[0].category.key == "chairs"
    assert post.published_at is None and post.ranked_at is None


def test_saving_the_same_words_moves_nothing(app: Flask) -> None:
    post, person = begun()
    assert not services.save(post=post, values=values_of(post), by=person, edit_version=1)
    assert post.edit_version == 1


def test_an_older_version_is_a_conflict(app: Flask) -> None:
    post, person = begun()
    values = changed(values_of(post), title="Des bancs")
    assert services.save(post=post, values=values, by=person, edit_version=1)
    with pytest.raises(Conflict):
        services.save(post=post, values=values, by=person, edit_version=1)


def test_publishing_again_after_a_withdrawal_ranks_it_first(app: Flask) -> None:
    post, person = begun()
    services.publish(post=post, by=person)
    services.withdraw(post=post, by=person)
    clock.fix(NOW + timedelta(days=2))
    services.publish(post=post, by=person)
    assert post.withdrawn_at is None and post.ranked_at == NOW + timedelta(days=2)
    with pytest.raises(NotAllowed):
        services.publish(post=post, by=person)


def test_an_unconfirmed_person_cannot_publish(app: Flask) -> None:
    post, person = begun()
    person.confirmed_at = None
    with pytest.raises(Invalid):
        services.publish(post=post, by=person)


def test_an_announcement_that_ended_is_not_put_up(app: Flask) -> None:
    post, person = begun(changed(VALUES, expires_on=date(2026, 9, 14)))
    with pytest.raises(Invalid):
        services.publish(post=post, by=person)


def test_the_last_day_belongs_to_the_announcement(app: Flask) -> None:
    post, _person = begun(changed(VALUES, expires_on=date(2026, 9, 15)))
    assert post.expires_at is not None and post.expires_at > NOW
    assert values_of(post).expires_on == date(2026, 9, 15)


def test_confirming_leaves_a_row_and_ranks(app: Flask) -> None:
    post, person = begun()
    services.publish(post=post, by=person)
    clock.fix(NOW + timedelta(days=95))
    services.confirm(post=post, by=person)
    assert post.ranked_at == post.confirmed_at == NOW + timedelta(days=95)
    kept = db.session.scalar(select(Confirmation).where(Confirmation.post_id == post.id))
    assert kept is not None and kept.by_id == person.id and kept.via == "page"


def test_met_and_back(app: Flask) -> None:
    post, person = begun()
    services.publish(post=post, by=person)
    services.mark_met(post=post, by=person, outcome=Outcome.MET_HERE)
    with pytest.raises(Conflict):
        services.mark_met(post=post, by=person, outcome=Outcome.MET_HERE)
    services.reopen(post=post, by=person)
    steps = [event.event for event in db.session.scalars(select(PostEvent).order_by(PostEvent.id))]
    assert steps[-3:] == [Event.PUBLISHED, Event.MET, Event.REOPENED]


def test_what_is_withdrawn_cannot_be_written(app: Flask) -> None:
    post, person = begun()
    services.withdraw(post=post, by=person)
    with pytest.raises(NotAllowed):
        services.save(post=post, values=VALUES, by=person, edit_version=1)


def test_a_known_word_as_tag_carries_its_concept(app: Flask) -> None:
    post, _person = begun(changed(VALUES, tags=("perceuse", "mot à nous")))
    assert [tag.concept_id is not None for tag in post.tags] == [True, False]


def test_tags_follow_what_is_written(app: Flask) -> None:
    post, person = begun(changed(VALUES, tags=("un", "deux")))
    first = post.tags[0].id
    services.save(
        post=post, values=changed(VALUES, tags=("Un", "trois")), by=person, edit_version=1
    )
    assert sorted(tag.text for tag in post.tags) == ["Un", "trois"]
    assert first in {tag.id for tag in post.tags}


def test_any_change_moves_the_public_version(app: Flask) -> None:
    post, person = begun()
    services.publish(post=post, by=person)
    news.commit()
    version = post.version
    post.organisation.name = "Un autre nom"
    news.commit()
    assert post.version > version


def test_differences_are_said_field_by_field(app: Flask) -> None:
    post, _person = begun()
    before = snapshot(values_of(post))
    after = {**before, "title": "Bancs", "lines": [{**before["lines"][0], "quantity": 5}]}
    found = [(one.name, one.one, one.other) for one in differences(before, after)]
    assert found == [("title", "Des chaises", "Bancs"), ("quantity", 4, 5)]


def test_a_copy_forgets_promises_and_a_past_end(app: Flask) -> None:
    post, person = begun(changed(VALUES, expires_on=date(2026, 9, 14), tags=("fête",)))
    post.lines[0].committed = 2
    copy = services.duplicate(post=post, by=person)
    assert copy.expires_at is None and copy.lines[0].committed == 0
    assert copy.lines[0].uuid != post.lines[0].uuid and [t.text for t in copy.tags] == ["fête"]
    assert copy.copied_from_id == post.id and copy.published_at is None


def test_a_person_sees_exports_and_leaves_their_posts(app: Flask) -> None:
    post, person = begun(changed(VALUES, body="mots canari", audience=Audience.MEMBERS))
    assert any(one.template == "posts/home_panel.html" for one in panels_of(person))
    assert "mots canari" in str(exports_of(person)["posts"])
    services.publish(post=post, by=person)
    erase_elsewhere(person)
    news.commit()
    db.session.expire_all()
    assert post.author_id is None and post.title == "Des chaises"
    assert set(db.session.scalars(select(PostRevision.by_id))) == {None}
    assert set(db.session.scalars(select(PostEvent.by_id))) == {None}


def test_an_export_tells_earlier_wordings_and_acts_on_what_others_began(app: Flask) -> None:
    post, person = begun()
    colleague = make_person()
    words = changed(VALUES, title="Les mots de ma collègue")
    services.save(post=post, values=words, by=colleague, edit_version=post.edit_version)
    services.publish(post=post, by=colleague)
    services.mark_met(post=post, by=colleague, outcome=Outcome.NO_ONE_CAME_FORWARD)
    services.save(post=post, values=changed(VALUES, title="Les miens"), by=person,
                  edit_version=post.edit_version)  # fmt: skip
    news.commit()
    hers, mine = exports_of(colleague), exports_of(person)
    assert [one["title"] for one in hers["post_wordings"]] == ["Les mots de ma collègue"]
    assert {one["title"] for one in mine["post_wordings"]} == {VALUES.title, "Les miens"}
    assert [one["act"] for one in hers["post_acts"]][:2] == ["met", "published"]
    assert hers["post_acts"][0]["outcome"] == "no_one_came_forward"
    assert {one["post"] for one in hers["post_acts"]} == {post.uuid} and not hers["posts"]


def test_of_two_editors_at_the_same_instant_one_hears_of_it(app: Flask) -> None:
    post, person = begun()
    results: list[str] = []
    start = threading.Barrier(2)

    def edit(title: str) -> None:
        with app.app_context(), writing():
            mine = db.session.get(Post, post_id)
            by = db.session.get(Person, person_id)
            assert mine is not None and by is not None
            db.session.rollback()
            start.wait(10)
            try:
                values = changed(VALUES, title=title)
                services.save(post=mine, values=values, by=by, edit_version=1)
                news.commit()
                results.append(title)
            except Conflict:
                db.session.rollback()
                results.append("conflict")

    post_id, person_id = post.id, person.id
    db.session.rollback()
    threads = [threading.Thread(target=edit, args=(title,)) for title in ("Un", "Deux")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results)[-1] == "conflict" and len(results) == 2
    db.session.rollback()
    kept = db.session.get(Post, post_id, populate_existing=True)
    assert kept is not None and kept.title in results and kept.edit_version == 2


def test_a_promise_made_meanwhile_keeps_its_line(app: Flask) -> None:
    person = make_person()
    organisation: Organisation = make_organisation(responsible=person)
    post = make_post(by=organisation, lines=[{"quantity": 5, "basis": Basis.GIFT, "committed": 1}])
    news.commit()
    with pytest.raises(Invalid):
        services.save(post=post, values=changed(VALUES, lines=()), by=person, edit_version=1)
