"""What the moderators' pages print, in the reader's words."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from board.accounts.models import Person
from board.moderation import queries, services, words
from board.moderation.marks import Subject
from board.moderation.models import Decision, Hold, Report
from board.moderation.queue import Item
from board.moderation.rules import Cause, Waiting
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.posts import cards
from board.posts import rules as post_rules
from board.posts import words as post_words
from board.posts.models import Post
from board.posts.rules import Publication
from board.web.hours import day_and_hour

PUBLICATIONS = {
    Publication.DRAFT: lambda: _("brouillon"),
    Publication.SUBMITTED: lambda: _("en attente"),
    Publication.PUBLISHED: lambda: _("publiée"),
    Publication.DECLINED: lambda: _("refusée"),
    Publication.WITHDRAWN: lambda: _("retirée par son organisation"),
    Publication.HIDDEN: lambda: _("masquée"),
}


def tabs(counts: dict[Waiting, int], only: Waiting | None) -> list[dict[str, Any]]:
    """Return the filters of the queue with what each holds."""
    everything = {"label": _("Tout"), "count": sum(counts.values()), "current": only is None,
                  "url": url_for("moderation.waiting")}  # fmt: skip
    return [everything] + [
        {"label": str(words.WAITING[one]), "count": counts[one], "current": only is one,
         "url": url_for("moderation.waiting", waiting=one.value)}
        for one in Waiting
    ]  # fmt: skip


def queue_item(item: Item) -> dict[str, Any]:
    """Return what the queue says of one thing."""
    return {
        "waiting": str(words.WAITING[item.waiting]),
        "since": day_and_hour(item.since),
        "instant": item.since.isoformat(),
        "count": item.count if item.waiting is Waiting.REPORT else 0,
        "url": decide_url(item.subject),
        **named(item.subject),
    }


def named(subject: Subject) -> dict[str, Any]:
    """Name a subject in one line."""
    if isinstance(subject, Post):
        label = str(post_words.PURPOSES[subject.purpose])
        return {"title": cards.masked(subject.title) or subject.sentence, "what": label,
                "who": subject.organisation.name, "language_of": subject.language}  # fmt: skip
    return {"title": subject.name, "what": _("Organisation"), "who": "", "language_of": None}


def decide_url(subject: Subject) -> str:
    """Return where a subject is decided about."""
    if isinstance(subject, Post):
        return url_for("moderation.decide_post", post_id=subject.uuid)
    return url_for("moderation.decide_organisation", slug=subject.slug)


def subject(subject: Subject, reader: Person) -> dict[str, Any]:
    """Return all that a moderator reads before deciding."""
    is_post = isinstance(subject, Post)
    organisation = subject.organisation if isinstance(subject, Post) else subject
    appeals = queries.open_appeals(subject)
    return {
        **named(subject),
        "is_post": is_post,
        "subject": subject,
        "organisation": organisation,
        "state": _state(subject),
        "body": Markup(_html(subject)),  # noqa: S704 - sanitised when it was written
        "lines": _lines(subject),
        "holds": [held(hold) for hold in queries.open_holds(subject.id)] if is_post else [],
        "reports": [_reported(one) for one in queries.open_reports(subject)],
        "appeals": [{"text": one.text, "mine": one.decision.by_id == reader.id} for one in appeals],
        "decisions": [logged(one, about=subject) for one in queries.decisions_on(subject)],
        "resembles": None if is_post else organisations.resembled_by(organisation),
        "concerned": organisations.find_member(organisation.id, reader.id) is not None,
        "may_decide": bool(services.possible(subject)),
    }


def held(hold: Hold) -> dict[str, Any]:
    """Say why a post waits, for whom, and until when."""
    return {
        "is_newcomer": hold.cause is Cause.NEWCOMER,
        "why": str(words.HELD[hold.cause]),
        "named": hold.named.name if hold.named else "",
        "refused": hold.answer is not None,
        "until": day_and_hour(hold.due_at),
        "instant": hold.due_at.isoformat(),
    }


def logged(decision: Decision, about: Subject | None = None) -> dict[str, Any]:
    """Return one decision as the moderators' log says it."""
    on = about or decision.post or decision.organisation
    return {
        **read(decision),
        "by": decision.by.name if decision.by else _("le babillard"),
        "on": named(on)["title"] if on is not None else "",
        "on_language": named(on)["language_of"] if on is not None else None,
        "url": decide_url(on) if on is not None else "",
        "appeal": decision.appeal.text if decision.appeal else "",
    }


def read(decision: Decision) -> dict[str, Any]:
    """Return one decision as those whom it concerns read it: not who took it."""
    reason = decision.reason
    if decision.rule is None:
        reason = _("L’attente est terminée : l’annonce a été publiée d’elle-même.")
    return {
        "verdict": str(words.DECIDED[decision.verdict]),
        "rule": words.cited(decision.rule) if decision.rule else None,
        "reason": reason,
        "at": day_and_hour(decision.created_at),
        "instant": decision.created_at.isoformat(),
    }


def _reported(report: Report) -> dict[str, Any]:
    return {
        "rule": words.rule_line(report.rule),
        "text": report.text,
        "who": _("par une personne qui a un compte") if report.by_id else _("par un visiteur"),
        "at": day_and_hour(report.created_at),
        "instant": report.created_at.isoformat(),
    }


def _state(subject: Subject) -> str:
    if isinstance(subject, Post):
        return PUBLICATIONS[post_rules.publication(subject)]()
    if subject.hidden_at is not None:
        return _("masquée")
    return _("vérifiée") if subject.verified_at is not None else _("non vérifiée")


def _lines(subject: Subject) -> list[str]:
    lines = subject.lines if isinstance(subject, Post) else []
    return [cards.masked(line.title) for line in lines]


def _html(subject: Post | Organisation) -> str:
    return subject.body_html if isinstance(subject, Post) else subject.description_html
