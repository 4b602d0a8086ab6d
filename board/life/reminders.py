"""One mail a day to whoever looks after posts: what ends, what waits for a word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from flask_babel import force_locale
from sqlalchemy import insert, select

from board import mail
from board.accounts.models import Person
from board.clock import now
from board.extensions import db
from board.life import links, queries, rules
from board.life.models import PostNotice, Reminder
from board.life.rules import MOST_TOLD, Topic
from board.posts import cards, words
from board.posts.models import Post
from board.posts.values import last_day


class Told(NamedTuple):
    """One post in a reminder: its name, whose it is, since or until when, and its link."""

    title: str
    organisation: str
    when: str
    url: str


def remind(person_id: int, day: date) -> bool:
    """Owe a person the reminder of the day; says whether anything was owed."""
    held = select(Person).where(Person.id == person_id).with_for_update()
    person = db.session.scalar(held.execution_options(populate_existing=True))
    if person is None or queries.was_reminded(person_id, day):
        return False
    due = queries.due_for(person_id, now())
    if not due or not _write(person, due):
        return False
    db.session.add(Reminder(person_id=person_id, day=day))
    db.session.execute(
        insert(PostNotice),
        [{"person_id": person_id, "post_id": row.post_id, "notice": row.notice, "about": row.about}
         for row in due],
    )  # fmt: skip
    return True


def _write(person: Person, due: Sequence[Any]) -> bool:
    """Owe the mail; one that would be too much for that address today is not."""
    shown = {row.post_id: rules.topic_of(row.notice) for row in due[:MOST_TOLD]}
    posts = queries.posts_by_id(list(shown))
    groups: dict[str, list[Told]] = {topic.value: [] for topic in Topic}
    with force_locale(person.language):
        for post_id, topic in shown.items():
            groups[topic.value].append(_told(posts[post_id], topic, person))
    owed = mail.compose(
        "due", to=person.email or "", language=person.language, groups=groups, count=len(due),
        more=len(due) - len(shown), days=rules.link_days(),
        url=mail.link("life.due", language=person.language),
    )  # fmt: skip
    return owed is not None


def _told(post: Post, topic: Topic, person: Person) -> Told:
    at = now()
    title = cards.masked(post.title, person.language)
    if topic in {Topic.ENDING, Topic.ENDED}:
        end = last_day(post.expires_at, post.timezone)
        url = mail.link("post.page", language=person.language, post_id=post.uuid)
        when = words.day_text(end, _local(at, post)) if end else ""
        return Told(title, post.organisation.name, when, url)
    days = max(0, (at - (post.confirmed_at or post.published_at or at)).days)
    return Told(title, post.organisation.name, words.ago(days), links.new_link(post, person))


def _local(at: datetime, post: Post) -> date:
    found = last_day(at, post.timezone)
    assert found is not None
    return found
