"""News of answers in words: put together when the mail is written, for whoever still takes part."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from board import mail
from board.alerts.letters import Told
from board.alerts.notices import Facts, tells
from board.alerts.recipients import Recipient
from board.alerts.rules import NoticeKind
from board.answers import access, clocks, conditions, ledger, letters, nearby, rules, words
from board.answers.mailbox import MARKER, was_cut
from board.answers.models import Message, Response
from board.answers.rules import Actor, State
from board.extensions import db
from board.posts import cards

# What a later step overtakes is not told any more: the later one is.
STATE_OF = {
    "in_review": State.IN_REVIEW,
    "committed": State.COMMITTED,
    "reserve": State.RESERVE,
    "declined": State.DECLINED,
    "closed": State.DECLINED,
    "gone": State.DECLINED,
    "released": State.RELEASED,
    "withdrawn": State.WITHDRAWN,
    "no_show": State.NO_SHOW,
    "done": State.DONE,
    "returned": State.DONE,
    "moved_up": State.RECEIVED,
}
CLOCKS = frozenset({"nudge", "handed", "last_nudge"})
LEAVES = frozenset({"released", "closed", "gone"})


@tells(NoticeKind.ANSWERS, NoticeKind.MESSAGES)
def in_words(to: Recipient, facts: Facts) -> Told | None:
    """Say what came, moved or was said; None when it is overtaken, or no longer theirs to read."""
    response = db.session.get(Response, facts["response"])
    side = Actor(facts["side"])
    if (
        response is None
        or not access.takes_part(to, response, side)
        or not _stands(response, facts)
    ):
        return None
    text = _text(facts)
    if text is None:
        return None
    edits = side is Actor.EDITOR
    name = "answer_to_editors" if edits else "answer_to_answerer"
    title, said = mail.piece(name, text=text, **_context(response, facts, to.language))
    headers = letters.thread_headers(response, side, to.person)
    return Told(
        title=title, text=said, url=letters.address(response, to), headers=headers,
        about=cards.masked(response.post.title), marker=MARKER if "Reply-To" in headers else "",
        lead=words.lead(response, edits=edits), group=letters.thread_of(response),
        why=str(words.WHY.get(facts["event"], "")),
    )  # fmt: skip


def _stands(response: Response, facts: Facts) -> bool:
    """Whether it is still so."""
    event = facts["event"]
    if event in CLOCKS:
        return clocks.is_waiting(response)
    if event == "undecided":
        return clocks.is_undecided(response)
    if event == "conditions":
        return bool(conditions.missing(response))
    if event == "contacts":
        given = ledger.of_response(response)
        return any(one.to_side == facts["side"] and ledger.is_open(one) for one in given)
    if event == "new":
        return response.ended_at is None
    if event == "moved_up" and facts["side"] == Actor.EDITOR:
        return response.ended_at is None
    return response.state is STATE_OF.get(event, response.state)


def _text(facts: Facts) -> str | None:
    """Return what somebody wrote, contacts masked; None: it is gone, or not to be read yet."""
    if "message" not in facts:
        return cards.masked(facts.get("text", ""))
    message = db.session.get(Message, facts["message"])
    if message is None or message.held_at is not None or not message.body:
        return None if facts["event"] == "message" else ""
    said = cards.masked(message.body)
    return f"{said}\n\n{words.SHORTENED}" if was_cut(message.body) else said


def _context(response: Response, facts: Facts, language: str) -> dict[str, Any]:
    until, event = facts.get("until"), facts["event"]
    fitting = nearby.open_posts_like(response) if event in LEAVES else []
    return {
        "event": event,
        "title": cards.masked(response.post.title),
        "organisation": response.post.organisation.name,
        "who": words.who(response),
        "lines": words.lines_of(response),
        "agreed": words.agreed_of(response) if _tells_promise(facts) else [],
        "reason": str(words.REASONS[response.reason]) if response.reason else "",
        "partner": response.partner or "",
        "until": words.day_text(date.fromisoformat(until)) if until else "",
        "nearby": [_fitting(row, language) for row in fitting],
    }


def _tells_promise(facts: Facts) -> bool:
    """A yes that came after an answer is told by itself, not as « premier arrivé »."""
    return facts["event"] not in rules.PROMISING or facts.get("promised", False)


def _fitting(row: Any, language: str) -> str:
    title = _("«\u00a0%(title)s\u00a0», %(organisation)s", title=cards.masked(row.title),
              organisation=row.name)  # fmt: skip
    return f"{title}\n{mail.link('post.page', language=language, post_id=row.uuid)}"
