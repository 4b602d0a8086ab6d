"""What other sites ask for: no cookie is read, none is set, whoever asks."""

from __future__ import annotations

import pytest
from flask import Flask, session
from werkzeug.routing import Rule

from board import news
from board.web import cookieless
from tests.factories import make_organisation, make_person, make_post
from tests.guards.test_each_actor import fill
from tests.pages import CheckedClient, sign_in
from tests.widgets.helpers import make_widget


def rules(app: Flask) -> list[Rule]:
    """The routes that are everybody's."""
    found = [
        rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "cookieless", False)
    ]
    assert len(found) > 5
    return found


def test_no_cookie_is_set_and_a_cookie_changes_nothing(app: Flask, client: CheckedClient) -> None:
    person = make_person(moderator_at=None)
    organisation = make_organisation(responsible=person)
    post = make_post(by=organisation)
    news.commit()
    visitor = app.test_client()
    sign_in(client, person)
    for rule in rules(app):
        path = fill(app, rule, organisation, post)
        assert cookieless.PATHS.match(path), f"{path}: say it in board/web/cookieless.py"
        mine = client.get(path, headers={"Authorization": "Bearer x", "HX-Request": "true"})
        theirs = visitor.get(path, base_url=app.config["BOARD"].base_url)
        assert mine.status_code == theirs.status_code, path
        assert mine.get_data() == theirs.get_data(), path
        for answer in (mine, theirs):
            assert "Set-Cookie" not in answer.headers, path
            assert "Cookie" not in answer.headers.get("Vary", ""), path
        if mine.status_code == 200:
            assert mine.headers["Cache-Control"].startswith("public"), path
            assert mine.headers["Cross-Origin-Resource-Policy"] == "cross-origin", path
            assert "Access-Control-Allow-Credentials" not in mine.headers, path


def test_a_browser_may_ask_before_another_sites_script_asks(client: CheckedClient) -> None:
    widget = make_widget()
    asked = {"Origin": "https://autre.example", "Access-Control-Request-Method": "GET",
             "Access-Control-Request-Headers": "if-none-match"}  # fmt: skip
    paths = ("/fr/feed.atom", "/fr/organisations/x/feed.json", f"/embed/{widget.uuid}.json",
             "/oembed?url=x", "/api/v1/posts?q=soupe")  # fmt: skip
    for path in paths:
        answer = client.options(path, headers=asked)
        assert (answer.status_code, answer.get_data()) == (204, b""), path
        assert answer.headers["Access-Control-Allow-Origin"] == "*", path
        assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS", path
        assert answer.headers["Access-Control-Allow-Headers"] == "If-None-Match", path
        assert int(answer.headers["Access-Control-Max-Age"]) >= 3600, path
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin", path
        assert not {"Set-Cookie", "Access-Control-Allow-Credentials"} & {*answer.headers.keys()}
    for path in (paths[0], *paths[2:]):
        for once_more in ({}, {"If-None-Match": client.get(path).headers.get("ETag", "-")}):
            answer = client.get(path, headers=once_more)
            assert answer.headers["Access-Control-Allow-Origin"] == "*", path
            assert answer.headers["Access-Control-Expose-Headers"] == "ETag, Link", path
    for path in ("/fr/feed.atom?bogus=%00", "/oembed?url=%00", "/fr/organisations/x/feed.atom"):
        refused = client.get(path)
        assert refused.status_code in {400, 404}, path
        assert refused.headers["Access-Control-Allow-Origin"] == "*", path
        assert refused.headers["Cross-Origin-Resource-Policy"] == "cross-origin", path
    for path in ("/fr/", "/fr/sign-in", "/fr/compose"):
        assert "Access-Control-Allow-Origin" not in client.options(path, headers=asked).headers


def test_a_session_there_refuses_to_be_written_to(app: Flask) -> None:
    with (
        app.test_request_context("/fr/feed.atom", environ_overrides={cookieless.MARK: True}),
        pytest.raises(RuntimeError),
    ):
        session["somebody"] = 1


def test_an_address_of_people_keeps_its_cookie(app: Flask, client: CheckedClient) -> None:
    person = make_person(name="Ana Tremblay")
    news.commit()
    sign_in(client, person)
    assert "Ana Tremblay" in client.get("/fr/").get_data(as_text=True)
    assert not cookieless.PATHS.match("/fr/account/")
    assert not cookieless.PATHS.match("/embedded")
