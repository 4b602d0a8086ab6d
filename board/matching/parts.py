"""What matching shows on others' pages: beside an own post, under any post, on the home."""

from __future__ import annotations

from typing import Any

from board.accounts.models import Person
from board.accounts.panels import Panel, register_erasure, register_panel
from board.clock import now
from board.matching import blocks, public, queries, shared_shown, shown, wording
from board.organisations import queries as organisations
from board.posts import cards, within_reach
from board.posts import panels as post_panels
from board.posts import rules as post_rules
from board.posts.models import Post
from board.posts.panels import PagePart
from board.posts.rules import Audience, Reader

ON_A_POST = 3
LOOKED_AT = 12


def of_own_post(post: Post, reader: Reader) -> PagePart | None:
    """Show the editors of a post the best pairs of its lines."""
    if not reader.edits or not post_rules.is_open(post, now()):
        return None
    changed = queries.effects_of(post.organisation_id)
    found, _hidden = queries.pairs_of(post.organisation, changed, post.id)
    context: dict[str, Any] = {
        "pairs": shown.pairs(post.organisation, found[:ON_A_POST]),
        "total": len(found),
        "slug": post.organisation.slug,
        "reasons": [(reason.value, word) for reason, word in wording.DISMISSALS.items()],
    }
    return PagePart("matching/own_post.html", context, position=20)


def around(post: Post, reader: Reader) -> PagePart | None:
    """Show everybody the public posts that answer a public post."""
    if post.audience is not Audience.PUBLIC or post.published_at is None:
        return None
    if reader.edits or not post_rules.in_widgets(post, now()):
        return None
    near = None
    if post.place is not None:
        near = (post.place.public_latitude, post.place.public_longitude)
    found = public.public_partners(post.id, LOOKED_AT)
    within = within_reach.of([post_id for post_id, _match in found], near, within_reach.is_nearby)
    matches = dict([one for one in found if one[0] in within][:ON_A_POST])
    if not matches:
        return None
    shown_cards = [
        (card, wording.why(matches[card.id].reasons, matches[card.id].parts))
        for card in cards.cards_for(list(matches), near=near, heading_level=3)
    ]
    close = within_reach.of(list(matches), near, lambda _line, km: km <= within_reach.NEARBY_KM)
    context = {"purpose": post.purpose.value, "is_near": near is not None,
               "some_far": not close >= set(matches), "cards": shown_cards}  # fmt: skip
    return PagePart("matching/around.html", context, below=True)


def home(person: Person) -> Panel | None:
    """Say how many pairs wait for each organisation."""
    rows = []
    for organisation, _role in organisations.organisations_of(person)[:5]:
        total, new = queries.count_new(organisation)
        if total:
            rows.append({"name": organisation.name, "slug": organisation.slug,
                         "total": total, "new": new})  # fmt: skip
    return Panel("matching/home_panel.html", {"rows": rows}, position=20) if rows else None


def register() -> None:
    """Tell posts and accounts what matching has for them."""
    post_panels.register_part(of_own_post)
    post_panels.register_part(around)
    post_panels.register_part(shared_shown.part)
    register_panel(home)
    register_erasure(blocks.forget)
