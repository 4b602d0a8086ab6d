"""A person at work: signed in, with an organisation, filling in the form of a post."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from board import news
from board.accounts.models import Person
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Post
from tests.factories import make_organisation, make_person, make_post
from tests.pages import CheckedClient, parse, sign_in


def at_work(client: CheckedClient, **values: Any) -> tuple[Person, Organisation]:
    """Somebody signed in who acts for one organisation."""
    person = make_person(**values)
    organisation = make_organisation(responsible=person)
    news.commit()
    sign_in(client, person)
    return person, organisation


def my_post(client: CheckedClient, **values: Any) -> Post:
    """A post of the signed-in person's organisation (a draft unless `published_at` is given)."""
    person, organisation = at_work(client)
    post = make_post(by=organisation, author=person, **{"published_at": None, **values})
    news.commit()
    return post


def edit_path(post: Post) -> str:
    """The address of a post's form."""
    return f"/fr/p/{post.uuid}/edit"


def fields(html: str, form_id: str = "post-form") -> dict[str, str]:
    """Return what a browser would send of a form, buttons aside."""
    form = next(f for f in parse(html).iter("form") if form_id in (f.get("id"), None))
    found: dict[str, str] = {}
    for element in form.iter():
        name = element.get("name")
        if not name or element.tag == "button":
            continue
        if element.tag == "select":
            found[name] = _selected(element)
        elif element.tag == "textarea":
            found[name] = re.sub(r"^\r?\n", "", element.text or "")
        elif element.get("type") not in {"radio", "checkbox"} or "checked" in element.attrib:
            found[name] = element.get("value", "")
    return found


def _selected(select: Element) -> str:
    options = list(select.iter("option"))
    chosen = next((o for o in options if "selected" in o.attrib), options[0])
    return chosen.get("value", "")


def typed(client: CheckedClient, post: Post, **changes: Any) -> dict[str, str]:
    """Open a post's form and type into it; `__` stands for a dash in names."""
    response = client.get(edit_path(post))
    assert response.status_code == 200, response.status_code
    found = fields(response.get_data(as_text=True))
    return found | {name.replace("__", "-"): str(value) for name, value in changes.items()}


def send(client: CheckedClient, post: Post, data: dict[str, Any], do: str = "save") -> Any:
    """Press a button of a post's form."""
    return client.post(edit_path(post), data=data | {"do": do})


def fresh(post: Post) -> Post:
    """Read a post again."""
    db.session.rollback()
    again = db.session.get(Post, post.id)
    assert again is not None
    db.session.refresh(again)
    return again
