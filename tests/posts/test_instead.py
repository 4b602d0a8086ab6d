"""Under a post that is over, what is still open and alike."""

from __future__ import annotations

from board import news
from board.posts.rules import Outcome, Purpose
from tests.conftest import NOW
from tests.factories import make_organisation, make_post
from tests.pages import CheckedClient


def test_who_comes_too_late_finds_what_is_open_and_alike(client: CheckedClient) -> None:
    lines = [{"title": "Chaises pliantes", "quantity": 12}]
    over = make_post(lines=lines, met_at=NOW, outcome=Outcome.MET_ELSEWHERE)
    alike = make_post(title="Chaises pliantes en bois", by=make_organisation(name="Autre"))
    closed = make_post(title="Chaises pliantes closes", by=alike.organisation, met_at=NOW)
    need = make_post(title="Chaises pliantes voulues", purpose=Purpose.NEED, by=alike.organisation)
    news.commit()
    page = client.get(f"/fr/p/{over.uuid}").get_data(as_text=True)
    shown = page.partition('id="instead"')[2].partition("</section>")[0]
    assert "Chaises pliantes en bois" in shown
    assert closed.title not in shown and need.title not in shown
    assert 'class="gauge gauge-offer"' in page, "what it was is still seen"
    assert 'id="instead"' not in client.get(f"/fr/p/{alike.uuid}").get_data(as_text=True)
