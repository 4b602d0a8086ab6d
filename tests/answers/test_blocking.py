"""A block leaves nobody waiting: a no like any other; what was accepted stands, and is said."""

from __future__ import annotations

import pytest
from flask import Flask

from board import news
from board.accounts.models import Person
from board.accounts.rules import mailbox_of
from board.answers import deciding
from board.answers.models import Response
from board.answers.rules import Reason, State
from board.database import will_write
from board.extensions import db
from board.matching import blocks
from board.organisations import queries
from board.organisations.models import Organisation
from board.posts.models import Post
from tests.answers.helpers import answered, mails, need, told
from tests.answers.test_pages import guest_sends, only
from tests.factories import make_organisation, make_person, make_post
from tests.matching.test_blocks import press
from tests.pages import CheckedClient, sign_in


def again(response: Response) -> Response:
    """Read an answer as it is now."""
    db.session.rollback()
    will_write(False)
    return db.session.get_one(Response, response.id, populate_existing=True)


def test_who_is_blocked_hears_the_same_no_as_anybody(app: Flask) -> None:
    post, editor = need()
    ana = make_person(email="ana@exemple.org")
    waits, other = answered(post, ana), answered(post)
    will_write()
    deciding.review(response=waits, by=editor)
    deciding.decline(response=other, by=editor, reason=Reason.OTHER)
    blocks.block_address(
        organisation=post.organisation, email="Ana+annonces@exemple.org", by=editor
    )
    news.commit()
    assert again(waits).state is State.DECLINED
    one, usual = told(waits)[-1], told(other)[-1]
    assert (one.subject, _words(one.text)) == (usual.subject, _words(usual.text))


def _words(text: str) -> str:
    """What a mail says, without its links."""
    return "\n".join(line for line in text.splitlines() if "http" not in line)


def test_what_was_accepted_stands_and_the_editor_reads_so(
    app: Flask, client: CheckedClient
) -> None:
    post, editor = need()
    theirs = make_organisation(name="Outilthèque des Vents", responsible=make_person())
    accepted = answered(post, _responsible(theirs), organisation=theirs)
    ours_there = _need_of(theirs)
    ours = answered(ours_there, editor, organisation=post.organisation)
    will_write()
    deciding.accept(response=accepted, by=editor, quantities={})
    news.commit()
    sign_in(client, editor)
    status, html = press(client, post.organisation, "organisation", name=theirs.name)
    assert status == 200
    assert "déjà convenu tient" in html and post.title in html
    assert again(accepted).state is State.COMMITTED
    assert again(ours).state is State.WITHDRAWN, "nobody waits for us either"


def _responsible(organisation: Organisation) -> Person:
    return queries.members_of(organisation.id)[0].person


def _need_of(organisation: Organisation) -> Post:
    post = make_post(by=organisation, author=_responsible(organisation),
                     lines=[{"title": "Bénévoles", "quantity": 3}])  # fmt: skip
    news.commit()
    return post


@pytest.mark.parametrize("blocked", ["paul@exemple.org", "paul+2@exemple.org"])
def test_a_guest_is_blocked_whatever_label_their_address_has(
    app: Flask, client: CheckedClient, blocked: str
) -> None:
    post, editor = need()
    guest_sends(client, post, email="paul+1@exemple.org")
    (asked,) = mails("paul+1@exemple.org")
    assert asked.recipient == "paul+1@exemple.org", "mail goes where it was said to go"
    will_write()
    only().confirmed_at = only().created_at
    blocks.block_address(organisation=post.organisation, email=blocked, by=editor)
    news.commit()
    assert again(only()).state is State.DECLINED
    assert blocks.is_blocked_address(post.organisation_id, "paul+9@exemple.org")
    assert not blocks.is_blocked_address(post.organisation_id, "paula@exemple.org")


def test_labels_pass_no_limit_of_answers(app: Flask, client: CheckedClient) -> None:
    post, _editor = need()
    codes = [guest_sends(client, post, email=f"ana+{n}@exemple.org").status_code for n in range(6)]
    assert codes == [303] * 5 + [429]


def test_a_mailbox_is_named_without_its_label() -> None:
    assert mailbox_of(" Ana+1@Exemple.org ") == "ana@exemple.org"
    assert mailbox_of("+ana@exemple.org") == "+ana@exemple.org"
