"""A client that checks every HTML answer of every test as a careful reader would."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from board.accounts import sessions
from board.accounts.models import Person
from board.database import begin_writing, is_writing, will_write
from board.extensions import db

FIELDS = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


class CheckedClient(FlaskClient):
    """Like Flask's, but no page leaves it unread."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make the request, then check what came back."""
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self.application.config["BOARD"].base_url)
        if (
            has_app_context()
        ):  # the test's own context is the request's: nothing of the last one stays
            for name in list(g):
                g.pop(name)
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html":
            check(text_of(response), response.status_code)
        assert_strict(response)
        return response


def text_of(response: TestResponse) -> str:
    """Return an answer as it is read, unpacked."""
    data = response.get_data()
    packed = response.headers.get("Content-Encoding") == "gzip" and data
    return (gzip.decompress(data) if packed else data).decode()


def sign_in(client: FlaskClient, person: Person) -> None:
    """Open a session for a person (already committed) without their password."""
    before = is_writing()
    begin_writing()
    opened, secret = sessions.begin(person=person)
    opened.expires_at += timedelta(days=3650)  # tests let years go by
    db.session.commit()
    will_write(before)
    with client.session_transaction(
        base_url=client.application.config["BOARD"].base_url
    ) as session:
        session.clear()
        session["_user_id"] = secret


def csrf(client: FlaskClient, path: str) -> str:
    """Return the token that the forms of a signed-in person's page carry.

    It stays good as long as the session that it belongs to: the same page is not asked twice.
    """
    with client.session_transaction(base_url=client.application.config["BOARD"].base_url) as held:
        key = (path, held.get("csrf_token"), held.get("_user_id"))
    tokens: dict[Any, str] = client.__dict__.setdefault("tokens", {})
    if key[1] is not None and key in tokens:
        return tokens[key]
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found, f"no form with a token on {path}"
    with client.session_transaction(base_url=client.application.config["BOARD"].base_url) as held:
        tokens[path, held.get("csrf_token"), held.get("_user_id")] = found.group(1)
    return found.group(1)


def parse(html: str) -> Element:
    """Return the tree of a page."""
    tree: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return tree


def assert_strict(response: TestResponse) -> None:
    """Every answer carries the security headers."""
    policy = response.headers.get("Content-Security-Policy", "")
    assert "unsafe" not in policy
    assert "frame-ancestors" in policy
    assert response.headers.get("X-Content-Type-Options") == "nosniff"


def check(html: str, status: int = 200) -> None:
    """Assert what must hold for any page, or any block of one."""
    tree = parse(html)
    whole = "<html" in html[:300]
    if whole:
        assert tree.get("lang") in {"fr", "en", "es"}, "no lang"
        assert (tree.findtext(".//title") or "").strip(), "no title"
        assert len(tree.findall(".//h1")) == 1, f"{len(tree.findall('.//h1'))} h1"
    ids = [found for e in tree.iter() if (found := e.get("id"))]
    assert len(ids) == len(set(ids)), f"duplicate ids: {sorted(i for i in ids if ids.count(i) > 1)}"
    check_fields(tree)
    check_forms(tree)
    check_strictness(tree, html)


def check_fields(tree: Element) -> None:
    """Every field has a name that a screen reader can say."""
    labelled = {e.get("for") for e in tree.iter("label")}
    inside = {id(f) for label in tree.iter("label") for f in label.iter() if f.tag in FIELDS}
    for field in tree.iter():
        if field.tag not in FIELDS or field.get("type") in UNLABELLED:
            continue
        named = field.get("id") in labelled or id(field) in inside
        assert named or field.get("aria-label") or field.get("aria-labelledby"), (
            f"no label for {field.tag} {field.get('name')}"
        )


def check_forms(tree: Element) -> None:
    """Every form says where it goes; a signed-in person's carries a token."""
    signed_in = any(f.get("action", "").endswith("/sign-out") for f in tree.iter("form"))
    for form in tree.iter("form"):
        assert form.get("action"), "a form without an action"
        if form.get("method", "get").lower() == "post" and signed_in:
            names = [f.get("name") for f in form.iter("input")]
            assert "csrf_token" in names, f"no token in the form to {form.get('action')}"


def check_strictness(tree: Element, html: str) -> None:
    """Nothing that the Content-Security-Policy would block, nothing left unrendered."""
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert "style" not in element.attrib, f"inline style on {element.tag}"
        bad = [a for a in element.attrib if re.match(r"on[a-z]+$|hx-on", a)]
        assert not bad, f"{bad} on {element.tag}"
        if element.tag == "script":
            assert element.get("src") or element.get("type") == "application/ld+json"
        assert element.tag != "style", "inline style sheet"
    for mark in ("{{", "{%", "Undefined"):
        assert mark not in html, f"{mark} in the page"
