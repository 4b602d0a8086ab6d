"""Each route, tried by a visitor, a stranger and an editor: the mark on it is what it does."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule

from board import news
from board.clock import now
from board.organisations.models import Organisation
from board.organisations.rules import Role
from board.posts.models import Post
from board.web.access import Authority
from tests.factories import make_membership, make_organisation, make_person, make_post
from tests.pages import CheckedClient, csrf, sign_in

HERS = {Authority.EDITOR, Authority.RESPONSIBLE}
THEIRS = {Authority.MODERATOR}


def authority_of(app: Flask, rule: Rule) -> Authority | None:
    """Return the mark of a route's view."""
    return getattr(app.view_functions[rule.endpoint], "authority", None)


def addresses(app: Flask, method: str, wanted: set[Authority]) -> list[tuple[str, str]]:
    """Return (endpoint, address) of the routes with that authority, about one draft."""
    owner = make_person()
    organisation = make_organisation(responsible=owner)
    draft = make_post(by=organisation, published_at=None)
    news.commit()
    found = [
        (rule.endpoint, fill(app, rule, organisation, draft))
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and authority_of(app, rule) in wanted
    ]
    assert len(found) > 1
    return found


def fill(app: Flask, rule: Rule, organisation: Organisation, draft: Post) -> str:
    """Write a route's address about these two."""
    nobody = UUID(int=1)
    given = {"language": "fr", "slug": organisation.slug, "post_id": draft.uuid, "digest": "0" * 64}
    values = {name: given.get(name, nobody) for name in rule.arguments}
    values |= {"extension": "webp", "form": "atom", "part": "pages", "edition": "1.0.0"}
    adapter = app.url_map.bind("127.0.0.1:8000")
    return adapter.build(rule.endpoint, {n: values[n] for n in rule.arguments}, method=None)


def test_a_visitor_is_led_to_sign_in(app: Flask, client: CheckedClient) -> None:
    for endpoint, path in addresses(app, "GET", HERS | THEIRS | {Authority.SIGNED_IN}):
        answer = client.get(path)
        assert answer.status_code in {302, 303, 404}, (endpoint, answer.status_code)
        if answer.status_code != 404:
            assert "/sign-in" in answer.headers["Location"], endpoint


def test_a_visitor_writes_nothing_that_needs_a_person(app: Flask, client: CheckedClient) -> None:
    for endpoint, path in addresses(app, "POST", HERS | THEIRS | {Authority.SIGNED_IN}):
        answer = client.post(path)
        refused = answer.status_code in {401, 403, 404}
        assert refused or "/sign-in" in answer.headers.get("Location", ""), endpoint


def test_a_stranger_gets_nothing_of_an_organisation(app: Flask, client: CheckedClient) -> None:
    stranger = make_person()
    make_organisation(responsible=stranger)
    reads = addresses(app, "GET", HERS | THEIRS)
    writes = addresses(app, "POST", HERS | THEIRS)
    sign_in(client, stranger)
    token = csrf(client, "/fr/settings")
    for endpoint, path in reads:
        assert client.get(path).status_code in {403, 404}, endpoint
    for endpoint, path in writes:
        answer = client.post(path, data={"csrf_token": token})
        assert answer.status_code in {403, 404}, (endpoint, answer.status_code)


def test_an_editor_does_not_manage(app: Flask, client: CheckedClient) -> None:
    editor = make_person()
    organisation = make_organisation(responsible=make_person())
    make_membership(editor, organisation, Role.EDITOR)
    news.commit()
    sign_in(client, editor)
    slug = organisation.slug
    for rule in app.url_map.iter_rules():
        if authority_of(app, rule) is Authority.RESPONSIBLE and "GET" in (rule.methods or ()):
            path = fill(app, rule, organisation, Post(uuid=UUID(int=2)))
            if slug in path:
                assert client.get(path).status_code in {403, 404}, rule.endpoint


def test_only_a_moderator_moderates(app: Flask, client: CheckedClient) -> None:
    moderator, responsible = make_person(moderator_at=now()), make_person()
    organisation = make_organisation(responsible=responsible)
    post = make_post(by=organisation)
    news.commit()
    paths = [
        (rule.endpoint, fill(app, rule, organisation, post))
        for rule in app.url_map.iter_rules()
        if authority_of(app, rule) in THEIRS and "GET" in (rule.methods or ())
    ]
    assert paths
    sign_in(client, responsible)
    for endpoint, path in paths:
        assert client.get(path).status_code == 404, endpoint
    sign_in(client, moderator)
    for endpoint, path in paths:
        assert client.get(path).status_code == 200, endpoint


def test_a_moderator_edits_nobodys_posts(app: Flask, client: CheckedClient) -> None:
    moderator = make_person(moderator_at=now())
    reads, writes = addresses(app, "GET", HERS), addresses(app, "POST", HERS)
    news.commit()
    sign_in(client, moderator)
    token = csrf(client, "/fr/settings")
    for endpoint, path in reads:
        assert client.get(path).status_code in {403, 404}, endpoint
    for endpoint, path in writes:
        assert client.post(path, data={"csrf_token": token}).status_code in {403, 404}, endpoint


def test_a_post_without_the_token_is_refused(app: Flask, client: CheckedClient) -> None:
    person = make_person()
    news.commit()
    sign_in(client, person)
    for endpoint, path in addresses(app, "POST", {Authority.SIGNED_IN, *HERS, *THEIRS}):
        answer = client.post(path, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 403, (endpoint, answer.status_code)
        crossed = client.post(path, headers={"Sec-Fetch-Site": "cross-site"})
        assert crossed.status_code == 403, endpoint
