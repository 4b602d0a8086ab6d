"""What is promised of the sample posts was answered by somebody; a few answers still wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update

from board.accounts import queries as accounts
from board.answers.models import Commitment, Message, Response, ResponseEvent, ResponseLine
from board.answers.rules import Actor, State
from board.extensions import db
from board.organisations.models import Organisation
from board.posts.models import Line, Post
from board.posts.rules import AnswersBand
from board.sample.content import organisations

Row = dict[str, Any]
ODILE = "maison-des-voisins-du-canal"
WENDY = "wendy@example.org"
WORDS = {
    "fr": "Bonjour ! Cela nous aiderait beaucoup. Nous passerons en fin de semaine.",
    "en": "Hello! This would help us a lot. We will come by at the end of the week.",
    "es": "¡Hola! Nos ayudaría mucho. Pasaremos el fin de semana.",
}
WAITING = (State.RECEIVED, State.RECEIVED, State.IN_REVIEW, State.RESERVE)


def answer(post_ids: Sequence[int], at: datetime) -> None:
    """Give each promise of these posts its answer, and some posts answers that wait."""
    groups = _groups()
    promised = list(db.session.execute(_promised(post_ids))) if groups else []
    first: dict[int, Any] = {}
    for row in promised:
        first.setdefault(row.post_id, row)
    helpers = {
        post_id: _others(groups, row.organisation_id)[n % (len(groups) - 1)]
        for n, (post_id, row) in enumerate(first.items())
    }
    ids = _responses(
        _response(row, helpers[post_id], State.COMMITTED, at) for post_id, row in first.items()
    )
    _commit(promised, ids)
    waiting = _waiting(post_ids, groups, helpers, at)
    answered = {*first, *waiting}
    if answered:
        db.session.execute(
            update(Post).where(Post.id.in_(answered)).values(answers_band=AnswersBand.SOME)
        )


def _commit(promised: Sequence[Any], ids: Mapping[int, int]) -> None:
    """Write the promised quantities, as large as the lines say."""
    asked = [_asked(ids[row.post_id], row, row.committed) for row in promised]
    if not asked:
        return
    statement = insert(ResponseLine).returning(ResponseLine.line_id, ResponseLine.id)
    lines = {row[0]: row[1] for row in db.session.execute(statement, asked)}
    made = [
        {"response_line_id": lines[row.id], "quantity": row.committed, "fulfilled": 0,
         "needed_from": row.needed_from, "needed_until": row.needed_until}
        for row in promised
    ]  # fmt: skip
    db.session.execute(insert(Commitment), made)


def _waiting(
    post_ids: Sequence[int], groups: Sequence[int], helpers: Mapping[int, int], at: datetime
) -> set[int]:
    """Let a few answers wait for the sample people, and one of their own."""
    rows = (
        select(Line.id, Line.post_id, Line.needed_from, Line.needed_until, Line.conditions,
               Post.organisation_id, Post.language, Post.published_at)
        .join(Post, Post.id == Line.post_id)
        .join(Organisation, Organisation.id == Post.organisation_id)
        .where(Post.id.in_(post_ids), Line.position == 0, Post.published_at.is_not(None))
        .where(Post.met_at.is_(None), Post.withdrawn_at.is_(None), Post.hidden_at.is_(None))
        .order_by(Post.id)
    )  # fmt: skip
    hers = list(db.session.execute(rows.where(Organisation.slug == ODILE).limit(2)))
    wendy = accounts.find_by_email(WENDY)
    made = [
        _response(row, group, state, at)
        for row in hers
        for group, state in zip(
            _others(groups, row.organisation_id, helpers.get(row.post_id)), WAITING, strict=False
        )
    ]
    asked = hers
    if wendy is not None:
        other = list(db.session.execute(rows.where(Organisation.slug != ODILE).limit(1)))
        made += [_response(row, None, State.RECEIVED, at, wendy.id) for row in other]
        asked = [*hers, *other]
    lines = {row.post_id: row for row in asked}
    for one in made:
        (response_id,) = _responses([one]).values()
        row = lines[one["post_id"]]
        db.session.execute(insert(ResponseLine), [_asked(response_id, row, 1)])
    return set(lines)


def _promised(post_ids: Sequence[int]) -> Any:
    return (
        select(Line.id, Line.post_id, Line.committed, Line.needed_from, Line.needed_until,
               Line.conditions, Post.organisation_id, Post.language, Post.published_at)
        .join(Post, Post.id == Line.post_id)
        .where(Post.id.in_(post_ids), Line.committed > 0)
        .order_by(Line.post_id, Line.position)
    )  # fmt: skip


def _groups() -> list[int]:
    slugs = [sample.slug for sample in organisations()]
    rows = select(Organisation.id).where(Organisation.slug.in_(slugs)).order_by(Organisation.id)
    return list(db.session.scalars(rows))


def _others(groups: Sequence[int], *but: int | None) -> list[int]:
    """Return the other organisations."""
    return [group for group in groups if group not in but]


def _response(
    row: Any, group: int | None, state: State, at: datetime, person: int | None = None
) -> Row:
    since = max(row.published_at or at, at - timedelta(days=2))
    return {
        "uuid": uuid4(), "post_id": row.post_id, "organisation_id": group, "person_id": person,
        "language": row.language, "state": state, "created_at": since, "moved_at": since,
        "confirmed_at": since, "agreed_at": since,
        "reserved_at": since if state is State.RESERVE else None,
    }  # fmt: skip


def _responses(rows: Iterable[Row]) -> dict[int, int]:
    """Write answers with what each said first; return their ids by post."""
    values = list(rows)
    if not values:
        return {}
    statement = insert(Response).returning(Response.post_id, Response.id)
    ids = {row[0]: row[1] for row in db.session.execute(statement, values)}
    said = [
        {"response_id": ids[row["post_id"]], "side": Actor.ANSWERER, "body": _words(row),
         "created_at": row["created_at"], "author_id": row["person_id"]}
        for row in values
    ]  # fmt: skip
    steps = [
        {"response_id": ids[row["post_id"]], "state": row["state"], "actor": Actor.ANSWERER,
         "at": row["created_at"]}
        for row in values
    ]  # fmt: skip
    db.session.execute(insert(Message), said)
    db.session.execute(insert(ResponseEvent), steps)
    return ids


def _words(row: Row) -> str:
    return WORDS.get(row["language"], WORDS["fr"])


def _asked(response_id: int, row: Any, quantity: int) -> Row:
    return {"response_id": response_id, "line_id": row.id, "quantity": quantity,
            "needed_from": row.needed_from, "needed_until": row.needed_until,
            "agreed_to": row.conditions}  # fmt: skip
