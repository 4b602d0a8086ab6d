"""How a post ended is told in words that fit: a gauge and a mark never say the contrary."""

from __future__ import annotations

import pytest

from board.posts.rules import Outcome, Purpose
from tests.conftest import NOW
from tests.pages import CheckedClient, parse
from tests.posts.helpers import my_post, typed


def words_of(html: str) -> str:
    """What the page says of its posts: the flash, the banner, the sheet, the cards."""
    main = next(parse(html).iter("main"))
    return " ".join(
        " ".join(e.itertext()) for e in main.iter() if e.tag != "form" and not list(e.iter("form"))
    )


@pytest.mark.parametrize(
    ("outcome", "mark", "said"),
    [
        (Outcome.MET_HERE, "Complet, merci", "tout est trouvé"),
        (Outcome.MET_ELSEWHERE, "Comblé autrement", "tout est trouvé"),
        (Outcome.PARTLY_MET, "Comblé en partie", "2 en tout"),
        (Outcome.NO_ONE_CAME_FORWARD, "Restée sans réponse", "2 en tout"),
        (Outcome.NO_LONGER_NEEDED, "Plus nécessaire", "2 en tout"),
        (Outcome.DID_NOT_HAPPEN, "N’a pas eu lieu", "2 en tout"),
    ],
)
def test_only_what_was_found_is_called_complete(
    client: CheckedClient, outcome: Outcome, mark: str, said: str
) -> None:
    post = my_post(client, purpose=Purpose.NEED, published_at=NOW,
                   lines=[{"title": "Chaises", "quantity": 2}])  # fmt: skip
    token = {"csrf_token": typed(client, post)["csrf_token"]}
    refused = client.post(f"/fr/p/{post.uuid}/met", data=token).get_data(as_text=True)
    assert "Comment cela s’est-il terminé\u00a0? Choisissez" in refused
    assert client.get(f"/fr/p/{post.uuid}/met").location == f"/fr/p/{post.uuid}"
    client.post(f"/fr/p/{post.uuid}/met", data=token | {"outcome": outcome.value})
    flash_and_page = words_of(client.get(f"/fr/p/{post.uuid}").get_data(as_text=True))
    html = client.get(f"/fr/p/{post.uuid}").get_data(as_text=True)
    assert 'class="gauge gauge-need"' in html, "what it was is still seen"
    cards = words_of(client.get("/fr/?closed=1").get_data(as_text=True))
    for told in (flash_and_page, cards):
        assert mark in told and said in told and "à trouver sur" not in told
        if outcome is not Outcome.MET_HERE:
            assert "omplet, merci" not in told and "il ne reste rien" not in told
