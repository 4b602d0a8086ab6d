"""A post that is over answers everyone who waits, in the transaction that ends it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from board import news
from board.answers import letters, moving, queries
from board.answers.rules import Actor, Reason, State
from board.clock import now
from board.posts import rules as post_rules
from board.posts.models import Post

AT_ONCE = 500


def answer_all(_session: Session, ids: set[int]) -> None:
    """Tell whoever waits at posts that ended just now that they did, kindly and with thanks."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        for response in queries.waiting_at(ordered[start : start + AT_ONCE]):
            if not is_over(response.post):
                continue
            met = response.post.met_at is not None
            moving.move(response, State.DECLINED, actor=Actor.BOARD, by=None,
                        reason=Reason.ALREADY_MET if met else Reason.OTHER)  # fmt: skip
            moving.let_go(response)
            letters.tell_answerer(response, "closed")


def is_over(post: Post) -> bool:
    """Whether a post's people answer nobody any more: met, withdrawn, or closed long after."""
    gone = post.met_at is not None or post.withdrawn_at is not None
    return gone or post_rules.is_closed(post, now())


def listen() -> None:
    """Hear of every post that changes."""
    news.hears("post", answer_all)
