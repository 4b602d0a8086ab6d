"""A moderator decides, with a reason that cites a rule; those concerned read it and may appeal."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from board import news, search
from board.database import will_write, writing
from board.errors import Conflict
from board.extensions import db
from board.moderation import marks, queue, services
from board.moderation.models import Appeal, Decision
from board.moderation.rules import Rule, Verdict, Waiting
from board.posts.models import Post
from board.posts.rules import Event
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
    make_moderator,
    moderating,
    published,
)
from tests.pages import CheckedClient, sign_in


def found(words: str) -> int:
    from werkzeug.datastructures import MultiDict

    from board.search.filters import parse

    return search.current_engine().search(parse(MultiDict({"q": words}))).total


def test_hidden_it_leaves_everything_at_once_and_comes_back(
    app: Flask, client: CheckedClient
) -> None:
    person, organisation, post = published(title="Zanzibarine pliante")
    moderating(client)
    visitor, editor = browser(app), browser(app, person)
    reported = visitor.post(f"/fr/p/{post.uuid}/report",
                            data={"rule": "safety", "email": "lecteur@exemple.org"})  # fmt: skip
    assert reported.status_code == 303
    assert found("zanzibarine") == 1
    answer = decide(client, decide_path(post), verdict="hide", rule="safety",
                    reason="C’est dangereux.")  # fmt: skip
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert found("zanzibarine") == 0
    gone = visitor.get(f"/fr/p/{post.uuid}")
    assert gone.status_code == 410
    assert "anzibarine" not in gone.get_data(as_text=True)
    for path in ("/fr/", "/fr/?q=pliante&closed=1", f"/fr/organisations/{organisation.slug}",
                 "/api/v1/posts", "/fr/?organisation=" + organisation.slug):  # fmt: skip
        assert "anzibarine" not in visitor.get(path).get_data(as_text=True), path
    hers = editor.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "C’est dangereux." in hers
    assert "Ne mettre personne en danger" in hers
    assert "Modeste" not in hers
    assert client.get(f"/fr/p/{post.uuid}").status_code == 200
    assert [m.recipient for m in mails()] == ["lecteur@exemple.org", person.email]
    assert all("dangereux" not in m.text and "anzibarine" not in m.text for m in mails())
    answer = decide(client, decide_path(post), verdict="restore", rule="true", reason="Vu.")
    assert answer.status_code == 303
    assert visitor.get(f"/fr/p/{post.uuid}").status_code == 200
    assert found("zanzibarine") == 1
    assert [d.verdict for d in decisions()] == [Verdict.HIDE, Verdict.RESTORE]
    history = visitor.get(f"/fr/p/{post.uuid}/history").get_data(as_text=True)
    assert "modération" not in history.partition("<main")[2].partition("</main>")[0]


def test_a_decision_needs_a_rule_and_a_reason(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    moderating(client)
    for data in ({"rule": ""}, {"reason": ""}, {"verdict": "verify"}, {"verdict": "release"},
                 {"reason": "x" * 1001}):  # fmt: skip
        answer = decide(client, decide_path(post), **{"verdict": "hide", **data})
        assert answer.status_code == 422, data
    assert decisions() == []
    assert again(post).hidden_at is None


def test_two_moderators_do_not_overwrite_each_other(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    one, two = make_moderator(), make_moderator()
    news.commit()
    sign_in(client, one)
    other = browser(app, two)
    path = decide_path(post)
    mine, theirs = fields(client, path), fields(other, path)
    hide = {"verdict": "hide", "rule": "true", "reason": "Première."}
    assert client.post(path, data={**mine, **hide}).status_code == 303
    late = other.post(path, data={**theirs, **hide, "reason": "Seconde raison."})
    assert late.status_code == 409
    page = late.get_data(as_text=True)
    assert "Seconde raison." in page
    assert "Première." in page
    assert len(decisions()) == 1


def test_a_text_that_changed_meanwhile_is_read_again(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    moderating(client)
    seen = fields(client, decide_path(post))
    will_write()
    post.edit_version += 1
    news.commit()
    data = {**seen, "verdict": "hide", "rule": "true", "reason": "Non."}
    assert client.post(decide_path(post), data=data).status_code == 409
    assert again(post).hidden_at is None


def test_of_two_decisions_at_the_same_moment_one_is_kept(app: Flask) -> None:
    _person, _organisation, post = published()
    moderators = [make_moderator(), make_moderator()]
    news.commit()
    seen, outcomes = marks.of(post), []
    ids = [one.id for one in moderators]
    post_id = post.id
    db.session.rollback()
    start = threading.Barrier(2)

    def act(moderator_id: int) -> None:
        from board.accounts.models import Person

        with app.app_context(), writing():
            start.wait()
            try:
                services.decide(subject=db.session.get_one(Post, post_id), verdict=Verdict.HIDE,
                                rule=Rule.TRUE, reason="Non.", seen=seen,
                                by=db.session.get_one(Person, moderator_id))  # fmt: skip
                news.commit()
                outcomes.append("done")
            except Conflict:
                outcomes.append("late")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=act, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "late"]
    assert len(decisions()) == 1


def test_a_report_that_comes_while_one_decides_stays(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    moderating(client)
    visitor = browser(app)
    visitor.post(f"/fr/p/{post.uuid}/report", data={"rule": "true"})
    seen = fields(client, decide_path(post))
    visitor.post(f"/fr/p/{post.uuid}/report", data={"rule": "privacy"})
    data = {**seen, "verdict": "keep", "rule": "true", "reason": "C’est vrai."}
    assert client.post(decide_path(post), data=data).status_code == 303
    (item,) = queue.items(Waiting.REPORT, offset=0)
    assert item.count == 1


def test_the_author_reads_and_appeals_once(app: Flask, client: CheckedClient) -> None:
    person, organisation, post = published()
    colleague, stranger = make_person(), make_person()
    make_membership(colleague, organisation)
    moderating(client)
    path = f"/fr/p/{post.uuid}/appeal"
    editor = browser(app, person)
    assert editor.get(path).status_code == 404
    decide(client, decide_path(post), verdict="hide", reason="Première raison.")
    assert browser(app, stranger).get(path).status_code == 404
    assert path in editor.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert editor.post(path, data={**fields(editor, path), "text": ""}).status_code == 422
    token = fields(editor, path)
    assert editor.post(path, data={**token, "text": "Relisez, svp."}).status_code == 303
    again_editor = browser(app, colleague)
    assert again_editor.get(path).status_code == 404
    assert editor.post(path, data={**token, "text": "Encore."}).status_code == 303
    assert len(list(db.session.scalars(select(Appeal)))) == 1
    (item,) = queue.items(Waiting.APPEAL, offset=0)
    assert item.subject.id == post.id
    page = client.get(decide_path(post)).get_data(as_text=True)
    assert "Relisez, svp." in page
    assert "La décision contestée est la vôtre" in page
    other = browser(app)
    moderating(other)
    assert "est la vôtre" not in other.get(decide_path(post)).get_data(as_text=True)
    decide(client, decide_path(post), verdict="keep", reason="Relu : cela reste.")
    assert queue.counts()[Waiting.APPEAL] == 0
    hers = editor.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert "Relu : cela reste." in hers
    assert path not in hers
    assert editor.get(path).status_code == 404


def test_a_withdrawn_post_that_was_hidden_comes_back_withdrawn(
    app: Flask, client: CheckedClient
) -> None:
    _person, _organisation, post = published(withdrawn_at=NOW)
    moderating(client)
    assert decide(client, decide_path(post), verdict="hide").status_code == 303
    assert decide(client, decide_path(post), verdict="restore").status_code == 303
    assert again(post).withdrawn_at is not None
    assert browser(app).get(f"/fr/p/{post.uuid}").status_code == 410


def test_a_hidden_post_is_put_right_by_its_editors_but_not_put_up(
    app: Flask, client: CheckedClient
) -> None:
    person, _organisation, post = published(hidden_at=NOW)
    sign_in(client, person)
    assert client.get(f"/fr/p/{post.uuid}/edit").status_code == 200
    token = fields(client, f"/fr/p/{post.uuid}")
    for step in ("publish", "withdraw", "pause", "confirm"):
        client.post(f"/fr/p/{post.uuid}/{step}", data=token)
    stored = again(post)
    assert (stored.hidden_at, stored.withdrawn_at, stored.paused_at) == (NOW, None, None)


def test_a_draft_is_no_moderators_business(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published(published_at=None)
    moderating(client)
    page = client.get(decide_path(post)).get_data(as_text=True)
    assert 'name="verdict"' not in page
    assert decide(client, decide_path(post), verdict="hide").status_code in {409, 422}


def test_an_organisation_is_verified_and_a_new_name_drops_it(
    app: Flask, client: CheckedClient
) -> None:
    person, organisation, _post = published()
    moderating(client)
    path = f"/fr/moderation/organisations/{organisation.slug}"
    assert queue.counts()[Waiting.UNVERIFIED] == 1
    assert decide(client, path, verdict="verify", rule="own_name").status_code == 303
    assert again(organisation).verified_at is not None
    assert queue.counts()[Waiting.UNVERIFIED] == 0
    assert mails(person.email)[-1].subject == "Votre organisation est vérifiée"
    from board.organisations import services as organisations

    with writing():
        organisations.edit(
            organisation=organisation, name="Tout autre nom", about=organisations.About(),
            seen_version=organisation.edit_version,
        )  # fmt: skip
        news.commit()
    assert again(organisation).verified_at is None
    assert queue.counts()[Waiting.UNVERIFIED] == 1
    decide(client, path, verdict="keep", rule="own_name", reason="On ne sait pas encore.")
    assert queue.counts()[Waiting.UNVERIFIED] == 0
    assert again(organisation).verified_at is None


def test_a_hidden_organisation_takes_its_posts_along_and_brings_them_back(
    app: Flask, client: CheckedClient
) -> None:
    person = make_person()
    organisation = make_organisation(responsible=person, name="Zorglubine")
    open_one = make_post(by=organisation, title="Zorglubettes")
    bad = make_post(by=organisation, title="Autre", hidden_at=NOW - timedelta(days=1))
    draft = make_post(by=organisation, title="Brouillon", published_at=None)
    moderating(client)
    path = f"/fr/moderation/organisations/{organisation.slug}"
    answer = decide(client, path, verdict="hide", reason="Ce n’est pas elle.")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    visitor, editor = browser(app), browser(app, person)
    assert visitor.get(f"/fr/organisations/{organisation.slug}").status_code == 410
    assert visitor.get(f"/fr/p/{open_one.uuid}").status_code == 410
    assert found("zorglubettes") == 0
    for page in ("/fr/organisations/", "/fr/", "/api/v1/posts"):
        assert "orglub" not in visitor.get(page).get_data(as_text=True)
    hers = editor.get(f"/fr/organisations/{organisation.slug}").get_data(as_text=True)
    assert "Ce n’est pas elle." in hers
    assert f"/fr/organisations/{organisation.slug}/appeal" in hers
    token = fields(editor, f"/fr/p/{draft.uuid}/edit")
    editor.post(f"/fr/p/{draft.uuid}/publish", data=token)
    assert again(draft).published_at is None
    assert decide(client, decide_path(open_one), verdict="restore").status_code == 422
    assert decide(client, path, verdict="restore", reason="C’était elle.").status_code == 303
    assert visitor.get(f"/fr/p/{open_one.uuid}").status_code == 200
    assert visitor.get(f"/fr/p/{bad.uuid}").status_code == 410
    assert found("zorglubettes") == 1
    events = {event.event for event in again(open_one).events}
    assert {Event.HIDDEN, Event.RESTORED} <= events


def test_a_decision_is_never_rewritten(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    moderating(client)
    decide(client, decide_path(post), verdict="keep")
    (decision,) = decisions()
    will_write()
    decision.reason = "Autre chose."
    with pytest.raises(TypeError):
        db.session.flush()
    db.session.rollback()
    will_write()
    db.session.delete(db.session.get_one(Decision, decision.id))
    with pytest.raises(TypeError):
        db.session.flush()
    db.session.rollback()
    log = client.get("/fr/moderation/log").get_data(as_text=True)
    assert "Parce que." in log
    assert "Modeste" in log


def test_what_an_erased_moderator_decided_stays_decided(app: Flask, client: CheckedClient) -> None:
    _person, _organisation, post = published()
    moderator = moderating(client)
    decide(client, decide_path(post), verdict="hide")
    with writing():
        services.forget(moderator)
        news.commit()
    (decision,) = decisions()
    assert decision.by_id is None
    assert again(post).hidden_at is not None


def test_the_queue_is_paged_oldest_first_and_filtered(app: Flask, client: CheckedClient) -> None:
    for n in range(25):
        make_organisation(name=f"Groupe {n:02}", created_at=NOW - timedelta(days=n))
    moderating(client)
    first = client.get("/fr/moderation?waiting=unverified").get_data(as_text=True)
    second = client.get("/fr/moderation?waiting=unverified&page=2").get_data(as_text=True)
    assert first.index("Groupe 24") < first.index("Groupe 23")
    assert "Groupe 00" not in first
    assert "Groupe 00" in second
    assert "Groupe 24" not in client.get("/fr/moderation?waiting=report").get_data(as_text=True)
    for wrong, status in (("0", 400), ("x", 400), ("99", 404), ("9" * 9, 400)):
        assert client.get(f"/fr/moderation?page={wrong}").status_code == status


def test_what_is_said_of_a_closed_organisation_can_be_settled(
    app: Flask, client: CheckedClient
) -> None:
    _person, organisation, _post = published()
    visitor = browser(app)
    path = f"/fr/organisations/{organisation.slug}/report"
    assert visitor.post(path, data={"rule": "true"}).status_code == 303
    will_write()
    organisation.closed_at = NOW
    news.commit()
    moderating(client)
    decided = f"/fr/moderation/organisations/{organisation.slug}"
    assert decide(client, decided, verdict="verify").status_code == 422
    assert decide(client, decided, verdict="keep").status_code == 303
    assert queue.counts()[Waiting.REPORT] == 0
