"""The mails of moderation: none holds a word that somebody wrote to somebody else."""

from __future__ import annotations

from typing import Any

from board import mail
from board.accounts.models import Person
from board.extensions import db
from board.moderation.models import Decision, Report
from board.moderation.rules import APPEALABLE
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.organisations.rules import Role
from board.posts.models import Post

MOST_TOLD = 20


def tell_decided(decision: Decision) -> None:
    """Tell those whom a decision concerns where to read it and how to ask again."""
    post, organisation = decision.post, decision.organisation
    people = people_of(post) if post is not None else responsibles_of(organisation)
    for person in people:
        _to(person, "decision", decision, may_appeal=decision.verdict in APPEALABLE)


def tell_reporter(report: Report, decision: Decision) -> None:
    """Tell who reported what came of it: the verdict, never anybody's words."""
    address = report.by.email if report.by is not None else report.email
    if not address:
        return
    language = report.by.language if report.by is not None else report.language
    mail.compose("report_outcome", to=address, language=language, verdict=decision.verdict.value,
                 rules=mail.link("pages.rules", language=language))  # fmt: skip


def tell_released(post: Post) -> None:
    """Tell the author that the wait is over."""
    for person in people_of(post):
        _mail(person, "released", _page_of(post, person))


def tell_refused(post: Post) -> None:
    """Tell the author that an organisation does not want to be named."""
    for person in people_of(post):
        _mail(person, "named_refused", _page_of(post, person))


def ask_named(named: Organisation, count: int) -> None:
    """Ask an organisation's responsibles whether others may name it."""
    for person in responsibles_of(named):
        url = mail.link("moderation.names", language=person.language, slug=named.slug)
        mail.compose("named", to=person.email or "", language=person.language, url=url,
                     organisation=named.name, count=count)  # fmt: skip


def tell_waiting(person: Person, count: int) -> None:
    """Tell a moderator how much waits."""
    url = mail.link("moderation.waiting", language=person.language)
    _mail(person, "waiting", url, count=count)


def people_of(post: Post) -> list[Person]:
    """Return who is told about a post: its author while they belong, and who is responsible."""
    people = responsibles_of(post.organisation)
    author = post.author
    if author is not None and author not in people:
        belongs = organisations.find_member(post.organisation_id, author.id) is not None
        people = [author, *people] if belongs and _reachable(author) else people
    return people[:MOST_TOLD]


def responsibles_of(organisation: Organisation | None) -> list[Person]:
    """Return the people who answer for an organisation and can be written to."""
    if organisation is None:
        return []
    members = organisations.members_of(organisation.id)
    people = [one.person for one in members if one.role is Role.RESPONSIBLE]
    return [person for person in people if _reachable(person)][:MOST_TOLD]


def _reachable(person: Person) -> bool:
    return person.confirmed_at is not None and person.email is not None


def _to(person: Person, name: str, decision: Decision, *, may_appeal: bool) -> None:
    post, organisation = decision.post, decision.organisation
    if post is not None:
        url = _page_of(post, person)
    else:
        slug = organisation.slug if organisation else ""
        url = mail.link("organisations.page", language=person.language, slug=slug)
    _mail(person, name, url, verdict=decision.verdict.value, is_post=post is not None,
          rule=decision.rule, may_appeal=may_appeal)  # fmt: skip


def _page_of(post: Post, person: Person) -> str:
    return mail.link("post.page", language=person.language, post_id=post.uuid)


def _mail(person: Person, name: str, url: str, **more: Any) -> None:
    mail.compose(name, to=person.email or "", language=person.language, url=url, **more)
    db.session.flush()
