"""What readers say: that something breaks a rule, or that a post is no longer true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from board.accounts.models import Person
from board.accounts.rules import fold_email
from board.clock import now
from board.extensions import db
from board.moderation import marks, queries, rules
from board.moderation.marks import Subject
from board.moderation.models import Doubt, Report
from board.moderation.rules import Rule
from board.posts import rules as post_rules
from board.posts import services as posts
from board.posts.models import Post


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: a person, an address that wants an answer, or nobody known."""

    person: Person | None
    email: str
    language: str


def report(*, subject: Subject, rule: Rule, text: str, by: Reporter) -> None:
    """Put a report in the queue; somebody's second one about the same thing joins the first."""
    known = _open_one(subject, by)
    if known is not None:
        if text and text not in known.text:
            known.text = "\n\n".join(part for part in (known.text, text) if part)[: rules.TEXT_MAX]
        return
    if queries.count_open_reports(subject) >= rules.MOST_OPEN:
        return
    db.session.add(
        Report(
            rule=rule,
            text=text,
            by_id=by.person.id if by.person else None,
            email=None if by.person else fold_email(by.email) or None,
            language=by.language,
            **marks.key_of(subject),
        )
    )
    db.session.flush()


def doubt(*, post: Post) -> bool:
    """A reader thinks that a post is no longer true; says whether its editors are asked.

    Never more than once in a while, and not right after somebody confirmed it.
    """
    posts.lock(post)
    if not post_rules.is_open(post, now()):
        return False
    confirmed = post.confirmed_at or post.published_at
    if confirmed is not None and now() - confirmed < rules.DOUBT_AFTER_CONFIRMATION:
        return False
    last = queries.latest_doubt(post.id)
    if last is not None and now() - last.created_at < rules.DOUBT_AGAIN_AFTER:
        return False
    db.session.add(Doubt(post_id=post.id))
    db.session.flush()
    return True


def is_doubted(post: Post, at: datetime) -> bool:
    """Whether a reader's doubt of that moment still waits: nobody confirmed since."""
    confirmed = post.confirmed_at or post.published_at
    return post_rules.is_open(post, now()) and (confirmed is None or confirmed < at)


def forget_addresses() -> int:
    """Forget the addresses of visitors whose reports were settled long ago."""
    old = db.session.execute(
        update(Report)
        .where(Report.email.is_not(None), Report.settled_at < now() - rules.KEEP_ADDRESS)
        .values(email=None)
        .execution_options(synchronize_session=False)
    )
    return int(old.rowcount)  # type: ignore[attr-defined]


def _open_one(subject: Subject, by: Reporter) -> Report | None:
    email = fold_email(by.email)
    if by.person is None and not email:
        return None
    same = Report.by_id == by.person.id if by.person else Report.email == email
    rows = select(Report).where(marks.about(Report, subject), Report.settled_at.is_(None), same)
    return db.session.scalar(rows.order_by(Report.id).limit(1))
