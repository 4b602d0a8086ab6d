"""A post that is over answers everyone who waits, in the transaction that ends it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from board import news
from board.answers import conditions, letters, moving, queries, services, waiting_queries
from board.answers.rules import Actor, Reason, State
from board.clock import now
from board.organisations.models import Organisation
from board.organisations.panels import register_closing
from board.posts import rules as post_rules
from board.posts.endings import FOUND
from board.posts.models import Post

AT_ONCE = 500


def answer_all(_session: Session, ids: set[int]) -> None:
    """Tell whoever waits at posts that ended just now that they did, kindly and with thanks;
    at posts that go on, ask them anew for a yes to conditions that changed.
    """
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        for response in waiting_queries.waiting_at(ordered[start : start + AT_ONCE]):
            if not is_over(response.post):
                conditions.ask_anew(response)
                continue
            met = response.post.outcome in FOUND and response.post.met_at is not None
            moving.move(response, State.DECLINED, actor=Actor.BOARD, by=None,
                        reason=Reason.ALREADY_MET if met else Reason.OTHER)  # fmt: skip
            moving.let_go(response)
            letters.tell_answerer(response, "gone" if is_gone(response.post) else "closed")


def withdraw_all(organisation: Organisation) -> None:
    """An organisation that closes takes back what it still proposes; editors are told."""
    for response in queries.active_of(organisation.id):
        services.withdraw(response=response, by=None, reason=Reason.OTHER)


def is_over(post: Post) -> bool:
    """Whether a post's people answer nobody any more: met, past its end, or off the board."""
    ended = post.met_at is not None or post_rules.is_expired(post, now())
    return ended or is_gone(post)


def is_gone(post: Post) -> bool:
    """Whether a post was taken off the board, by its author or by moderators."""
    return post.withdrawn_at is not None or post.hidden_at is not None


def listen() -> None:
    """Hear of every post that changes."""
    news.hears("post", answer_all)
    register_closing(withdraw_all)
