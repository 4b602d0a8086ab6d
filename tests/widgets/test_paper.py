"""Paper and mail: posters whose code is read, a newsletter to paste."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pypdfium2
import zxingcpp

from board import news
from board.posts.rules import Audience, Purpose
from board.posts.short import code_of
from board.taxonomy.place_queries import find_place_by_text
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient, parse
from tests.posts.helpers import at_work
from tests.widgets.helpers import make_widget
from tests.widgets.test_embed import XSS


def test_a_posters_code_leads_to_its_post(client: CheckedClient) -> None:
    line = {"quantity": 5, "committed": 3, "needed_from": date(2026, 9, 24)}
    post = make_post(
        title="Deux personnes pour la soupe du jeudi midi", purpose=Purpose.NEED, lines=[line],
        body_html="<p>Service et vaisselle : « pas besoin d’expérience ».</p>" * 40,
        place=find_place_by_text("Matane"), by=make_organisation(name="Cuisine " + "x" * 60),
    )  # fmt: skip
    long = make_post(title="Anticonstitutionnellement " * 6)
    several = make_post(title="Pour la fête", lines=[
        {"title": f"Chose {n}", "quantity": n + 2, "committed": 1} for n in range(12)
    ])  # fmt: skip
    named = make_post(title="Marché de Noël", lines=[
        {"title": "Chaises pliantes", "quantity": 40, "committed": 28},
        {"title": "Chaises pliantes d’extérieur avec coussins et housses assorties pour la salle",
         "quantity": 20, "committed": 12},
    ])  # fmt: skip
    draft = make_post(published_at=None)
    news.commit()
    base = client.application.config["BOARD"].base_url
    for path, one in (
        ("poster", post),
        ("tabs", post),
        ("tabs", long),
        ("tabs", several),
        ("poster", named),
    ):
        answer = client.get(f"/fr/p/{one.uuid}/{path}.pdf")
        assert answer.mimetype == "application/pdf"
        document = pypdfium2.PdfDocument(answer.get_data())
        assert len(document) == 1
        width, height = document[0].get_size()
        assert (round(width), round(height)) == (595, 842)
        read = zxingcpp.read_barcodes(document[0].render(scale=2).to_pil())
        assert [code.text for code in read] == [f"{base}/p/{one.uuid}"]
        text = document[0].get_textpage().get_text_range()
        short = f"a/{code_of(one)}"
        assert text.count(short) == (10 if path == "tabs" else 1), text
        assert str(one.uuid) not in text
        if one is several:
            found = [line for line in text.splitlines() if line.startswith("Chose ")]
            assert [line.split(" · ")[0] for line in found] == [f"Chose {n}" for n in range(12)]
            assert all(f"reste {n + 1} sur {n + 2}" in line for n, line in enumerate(found))
        if one is named:  # whole beside their gauge, or above it
            words = " ".join(text.split())
            assert "Chaises pliantes · reste 12 sur 40" in words
            assert "assorties pour la salle · reste 8 sur 20" in words
        assert ("BESOIN" if one is post else "OFFRE") in text
        document.close()
    assert client.get(f"/fr/p/{draft.uuid}/poster.pdf").status_code == 404


def test_a_short_address_leads_to_its_post_and_tells_of_no_other(client: CheckedClient) -> None:
    first = make_post(uuid=UUID("7f3c0b1e-0000-4000-8000-000000000001"))
    twin = make_post(uuid=UUID("7f3c0b1e-f000-4000-8000-000000000002"))
    draft = make_post(published_at=None)
    kept = make_post(audience=Audience.MEMBERS)
    gone = make_post(withdrawn_at=NOW)
    news.commit()
    assert code_of(first) == "fwy0p7"
    assert code_of(twin) == "fwy0p7q"
    for code, one in (("fwy0p7", first), ("FWYOP7", first), (code_of(twin), twin),
                      (code_of(gone), gone)):  # fmt: skip
        answer = client.get(f"/a/{code}")
        assert answer.status_code == 302, code
        assert answer.headers["Location"] == f"/fr/p/{one.uuid}"
    nothing = client.get("/a/zzzzzz")
    for code in (code_of(draft), code_of(kept), "fwy0p", "fwy0pé", "f" * 26, "7f3c-0"):
        answer = client.get(f"/a/{code}")
        assert (answer.status_code, answer.headers.get("Location")) == (404, None), code
        assert len(answer.get_data()) == len(nothing.get_data()) or len(code) != 6


def test_a_newsletter_is_ready_to_paste_and_harmless(client: CheckedClient) -> None:
    _person, mine = at_work(client)
    post = make_post(title=XSS)
    widget = make_widget(mine, title=XSS, intro="Cette semaine")
    path = f"/fr/organisations/{mine.slug}/widgets/{widget.uuid}/newsletter"
    page = parse(client.get(path).get_data(as_text=True))
    mail, plain = (
        next(each.text or "" for each in page.iter("textarea") if each.get("id") == name)
        for name in ("mail", "plain")
    )
    inner = parse(mail)
    assert not list(inner.iter("img")) and not list(inner.iter("script"))
    links = [link.get("href") or "" for link in inner.iter("a")]
    assert links[0].endswith(f"/embed/{widget.uuid}/p/{post.uuid}")
    assert links[0].startswith("http")
    assert XSS in plain
    assert links[0] in plain


def test_a_newsletter_says_what_became_of_a_post_in_the_widgets_language(
    client: CheckedClient,
) -> None:
    _person, mine = at_work(client)
    over = make_post(title="Trouvée", purpose=Purpose.NEED, met_at=NOW)
    still = make_post(title="Ouverte", purpose=Purpose.NEED, lines=[{"quantity": 4}])
    widget = make_widget(mine, filters=(("closed", "1"),), language="en")
    path = f"/fr/organisations/{mine.slug}/widgets/{widget.uuid}/newsletter"
    html = client.get(path).get_data(as_text=True)
    mail, plain = (
        next(each.text or "" for each in parse(html).iter("textarea") if each.get("id") == name)
        for name in ("mail", "plain")
    )
    told = {part.split("\n")[0]: part for part in plain.split("\n\n")}
    assert "to find" not in next(part for head, part in told.items() if head.endswith("Trouvée"))
    assert not any(head.startswith("Need") and head.endswith("Trouvée") for head in told)
    assert any(head.startswith("Need") and head.endswith("Ouverte") for head in told)
    assert (mail.count("NEED"), mail.count("See all")) == (1, 1)
    assert "/en/" in plain
    assert f"/p/{still.uuid}/poster.pdf" in html
    assert f"/p/{over.uuid}/poster.pdf" not in html
