"""Mail: a debt in the writer's transaction, paid to a real server, shown in development only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import update

from board import bounces, clock, create_app, jobs, mail, news
from board.database import will_write
from board.extensions import db
from board.smtp import in_columns, uses_starttls
from tests.accounts.helpers import account, mails
from tests.accounts.sink import Sink
from tests.conftest import NOW
from tests.pages import CheckedClient


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A mail server that the board knows."""
    before = app.config["BOARD"]
    with Sink() as server:
        app.config["BOARD"] = replace(
            before, smtp_url=server.url, mail_from="babillard@exemple.org"
        )
        yield server
        app.config["BOARD"] = before


def owe(
    to: str = "ana@exemple.org", subject: str = "Chaises", text: str = "Été\n.\nfin"
) -> mail.Mail:
    """Owe a mail and commit it, without telling the news."""
    will_write()
    owed = mail.owe(to=to, subject=subject, text=text, html="<p>Été</p>", language="fr")
    assert owed is not None
    db.session.commit()
    will_write(False)
    return owed


def settled(owed: mail.Mail) -> mail.Mail:
    """The mail as the database has it now."""
    db.session.rollback()
    db.session.refresh(owed)
    return owed


def test_a_mail_goes_out_with_its_identity(sink: Sink) -> None:
    owed = owe()
    identity = owed.message_id
    assert mail.pay_due() == 1
    (got,) = sink.got
    assert got["To"] == "ana@exemple.org"
    assert got["From"] == "Babillard <babillard@exemple.org>"
    assert (got["Subject"], got["Message-ID"]) == ("Chaises", identity)
    assert got["Auto-Submitted"] == "auto-generated"
    text = got.get_body(("plain",))
    assert text is not None
    assert text.get_content().split() == ["Été", ".", "fin"]
    assert sink.envelopes[0][1].upper() == "RCPT TO:<ANA@EXEMPLE.ORG>"
    assert "127.0.0.1" in sink.hello
    paid = settled(owed)
    assert (paid.sent_at, paid.due_at, paid.attempts) == (NOW, None, 1)
    assert (paid.text, paid.html) == ("", None)
    assert mail.pay_due() == 0


def test_the_worker_pays_a_mail_right_after_its_commit(client: CheckedClient, sink: Sink) -> None:
    account()
    assert client.post("/fr/forgot", data={"email": "ana@exemple.org"}).status_code == 200
    db.session.rollback()
    assert sink.got == []
    jobs.work_off(client.application)
    (got,) = sink.got
    text = got.get_body(("plain",))
    assert text is not None
    assert "http://127.0.0.1:8000/fr/reset?token=" in text.get_content().replace("=\n", "")
    assert mails()[0].sent_at == NOW


def test_nothing_is_sent_of_what_was_not_committed(app: Flask, sink: Sink) -> None:
    will_write()
    mail.owe(to="ana@exemple.org", subject="Chaises", text="x", language="fr")
    db.session.rollback()
    news.commit()
    assert mails() == []
    assert sink.got == []


def test_a_server_that_is_away_is_tried_again_later(app: Flask, sink: Sink) -> None:
    settings = app.config["BOARD"]
    app.config["BOARD"] = replace(settings, smtp_url="smtp://127.0.0.1:1")
    owed = owe()
    assert mail.pay_due() == 0
    late = settled(owed)
    assert (late.attempts, late.due_at) == (1, NOW + timedelta(minutes=1))
    assert late.text
    app.config["BOARD"] = settings
    db.session.rollback()
    assert mail.pay_due() == 0
    clock.fix(NOW + timedelta(minutes=1))
    assert mail.pay_due() == 1
    assert sink.got[0]["Message-ID"] == settled(owed).message_id


@pytest.mark.parametrize(
    ("verb", "code", "given_up"),
    [("RCPT", "550 nobody", True), ("RCPT", "451 wait", False), ("DATA", "554 no", True),
     ("DATA", "451 wait", False)],
)  # fmt: skip
def test_what_the_server_refuses_is_given_up_or_tried_again(
    sink: Sink, verb: str, code: str, given_up: bool
) -> None:
    sink.refuse[verb] = code
    owed = owe()
    assert mail.pay_due() == 0
    said = settled(owed)
    assert (said.failed_at is not None) is given_up
    assert (said.due_at is None) is given_up


def test_an_address_where_nobody_lives_pauses_until_a_mail_is_taken(sink: Sink) -> None:
    sink.refuse["RCPT"] = "550 nobody"
    owe("Ana@Exemple.org")
    mail.pay_due()
    assert bounces.paused_since("ana@exemple.org") == NOW
    sink.refuse["RCPT"] = ""
    owe("ana@exemple.org")
    assert mail.pay_due() == 1
    db.session.rollback()
    assert bounces.paused_since("ana@exemple.org") is None


def test_a_mail_that_is_refused_for_its_words_pauses_nobody(sink: Sink) -> None:
    sink.refuse["DATA"] = "554 no"
    owe()
    mail.pay_due()
    assert bounces.paused_since("ana@exemple.org") is None


def test_a_mail_carries_the_headers_it_is_given(sink: Sink) -> None:
    will_write()
    headers = {"Reply-To": "r+abc@exemple.org", "List-Unsubscribe": "<https://x.test/u>"}
    mail.owe(to="ana@exemple.org", subject="Avis", text="Bonjour", language="fr", headers=headers)
    db.session.commit()
    mail.pay_due()
    (got,) = sink.got
    assert got["Reply-To"] == "r+abc@exemple.org"
    assert got["List-Unsubscribe"] == "<https://x.test/u>"


def test_headers_that_programs_read_leave_bare_however_long_they_are(
    app: Flask, sink: Sink
) -> None:
    host = "le-babillard-des-associations.de-la-communaute-de-communes.exemple.org"
    app.config["BOARD"] = replace(
        app.config["BOARD"], base_url=f"https://{host}/entraide", mail_from=f"babillard@{host}",
        instance_name="Le babillard de l’entraide, très long, d’une communauté de communes",
    )  # fmt: skip
    subject = ("« Chaises » d’été " * 9).strip()
    ids = [f"<answer-{n}-5f0f1c7e-4d5b-4f7a-9d2e-0a3a3c1f7b11@{host}>" for n in (1, 2)]
    unsubscribe = f"<https://{host}/entraide/fr/alerts/stop?token={'x' * 60}>"
    will_write()
    mail.owe(
        to=f"{'a' * 60}@{host}", subject=subject, text="x", language="fr",
        headers={"References": " ".join(ids), "List-Unsubscribe": unsubscribe,
                 "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                 "Reply-To": f"reponse+r12-{'b' * 26}@{host}"},
    )  # fmt: skip
    db.session.commit()
    assert mail.pay_due() == 1
    head = sink.raw[0].partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    assert f"References: {ids[0]}" in head
    assert head[head.index(f"References: {ids[0]}") + 1] == f" {ids[1]}"
    assert f"List-Unsubscribe: {unsubscribe}" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert f"Reply-To: reponse+r12-{'b' * 26}@{host}" in head
    assert f"To: {'a' * 60}@{host}" in head
    assert all(len(word) <= 75 for line in head for word in line.split() if "=?" in word)
    (got,) = sink.got
    assert got["Subject"] == subject
    name, address = parseaddr(message_from_bytes(sink.raw[0])["From"])
    assert str(make_header(decode_header(name))) == app.config["BOARD"].instance_name
    assert address == f"babillard@{host}"


def test_a_mail_is_given_up_in_the_end(app: Flask, sink: Sink) -> None:
    sink.refuse["RCPT"] = "451 wait"
    owed = owe()
    for _ in range(20):
        due = settled(owed).due_at
        if due is None:
            break
        clock.fix(due)
        db.session.rollback()
        mail.pay_due()
    assert owed.failed_at is not None
    assert owed.attempts == len(mail.PAUSES) + 1


def test_a_mail_that_somebody_else_is_sending_is_left_to_them(sink: Sink) -> None:
    owed = owe()
    letter = mail._claim(owed.id)
    assert letter is not None
    assert mail._claim(owed.id) is None
    assert mail.pay_due() == 0
    clock.fix(NOW + mail.LEASE)
    assert mail.pay_due() == 1


def test_old_mail_is_forgotten(app: Flask, sink: Sink) -> None:
    done, stuck = owe("a@exemple.org"), owe("b@exemple.org")
    will_write()
    db.session.execute(
        update(mail.Mail).where(mail.Mail.id == done.id).values(due_at=None, sent_at=NOW)
    )
    db.session.commit()
    clock.fix(NOW + timedelta(days=8))
    assert mail.pay_due() == 0
    assert settled(stuck).failed_at is not None
    assert sink.got == []
    clock.fix(NOW + timedelta(days=39))
    mail.pay_due()
    assert mails() == []


def test_one_address_gets_so_many_a_day(app: Flask) -> None:
    for _ in range(mail.MAILS_A_DAY):
        owe()
    will_write()
    assert mail.owe(to="ANA@exemple.org", subject="x", text="x", language="fr") is None
    assert mail.owe(to="bob@exemple.org", subject="x", text="x", language="fr") is not None
    clock.fix(NOW + timedelta(days=1))
    assert mail.owe(to="ana@exemple.org", subject="x", text="x", language="fr") is not None


def test_a_subject_cannot_add_headers(sink: Sink) -> None:
    owe(subject="Chaises\r\nBcc: piege@example.org")
    assert mail.pay_due() == 1
    assert sink.got[0]["Bcc"] is None
    assert len(sink.envelopes) == 1


@pytest.mark.parametrize(
    ("url", "encrypted"),
    [("smtp://mail.example.org", False), ("smtp://mail.example.org?starttls", True),
     ("smtp://user:pass@mail.example.org:587", True), ("smtp://user:pass@localhost:25", False),
     ("smtps://user:pass@mail.example.org", False)],
)  # fmt: skip
def test_a_password_never_goes_out_in_the_clear(url: str, encrypted: bool) -> None:
    assert uses_starttls(urlsplit(url)) is encrypted


def test_a_server_that_cannot_encrypt_gets_nothing(app: Flask, sink: Sink) -> None:
    app.config["BOARD"] = replace(app.config["BOARD"], smtp_url=f"{sink.url}?starttls")
    owed = owe()
    assert mail.pay_due() == 0
    assert sink.got == []
    assert settled(owed).due_at is not None


def test_the_command_pays_what_is_due(app: Flask, sink: Sink) -> None:
    owe()
    answer = app.test_cli_runner().invoke(args=["mail", "send"])
    assert (answer.exit_code, answer.output) == (0, "1 sent, 0 still owed\n")


def test_the_command_says_when_there_is_no_server(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["mail", "send"])
    assert answer.exit_code == 1
    assert "BABILLARD_SMTP_URL" in answer.output


def test_development_shows_what_would_have_gone(client: CheckedClient) -> None:
    account()
    client.post("/fr/forgot", data={"email": "ana@exemple.org"})
    page = client.get("/dev/mail").get_data(as_text=True)
    assert "Choisissez un nouveau mot de passe" in page
    (owed,) = mails()
    page = client.get(f"/dev/mail/{owed.uuid}").get_data(as_text=True)
    assert '<a href="http://127.0.0.1:8000/fr/reset?token=' in page
    mail.owe(to="ana@exemple.org", subject="x", text="x", language="fr",
             headers={"Reply-To": "reponse+r1@exemple.org"})  # fmt: skip
    db.session.commit()
    owed = mails()[-1]
    page = client.get(f"/dev/mail/{owed.uuid}").get_data(as_text=True)
    assert "Reply-To: reponse+r1@exemple.org" in page
    assert client.get("/dev/mail/00000000-0000-4000-8000-000000000000").status_code == 404
    assert client.get("/dev/mail/x").status_code == 404


@pytest.mark.parametrize(
    "values", [{"smtp_url": "smtp://127.0.0.1:1"}, {"base_url": "https://babillard.example.org"}]
)
def test_a_real_instance_shows_no_mail(app: Flask, values: dict[str, Any]) -> None:
    before = app.config["BOARD"]
    owed = owe()
    app.config["BOARD"] = replace(before, **values)
    try:
        visitor = app.test_client()
        assert visitor.get("/dev/mail").status_code == 404
        assert visitor.get(f"/dev/mail/{owed.uuid}").status_code == 404
    finally:
        app.config["BOARD"] = before


def test_a_real_instance_without_a_server_says_so_at_start(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    create_app(replace(app.config["BOARD"], base_url="https://babillard.example.org"))
    assert "BABILLARD_SMTP_URL is not set" in caplog.text


def test_the_text_of_a_mail_fits_a_terminal_and_no_address_is_cut() -> None:
    url = "https://babillard.example.org/fr/answers/guest?token=" + "x" * 60
    words = "Bonjour «\u00a0Maison du Canal\u00a0» " * 9
    lines = in_columns(f"{words}\n{url}\n> {words}\n").split("\n")
    assert url in lines
    assert f"> {words}" in lines
    assert all(len(line) <= 72 for line in lines if line != url and not line.startswith(">"))
    assert " ".join(lines[: lines.index(url)]).split(" ") == words.split(" ")[:-1]
