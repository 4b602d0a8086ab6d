"""A partner's own nod: nothing shows before its yes, its no has a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from board import jobs, news
from board.clock import fix
from board.database import will_write
from board.extensions import db
from board.mail import Mail
from board.posts import services as post_services
from board.posts.rules import Audience
from board.widgets import clearing, persons, queries
from board.widgets.rules import Nod
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient, csrf, parse
from tests.posts.helpers import at_work
from tests.widgets.helpers import make_widget
from tests.widgets.test_embed import titles


def test_nothing_shows_before_a_yes_but_ones_own(client: CheckedClient) -> None:
    _person, mine = at_work(client)
    friend = make_organisation(slug="amie", name="Amie")
    make_post(title="La nôtre", by=mine)
    make_post(title="D’une amie", by=friend)
    first, second = make_post(title="Première"), make_post(title="Deuxième")
    widget = make_widget(mine, asks_nod=True)
    shown, path = f"/embed/{widget.uuid}", f"/fr/organisations/{mine.slug}/widgets/{widget.uuid}"
    assert titles(client, shown) == ["La nôtre"]
    page = client.get(f"{path}/clearance").get_data(as_text=True)
    assert "3 annonces attendent" in page
    token = csrf(client, f"{path}/clearance")

    def say(post_id: object, **data: str) -> int:
        sent = {"csrf_token": token, **data}
        return client.post(f"{path}/clearance/{post_id}", data=sent).status_code

    assert say(first.uuid, do="accepted") == 303
    assert say(second.uuid, do="refused") == 422
    assert say(second.uuid, do="refused", reason="Hors de notre quartier") == 303
    assert say(second.uuid, do="praised") == 404
    assert titles(client, shown) == ["Première", "La nôtre"]
    theirs = make_post(title="Autre de l’amie", by=friend)
    news.commit()
    assert say(theirs.uuid, do="welcome") == 303
    assert set(titles(client, shown)) == {"Autre de l’amie", "Première", "D’une amie", "La nôtre"}
    page = client.get(f"{path}/clearance").get_data(as_text=True)
    assert "Hors de notre quartier" in page
    assert "Rien n’attend" in page
    assert say(second.uuid, do="accepted") == 303
    assert "Deuxième" in titles(client, shown)
    draft = make_post(published_at=None)
    news.commit()
    assert say(draft.uuid, do="accepted") == say(draft.uuid, do="welcome") == 404
    for away in ({"audience": Audience.MEMBERS}, {"hidden_at": NOW, "audience": Audience.PUBLIC}):
        will_write()
        for name, value in away.items():
            setattr(first, name, value)
        news.commit()
        page = client.get(f"{path}/clearance").get_data(as_text=True)
        assert "Deuxième" in page and "Première" not in page


def test_enter_beside_a_reason_refuses(client: CheckedClient) -> None:
    _person, mine = at_work(client)
    waits, shown = make_post(title="En attente"), make_post(title="Paraît")
    widget = make_widget(mine, asks_nod=True)
    path = f"/fr/organisations/{mine.slug}/widgets/{widget.uuid}/clearance"
    sent = {"csrf_token": csrf(client, path), "do": "accepted"}
    client.post(f"{path}/{shown.uuid}", data=sent)
    page = parse(client.get(path).get_data(as_text=True))
    firsts = {
        form.get("action"): next(form.iter("button")).get("value")
        for form in page.iter("form")
        if any(field.get("name") == "reason" for field in form.iter("input"))
    }
    assert firsts == {f"{path}/{one.uuid}": "refused" for one in (waits, shown)}
    # What shows is refused later with its own reason.
    sent |= {"do": "refused"}
    unsaid = client.post(f"{path}/{shown.uuid}", data=sent)
    assert unsaid.status_code == 422
    assert "<details open" in unsaid.get_data(as_text=True)
    client.post(f"{path}/{shown.uuid}", data=sent | {"reason": "Finalement trop loin"})
    page_after = client.get(path).get_data(as_text=True)
    assert "Finalement trop loin" in page_after
    assert titles(client, f"/embed/{widget.uuid}") == []


def test_a_long_queue_has_pages(client: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clearing, "PER_PAGE", 2)
    _person, mine = at_work(client)
    posts = [make_post(title=f"Annonce {n}") for n in range(5)]
    widget = make_widget(mine, asks_nod=True)
    path = f"/fr/organisations/{mine.slug}/widgets/{widget.uuid}/clearance"
    seen = [client.get(f"{path}?page={n}").get_data(as_text=True) for n in (1, 2, 3)]
    for page in seen:
        assert "5 annonces attendent" in page
        assert f"{path}?page=2" in page
    for post in posts:
        assert sum(post.title in page for page in seen) == 1
    last = next(post for post in posts if post.title in seen[2])
    sent = {"csrf_token": csrf(client, path), "page": "3", "do": "accepted"}
    answer = client.post(f"{path}/{last.uuid}", data=sent)
    assert answer.headers["Location"].endswith("?page=3")
    for asked in ("3", "99", "x"):
        assert "Annonce" in client.get(f"{path}?page={asked}").get_data(as_text=True)


def test_who_said_it_is_exported_and_forgotten(client: CheckedClient) -> None:
    person, mine = at_work(client)
    post, widget = make_post(), make_widget(mine, asks_nod=True)
    said = {"widget": widget, "post": post, "reason": "Trop loin", "by": person}
    clearing.decide(nod=Nod.REFUSED, **said)  # type: ignore[arg-type]
    db.session.flush()
    assert [one["reason"] for one in persons.export(person)] == ["Trop loin"]
    persons.forget(person)
    assert persons.export(person) == []
    assert queries.nods_of(widget.id)[Nod.REFUSED] == {post.id}
    news.commit()


def test_its_owner_is_told_once_of_what_waits(client: CheckedClient) -> None:
    person, mine = at_work(client)
    make_post(title="Première")
    widget = make_widget(mine, asks_nod=True)
    assert clearing.tell_waiting(widget)
    assert not clearing.tell_waiting(widget)
    news.commit()
    mail = db.session.query(Mail).one()
    assert mail.recipient == person.email
    assert "Première" not in mail.text
    assert f"/widgets/{widget.uuid}/clearance" in mail.text
    fix(NOW + timedelta(days=1))
    make_post(title="Deuxième")
    news.commit()
    assert any(name.endswith("tell_owners") for name in jobs._jobs)
    tell = jobs._jobs["board.widgets.jobs.tell_owners"].work
    tell()
    tell()
    assert db.session.query(Mail).count() == 2
    # One that rested when the last mail went, and waits again, is told of like a new one.
    will_write()
    rested = make_post(title="Reposée", published_at=NOW - timedelta(days=3), paused_at=NOW)
    news.commit()
    tell()
    assert db.session.query(Mail).count() == 2
    will_write()
    post_services.resume(post=rested, by=person)
    news.commit()
    tell()
    tell()
    assert db.session.query(Mail).count() == 3


def test_a_widget_without_nod_waits_for_nobody(client: CheckedClient) -> None:
    make_post(title="Première")
    widget = make_widget()
    assert clearing.waiting(widget) == ([], 0)
    assert not clearing.tell_waiting(widget)
