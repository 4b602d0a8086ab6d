"""Sending an answer, from the board or from a partner's site: one way, the same limits."""

from __future__ import annotations

from dataclasses import replace

from board.accounts import doors, limits
from board.accounts.rules import mailbox_of
from board.answers import reading, rules, services, ways
from board.answers.checks import NothingLeft
from board.answers.forms import AnswerForm
from board.answers.ways import Way
from board.posts.models import Post


def send(post: Post, form: AnswerForm, way: Way | None) -> bool:
    """Count the try, then answer."""
    said, by = reading.read(post, form), reading.answerer(form)
    tries = [(limits.network(), rules.ANSWERS_BY_NETWORK)]
    if by.person is not None:
        tries.append((str(by.person.uuid), rules.ANSWERS_BY_PERSON))
    else:
        tries.append((mailbox_of(by.email), rules.ANSWERS_TO_ADDRESS))
    doors.count_tries("answer", *tries)
    try:
        form.response = services.answer(post=post, by=by, said=replace(said, way=way))
    except NothingLeft:
        form.offers_reserve = True
        raise
    if form.response is not None:
        ways.arrived(form.response)
    return True
