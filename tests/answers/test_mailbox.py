"""Any bytes are read as mail without harm: what they say, and how far they may be believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.answers import mailbox
from board.answers.mailbox import MARKER, Bounce, Incoming

SERVER = "mx.exemple.org"


def mail(body: str = "Oui, samedi.", **headers: str) -> bytes:
    """A mail as a person's program writes it; `None` takes a header away."""
    given = {"From": "Ana <ana@exemple.org>", "To": "reponse+r1-abc@board.example",
             "Message-ID": "<1@exemple.org>", "Subject": "Re: Chaises",
             "Content-Type": "text/plain; charset=utf-8",
             "Authentication-Results": f"{SERVER}; spf=pass; dmarc=pass header.from=exemple.org",
             **{name.replace("_", "-"): value for name, value in headers.items()}}  # fmt: skip
    top = "".join(f"{name}: {value}\r\n" for name, value in given.items() if value)
    return (top + "\r\n" + body).encode()


def incoming(raw: bytes) -> Incoming:
    """Read a mail that is one."""
    found = mailbox.read(raw, trusted_server=SERVER)
    assert isinstance(found, Incoming)
    return found


def test_a_mail_says_who_what_and_where_to() -> None:
    found = incoming(mail(Cc="x@y.test"))
    assert found == Incoming("<1@exemple.org>", "ana@exemple.org",
                             ("reponse+r1-abc@board.example", "x@y.test"), True, False,
                             "Oui, samedi.", False)  # fmt: skip


@pytest.mark.parametrize(
    ("results", "checked"),
    [
        (f"{SERVER}; dmarc=pass", True),
        (f"{SERVER} 1; dkim=pass; dmarc = pass (p=reject)", True),
        (f"{SERVER}; dmarc=fail", False),
        (f"{SERVER}; dkim=pass; spf=pass", False),
        ("evil.test; dmarc=pass", False),
        (f"evil.{SERVER}; dmarc=pass", False),
        (f"{SERVER}; dmarc=fail\r\nAuthentication-Results: {SERVER}; dmarc=pass", False),
        (f"evil.test; x=y\r\nAuthentication-Results: {SERVER}; dmarc=pass", True),
        ("", False),
        (f"{SERVER}; spf=pass smtp.mailfrom=dmarc=pass@evil.test; dmarc=fail", False),
        (f'{SERVER}; spf=pass smtp.helo="; dmarc=pass"; dmarc=fail', False),
        (f"{SERVER}; spf=fail; dmarc=fail (policy; dmarc=pass)", False),
        (f"{SERVER}; dmarc=fail (a \\) ; dmarc=pass", False),
        (f"{SERVER}; spf=pass (; dmarc=pass", False),
        (f"{SERVER}; xdmarc=pass; dmarc=passed", False),
        (f'{SERVER}; spf=pass smtp.helo="a (b"; dmarc/1=pass', True),
    ],
)
def test_only_the_trusted_server_vouches_for_a_sender(results: str, checked: bool) -> None:
    assert incoming(mail(Authentication_Results=results)).is_checked is checked
    nobody = mailbox.read(mail(Authentication_Results=results), trusted_server="")
    assert isinstance(nobody, Incoming)
    assert not nobody.is_checked


def test_two_senders_are_nobody() -> None:
    assert incoming(mail(From="ana@exemple.org, bob@exemple.org")).sender == ""
    assert incoming(mail(From="ana@exemple.org\r\nFrom: bob@exemple.org")).sender == ""


@pytest.mark.parametrize(
    "header",
    [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Return_Path": "<>"},
     {"List_Id": "<x.test>"}, {"X_Auto_Response_Suppress": "All"}],
    ids=lambda header: next(iter(header)),
)  # fmt: skip
def test_what_a_program_wrote_is_known(header: dict[str, str]) -> None:
    assert incoming(mail(**header)).is_automatic
    assert not incoming(mail(Auto_Submitted="no")).is_automatic


@pytest.mark.parametrize(
    "quoted",
    [
        "Le sam. 28 nov. 2026 à 09:12, Babillard <r@x.org> a écrit :\n\n> Bonjour\n> texte",
        "On Sat, Nov 28, 2026 at 9:12 AM Babillard <reponse+r1@exemple.org> wrote:\n> texte",
        f"El sáb, 28 nov 2026, Babillard (<x@y.org>) escribió:\n\n> {MARKER} arriba\n> texte",
        MARKER + " Répondez au-dessus de cette ligne.\n\ntexte",
        "De : Babillard <x@y>\nEnvoyé : samedi 28 novembre 2026\nÀ : Ana\nObjet : Re\n\ntexte",
    ],
)  # fmt: skip
def test_what_is_quoted_is_left_out(quoted: str) -> None:
    assert mailbox.said(f"Oui, samedi nous va.\n\nMerci !\n\n{quoted}\n") == (
        "Oui, samedi nous va.\n\nMerci !"
    )


def test_html_is_read_as_words() -> None:
    page = (
        "<style>p{}</style><p>Oui&nbsp;!</p><script>x()</script><p>Ana</p>"
        "<blockquote>vieux</blockquote>"
    )
    found = incoming(mail(page, Content_Type="text/html; charset=utf-8"))
    assert mailbox.said(found.text).split() == ["Oui", "!", "Ana"]


QUOTED = "> ――― Pour répondre, écrivez au-dessus de cette ligne.\n> Bonjour\n"
HEADERS = (
    "Le sam. 28 nov. 2026 à 12:50, Babillard <b@exemple.org> a écrit :",
    "Le sam. 28 nov. 2026 à 12:50, Babillard des quartiers <b@exemple.org> a\nécrit\u00a0:",
    "Le 28/11/2026 à 12:50, Babillard a écrit :",
    "On Sat, Nov 28, 2026 at 12:50 PM Board <b@exemple.org>\nwrote:",
    "El sáb, 28 nov 2026 a las 12:50, Tablero (<b@exemple.org>)\nescribió:",
)


@pytest.mark.parametrize("header", HEADERS)
def test_a_reply_is_read_above_below_and_between_what_it_quotes(header: str) -> None:
    own = "Je serai là à dix heures."
    assert mailbox.said(f"{own}\n\n{header}\n{QUOTED}") == own
    assert mailbox.said(f"{header}\n{QUOTED}\n{own}\n") == own
    assert mailbox.said(f"{header}\n> Bonjour\n\n{own}\n> Bonjour encore\n") == own
    assert mailbox.said(f"{header}\n{QUOTED}") == ""


@pytest.mark.parametrize("header", ["", "<div>Le 28/11/2026, Babillard a écrit :</div>"])
def test_words_below_a_quotation_in_html_are_read(header: str) -> None:
    page = f"{header}<blockquote><p>――― Bonjour</p><blockquote>vieux</blockquote></blockquote>"
    found = incoming(mail(page + "<p>Je serai là.</p>", Content_Type="text/html; charset=utf-8"))
    assert mailbox.said(found.text) == "Je serai là."


def test_what_a_program_quotes_without_a_sign_is_not_taken_for_a_reply() -> None:
    assert mailbox.said("――― Pour répondre, écrivez au-dessus de cette ligne.\nBonjour\n") == ""


def test_files_are_seen_and_not_kept() -> None:
    body = ("--b\r\nContent-Type: text/plain\r\n\r\nVoici.\r\n--b\r\nContent-Type: image/png\r\n"
            "Content-Disposition: attachment; filename=a.png\r\n\r\nxx\r\n--b--\r\n")  # fmt: skip
    found = incoming(mail(body, Content_Type="multipart/mixed; boundary=b"))
    assert (found.text.strip(), found.has_files) == ("Voici.", True)


def test_a_bounce_names_whom_and_which_mail() -> None:
    body = (
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; Ana@Exemple.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@board>\r\n\r\n--b--\r\n"
    )
    report = "multipart/report; report-type=delivery-status; boundary=b"
    assert mailbox.read(mail(body, Content_Type=report), trusted_server=SERVER) == Bounce(
        "ana@exemple.org", "<ours@board>"
    )
    later = body.replace("5.1.1", "4.2.2")
    assert isinstance(mailbox.read(mail(later, Content_Type=report), trusted_server=""), Incoming)


@pytest.mark.parametrize(
    ("charset", "body", "read"),
    [
        ("unicode_escape", rb"Oui \ud800 \x00", r"Oui \ud800 \x00"),
        ("raw_unicode_escape", rb"Oui \ud800", r"Oui \ud800"),
        ("utf-7", b"Oui +2AA-samedi", "Oui samedi"),
        ("utf-8", b"Oui\x00 \x1b[2Jsamedi\x07\xc2\x9b", "Oui [2Jsamedi"),
        ("iso-8859-8-i", "שלום".encode("iso-8859-8"), "שלום"),
        ("x-nonsense", "Été".encode(), "Été"),
        ("", b"\xc9t\xe9", "Été"),
        ("us-ascii", b"\xc9t\xe9", "Été"),
        ("rot13", b"Oui", "Oui"),
        ("base64", b"Oui", "Oui"),
        ("undefined", b"Oui", "Oui"),
        ("utf-16", b"O\x00u\x00i\x00\x00\xd8", "Oui"),
    ],
)  # fmt: skip
def test_a_charset_makes_text_that_can_be_kept(charset: str, body: bytes, read: str) -> None:
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    for content, raw in ((kind, body), (kind.replace("plain", "html"), body)):
        found = incoming(mail("", Content_Type=content) + raw)
        assert mailbox.said(found.text) == read


def test_nothing_read_in_a_head_breaks_what_is_asked_of_the_database() -> None:
    body = (
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; ana\x00@Exemple.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <o\x00urs@board>\r\n"
        "\r\n--b--\r\n"
    )
    report = "multipart/report; report-type=delivery-status; boundary=b"
    found = mailbox.read(mail(body, Content_Type=report), trusted_server=SERVER)
    assert found == Bounce("ana@exemple.org", "<ours@board>")
    odd = incoming(mail(To="=?unicode_escape?q?=5Cud800?= <a@b.c>", Message_ID="<\x00@x>"))
    assert "\x00" not in odd.message_id and odd.recipients == ("a@b.c",)


@given(st.binary(max_size=3000))
def test_any_bytes_are_read_without_harm(raw: bytes) -> None:
    found = mailbox.read(raw, trusted_server=SERVER)
    if isinstance(found, Incoming):
        assert not found.is_checked or SERVER.encode() in raw
        mailbox.said(found.text)


@pytest.mark.parametrize(
    "raw",
    [
        b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 3000,
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"Content-Transfer-Encoding: base64\r\n\r\n????",
        b"From: " + b"<" * 50_000 + b"\r\n\r\nx",
        b"Subject: =?utf-8?q?" + b"=FF" * 9000 + b"?=\r\n\r\nx",
        b"To: " + b"a@b.c, " * 20_000 + b"\r\n\r\nx",
        b"",
    ],
    ids=["nested", "charset", "base64", "brackets", "subject", "many", "empty"],
)  # fmt: skip
def test_malformed_mail_is_harmless(raw: bytes) -> None:
    found = mailbox.read(raw, trusted_server=SERVER)
    assert found is None or (isinstance(found, Incoming) and not found.is_checked)
