"""What moderators decided is counted for everybody; small counts are not said."""

from __future__ import annotations

from flask import Flask

from board import news
from board.database import will_write
from board.extensions import db
from board.moderation.models import Decision
from board.moderation.rules import Rule, Verdict, masked
from tests.factories import make_post
from tests.pages import CheckedClient, parse


def test_small_counts_are_masked() -> None:
    assert [masked(n) for n in (0, 1, 4, 5, 6)] == [0, None, None, 5, 6]


def test_figures_count_by_rule_and_kind(app: Flask, client: CheckedClient) -> None:
    post = make_post()
    will_write()
    for verdict, n in ((Verdict.HIDE, 7), (Verdict.KEEP, 3)):
        for _ in range(n):
            db.session.add(Decision(post_id=post.id, verdict=verdict, rule=Rule.SAFETY))
    news.commit()
    html = client.get("/fr/moderation-figures").get_data(as_text=True)
    (row,) = [r for r in parse(html).iter("tr") if r.find("td") is not None]
    cells = ["".join(td.itertext()) for td in row.iter("td")]
    assert "Ne mettre personne en danger" in "".join(row.itertext())
    assert cells == ["7", "0", "0", "0", "moins de 5", "0", "0"]
    assert "10" not in "".join(row.itertext())


def test_the_rules_are_numbered_and_linked(app: Flask, client: CheckedClient) -> None:
    html = client.get("/fr/rules").get_data(as_text=True)
    for rule in Rule:
        assert f'id="rule-{rule.number}"' in html
    assert "/fr/rules" in client.get("/fr/about").get_data(as_text=True)
    for language in ("en", "es"):
        assert client.get(f"/{language}/rules").status_code == 200
        assert client.get(f"/{language}/moderation-figures").status_code == 200
