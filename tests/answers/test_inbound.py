"""A reply by mail lands in its conversation once, waits when its sender is in doubt, never acts."""

from __future__ import annotations

import hmac
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from imap_tools import AND, MailBoxUnencrypted
from sqlalchemy import event, select

from board import bounces, clock, mail, news
from board.answers import inbound, mailbox, persons, poll, rules
from board.answers.inbound import Taken
from board.answers.models import Message, Response
from board.answers.rules import Actor, State
from board.database import will_write, writing
from board.extensions import db
from tests.answers.helpers import answered, mails, need
from tests.answers.test_mailbox import SERVER
from tests.answers.test_mailbox import mail as written
from tests.factories import make_person
from tests.pages import CheckedClient, csrf, sign_in

SECRET = "a secret between two servers, long enough"


@pytest.fixture(autouse=True)
def reply_address(app: Flask) -> Iterator[None]:
    """The board takes replies, and trusts one receiving server."""
    before = app.config["BOARD"]
    app.config["BOARD"] = replace(
        before, mail_reply="reponse@board.example", mail_server=SERVER, mail_webhook_secret=SECRET
    )
    yield
    app.config["BOARD"] = before


def conversation() -> tuple[Response, str, str]:
    """An answer; where its editor's reply goes, and the editor's own address."""
    post, editor = need()
    response = answered(post)
    told = mails(editor.email)[-1]
    return response, told.headers["Reply-To"], editor.email or ""


def send(to: str, sender: str, body: str = "Oui, samedi.", **headers: str) -> Taken:
    """Let a mail come in."""
    raw = written(body, To=to, From=sender, **headers)
    with writing():
        taken = inbound.take(raw)
        news.commit()
    return taken


def said(response: Response) -> list[Message]:
    """Return what was said, but for what came with the answer."""
    db.session.rollback()
    rows = select(Message).where(Message.response_id == response.id).order_by(Message.id)
    return list(db.session.scalars(rows))[1:]


def test_a_reply_is_said_and_told_to_the_other_side(app: Flask) -> None:
    response, to, editor = conversation()
    assert re.fullmatch(r"reponse\+r\d+-[a-z2-7]{26}@board\.example", to)
    assert send(to, editor) is Taken.SAID
    (message,) = said(response)
    assert (message.body, message.side, message.held_at) == ("Oui, samedi.", Actor.EDITOR, None)
    assert message.author is not None
    assert message.author.email == editor
    assert response.person is not None
    told = mails(response.person.email)[-1]
    assert "Oui, samedi." in told.text
    assert send(told.headers["Reply-To"], response.person.email or "", "Merci !",
                Message_ID="<2@exemple.org>") is Taken.SAID  # fmt: skip
    assert [one.side for one in said(response)] == [Actor.EDITOR, Actor.ANSWERER]


def test_the_same_mail_again_changes_nothing(app: Flask) -> None:
    response, to, editor = conversation()
    assert send(to, editor) is Taken.SAID
    assert send(to, editor, "Autre chose") is Taken.KNOWN
    assert len(said(response)) == 1


def test_words_that_act_elsewhere_only_say_here(app: Flask) -> None:
    response, to, editor = conversation()
    send(to, editor, "Accepter\nDo: accept\n\nRefuser")
    assert said(response)
    db.session.refresh(response)
    assert response.state is State.RECEIVED


@pytest.mark.parametrize(
    "doubt",
    [{"Authentication_Results": f"{SERVER}; dmarc=fail"}, {"Authentication_Results": ""},
     {"sender": "mallory@evil.test"}],
    ids=["fails", "unchecked", "another"],
)  # fmt: skip
def test_a_doubtful_sender_waits_for_a_look(
    app: Flask, client: CheckedClient, doubt: dict[str, str]
) -> None:
    response, to, editor = conversation()
    before = len(mails(response.person.email if response.person else ""))
    values = {"sender": editor, "body": "Virez 20 $"} | doubt
    assert send(to, **values) is Taken.HELD
    assert response.person is not None
    assert len(mails(response.person.email)) == before
    asked = mails(editor)[-1]
    assert "20 $" not in asked.text
    sign_in(client, response.person)
    path = f"/fr/answers/{response.uuid}"
    assert "20 $" not in client.get(path).get_data(as_text=True)
    (message,) = said(response)
    token = csrf(client, path)
    for do in ("release", "discard"):
        client.post(path, data={"do": do, "message": message.uuid, "csrf_token": token})
    assert said(response)[0].held_at is not None
    assert message.author is not None
    sign_in(client, message.author)
    assert "20 $" in client.get(path).get_data(as_text=True)
    token = csrf(client, path)
    client.post(path, data={"do": "release", "message": message.uuid, "csrf_token": token})
    assert said(response)[0].held_at is None
    assert "20 $" in mails(response.person.email)[-1].text


def test_a_mail_that_was_not_theirs_disappears(app: Flask, client: CheckedClient) -> None:
    response, to, _editor = conversation()
    send(to, "mallory@evil.test")
    send(to, "mallory@evil.test", Message_ID="<3@evil.test>")
    message = said(response)[0]
    assert message.author is not None
    assert len([m for m in mails(message.author.email) if "de vous" in m.subject]) == 1
    sign_in(client, message.author)
    path = f"/fr/answers/{response.uuid}"
    token = csrf(client, path)
    client.post(path, data={"do": "discard", "message": message.uuid, "csrf_token": token})
    assert len(said(response)) == 1


def test_an_address_speaks_for_one_person_in_one_thread_only(app: Flask) -> None:
    response, to, editor = conversation()
    forged = to.replace("+r", "+r9")
    assert send(forged, editor) is Taken.DROPPED
    assert send(to.replace("@board.example", "@evil.test"), editor) is Taken.DROPPED
    assert send("reponse@board.example", editor) is Taken.DROPPED
    assert not said(response)


def test_who_left_the_organisation_says_nothing_more(app: Flask) -> None:
    response, to, editor = conversation()
    will_write()
    for membership in response.post.organisation.memberships:
        membership.ended_at = clock.now()
    news.commit()
    assert send(to, editor) is Taken.DROPPED
    assert not said(response)


def test_loops_and_floods_end(app: Flask) -> None:
    response, to, editor = conversation()
    assert send(to, editor, Auto_Submitted="auto-replied") is Taken.DROPPED
    assert send(to, editor, "> rien que du cité") is Taken.DROPPED
    sent = [send(to, editor, f"n {n}", Message_ID=f"<{n}@x>") for n in range(32)]
    assert sent[-1] is Taken.DROPPED
    assert len(said(response)) < 31


def test_a_long_mail_says_to_both_sides_that_it_was_cut(app: Flask, client: CheckedClient) -> None:
    response, to, editor = conversation()
    assert send(to, editor, "Oui. " * 1200) is Taken.SAID
    (message,) = said(response)
    assert len(message.body) == rules.MESSAGE_MAX + 1 and message.body.endswith("…")
    cut = "Ce courriel était trop long\u00a0: la suite n’a pas été gardée."
    assert response.person is not None and message.author is not None
    assert cut in mails(response.person.email)[-1].text.replace("\n", " ")
    for reader in (response.person, message.author):
        sign_in(client, reader)
        assert cut in client.get(f"/fr/answers/{response.uuid}").get_data(as_text=True)
    assert send(to, editor, "o" * rules.MESSAGE_MAX, Message_ID="<just@x>") is Taken.SAID
    assert not mailbox.was_cut(said(response)[1].body)


def test_who_wrote_a_mail_too_large_to_be_read_hears_of_it_and_nobody_else(app: Flask) -> None:
    response, to, editor = conversation()
    before = len(mails(editor))
    large: dict[str, Any] = {"body": "x" * 1_100_000, "Content_Type": "multipart/mixed; boundary=b"}
    for doubt in ({"sender": "mallory@evil.test"}, {"Authentication_Results": ""},
                  {"Auto_Submitted": "auto-replied"}):  # fmt: skip
        assert send(to, **({"sender": editor} | large | doubt)) is Taken.DROPPED
    assert len(mails(editor)) == before
    assert send(to, sender=editor, **large) is Taken.REFUSED
    heard = mails(editor)
    assert len(heard) == before + 1 and "trop gros" in heard[-1].subject
    assert f"/fr/answers/{response.uuid}" in heard[-1].text
    assert not said(response)


def test_a_mail_held_for_its_sender_says_why(app: Flask, client: CheckedClient) -> None:
    response, to, editor = conversation()
    assert response.person is not None
    send(to, response.person.email or "")
    why = " ".join(mails(editor)[-1].text.split())
    assert "d’une autre adresse que la vôtre" in why and "Il porte votre adresse" not in why
    (message,) = said(response)
    assert message.author is not None
    sign_in(client, message.author)
    page = client.get(f"/fr/answers/{response.uuid}").get_data(as_text=True)
    assert "Ce courriel porte votre adresse" not in page
    assert "il vient d’une autre adresse que la vôtre" in page


def test_a_bounce_of_ours_pauses_and_a_forged_one_does_not(app: Flask) -> None:
    response, _to, editor = conversation()
    ours = mails(editor)[-1]
    report = (
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {editor}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: %s\r\n\r\n--b--\r\n"
    )
    kind = "multipart/report; report-type=delivery-status; boundary=b"
    assert send("x@y.z", "mailer@x.y", report % "<forged@x>", Content_Type=kind) is Taken.DROPPED
    assert send("x@y.z", "m@x.y", report % ours.message_id, Content_Type=kind) is Taken.DROPPED
    will_write()
    ours.sent_at = clock.now()
    db.session.commit()
    assert send("x@y.z", "m@x.y", report % ours.message_id, Content_Type=kind) is Taken.BOUNCED
    assert bounces.paused_since(editor) is not None
    assert response.state is State.RECEIVED


def signed(body: bytes, *, secret: str = SECRET, late: int = 0) -> dict[str, str]:
    """Sign as a mail server does."""
    at = str(int(clock.now().timestamp()) - late)
    proof = hmac.new(secret.encode(), at.encode() + b"." + body, sha256).hexdigest()
    return {"X-Babillard-Timestamp": at, "X-Babillard-Signature": f"sha256={proof}"}


def test_the_webhook_takes_only_what_is_signed_and_fresh(app: Flask, client: CheckedClient) -> None:
    response, to, editor = conversation()
    body = written("Par le crochet.", To=to, From=editor)

    def post(headers: dict[str, str]) -> int:
        answer = client.post("/mail/inbound", data=body, headers=headers,
                             content_type="message/rfc822")  # fmt: skip
        return answer.status_code

    for wrong in ({}, signed(body, secret="x" * 40), signed(body, late=900), signed(b"other"),
                  {"X-Babillard-Timestamp": "é", "X-Babillard-Signature": "é"}):  # fmt: skip
        assert post(wrong) == 403
    assert not said(response)
    assert post(signed(body)) == 204
    assert [one.body for one in said(response)] == ["Par le crochet."]
    app.config["BOARD"] = replace(app.config["BOARD"], mail_webhook_secret="")
    assert post(signed(body)) == 404


BROKEN = {
    "unicode_escape": rb"Oui \ud800 samedi", "utf-7": b"Oui +2AA- samedi",
    "utf-8": b"Oui \x00samedi",
}  # fmt: skip


def broken(to: str, sender: str) -> list[bytes]:
    """Mails that no person's program writes, each correctly signed and for its conversation."""
    return [
        written("", To=to, From=sender, Content_Type=f"text/plain; charset={charset}",
                Message_ID=f"<{charset}@x>") + body
        for charset, body in BROKEN.items()
    ]  # fmt: skip


def test_the_webhook_keeps_what_can_be_read_of_a_broken_mail(board_app: Flask) -> None:
    board_app.config["BOARD"] = replace(
        board_app.config["BOARD"], mail_reply="reponse@board.example", mail_server=SERVER,
        mail_webhook_secret=SECRET,
    )  # fmt: skip
    with board_app.app_context():
        response, to, editor = conversation()
        client = board_app.test_client()
        for body in broken(to, editor):
            answer = client.post("/mail/inbound", data=body, headers=signed(body),
                                 content_type="message/rfc822")  # fmt: skip
            assert answer.status_code == 204
        assert [one.body for one in said(response)] == [r"Oui \ud800 samedi", "Oui  samedi",
                                                        "Oui samedi"]  # fmt: skip


@pytest.fixture
def imap() -> Iterator[str]:
    """An IMAP server of its own, empty, in memory; gives host:port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pymap = Path(sys.executable).with_name("pymap")
    server = subprocess.Popen(
        [pymap, "--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service",
         "managesieve", "--no-service", "admin", "dict", "--demo-data"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def test_the_worker_reads_the_mailbox_once_and_no_mail_stops_another(
    app: Flask, imap: str, caplog: pytest.LogCaptureFixture
) -> None:
    response, to, editor = conversation()
    host, _, port = imap.partition(":")
    with MailBoxUnencrypted(host, int(port)).login("demouser", "demopass") as box:
        box.flag(box.uids(), "\\Seen", True)
        for raw in broken(to, editor):
            box.append(raw)
        box.append(b"\xff\xfe nothing of a mail")
        box.append(written("x" * 1_100_000, To=to, From=editor, Message_ID="<large@x>"))
        box.append(written("Cassé", To=to, From=editor, Message_ID="<boom@x>"))
        box.append(written("Par la boîte.", To=to, From=editor))
    url = f"imap://demouser:demopass@{imap}/INBOX"
    app.config["BOARD"] = replace(app.config["BOARD"], imap_url=url)
    event.listen(Message, "before_insert", _no_boom)
    try:
        for _ in range(2):
            with writing():
                poll.fetch()
                news.commit()
    finally:
        event.remove(Message, "before_insert", _no_boom)
    found = [one.body for one in said(response)]
    assert len(found) == 4 and found[-1] == "Par la boîte."
    assert "could not be taken: RuntimeError" in caplog.text
    assert len([one for one in mails(editor) if "trop gros" in one.subject]) == 1
    assert editor not in caplog.text and "Cassé" not in caplog.text
    with MailBoxUnencrypted(host, int(port)).login("demouser", "demopass") as box:
        assert not box.uids(AND(seen=False))
        assert len(box.uids(AND(flagged=True, text="boom"))) == 1


def _no_boom(_mapper: Any, _connection: Any, message: Message) -> None:
    """The database refuses one mail, as anything may that nobody foresaw."""
    if message.body == "Cassé":
        raise RuntimeError("Cassé")


def test_a_mailbox_that_is_away_is_tried_again(app: Flask) -> None:
    app.config["BOARD"] = replace(app.config["BOARD"], imap_url="imap://a:b@127.0.0.1:1/INBOX")
    with writing():
        poll.fetch()
    assert make_person().id


def test_what_is_held_is_not_the_others_in_their_export(app: Flask) -> None:
    response, to, _editor = conversation()
    send(to, "mallory@evil.test", "Secret du faux")
    assert response.person is not None
    assert "Secret du faux" not in str(persons.export(response.person))
    assert mail.domain() == "localhost"
