"""Under a post that is over, what is still open and says much the same."""

from __future__ import annotations

from itertools import chain

from board.clock import now
from board.posts import cards, panels, rules, similar, within_reach
from board.posts.models import Post
from board.posts.panels import PagePart
from board.posts.rules import Publication, Reader

SHOWN = 3


def part(post: Post, reader: Reader) -> PagePart | None:
    """Show whoever came too late the open posts that are like it, the nearest in words first."""
    over = not rules.is_open(post, now()) and rules.publication(post) is Publication.PUBLISHED
    if reader.edits or not over:
        return None
    titles = dict.fromkeys([post.title, *(line.title for line in post.lines)])
    near = post.place.public_point if post.place is not None else None
    said = dict.fromkeys([" ".join(titles), *titles])  # one title alone is asked about once
    alike = [similar.alike(text, post.purpose, but=post.organisation_id) for text in said]
    found_ids = list(dict.fromkeys(chain.from_iterable(alike)))
    reached = within_reach.of(found_ids, near)
    ids = [one for one in found_ids if one in reached][:SHOWN]
    if not ids:
        return None
    found = cards.cards_for(ids, near=near, heading_level=3)
    return PagePart("posts/instead.html", {"cards": found}, below=True, position=10)


def register() -> None:
    """Show them on the page of a post."""
    panels.register_part(part)
