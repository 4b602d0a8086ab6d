"""What moderation shows on others' pages: waits, decisions and their reasons, reporting."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from board.accounts.models import Person
from board.accounts.panels import Panel, register_erasure, register_export, register_panel
from board.accounts.session import current_person
from board.extensions import db
from board.moderation import holds, queries, queue, reports, services, shown, words
from board.moderation.models import Decision, Report
from board.moderation.rules import Verdict
from board.organisations import panels as organisation_panels
from board.organisations import queries as organisations
from board.organisations.models import Organisation
from board.organisations.panels import Section
from board.organisations.rules import Role
from board.posts import gates
from board.posts import panels as post_panels
from board.posts import rules as post_rules
from board.posts.models import Post
from board.posts.panels import PagePart
from board.posts.rules import Publication, Reader

TOLD = {Verdict.HIDE, Verdict.DECLINE, Verdict.UNVERIFY}


def standing(post: Post, reader: Reader) -> PagePart | None:
    """Tell a post's editors and the moderators why it waits or what was decided."""
    if not (reader.edits or reader.moderates):
        return None
    stands = post_rules.publication(post)
    waits = stands is Publication.SUBMITTED
    decided = queries.decisions_on(post)
    last = _last_word(decided) if stands in {Publication.HIDDEN, Publication.DECLINED} else None
    doubt = queries.latest_doubt(post.id) if reader.edits else None
    context: dict[str, Any] = {
        "post": post,
        "edits": reader.edits,
        "moderates": reader.moderates,
        "waits": waits,
        "holds": [shown.held(hold) for hold in queries.open_holds(post.id)] if waits else [],
        "with_organisation": stands is Publication.HIDDEN and last is None,
        "decision": _as_read(last),
        "doubted": doubt is not None and reports.is_doubted(post, doubt.created_at),
    }
    return PagePart("moderation/post_standing.html", context, above=True)


def reporting(post: Post, reader: Reader) -> PagePart | None:
    """Let anybody but its own editors report a post."""
    if reader.edits or post_rules.publication(post) is not Publication.PUBLISHED:
        return None
    return PagePart("moderation/post_reporting.html", {"post": post}, position=90)


def organisation_standing(organisation: Organisation, _page: int) -> Section:
    """Tell an organisation's people and the moderators what was decided about it."""
    person = current_person()
    role = organisations.find_role(organisation.id, person.id) if person else None
    moderates = person is not None and person.moderates
    decision = None
    if role is not None or moderates:
        last = _last_word(queries.decisions_on(organisation))
        decision = last if last is not None and last.verdict in TOLD else None
    manages = role is Role.RESPONSIBLE
    asked = queries.questions_to(organisation.id) if manages else []
    questions = sum(hold.answer is None for hold in asked)
    context = {"organisation": organisation, "manages": manages, "moderates": moderates,
               "decision": _as_read(decision), "questions": questions}  # fmt: skip
    return Section("moderation/organisation_standing.html", context, above=True)


def organisation_reporting(organisation: Organisation, _page: int) -> Section:
    """Let anybody report an organisation."""
    return Section("moderation/organisation_reporting.html", {"organisation": organisation})


def waiting_panel(person: Person) -> Panel | None:
    """Tell a moderator, on their home, how much waits."""
    if not person.moderates:
        return None
    return Panel("moderation/home_panel.html", {"count": queue.count()}, position=5)


def names_panel(person: Person) -> Panel | None:
    """Tell who answers for an organisation, on their home, that posts ask to name it."""
    asked = queries.questions_for(person.id)
    return Panel("moderation/names_panel.html", {"asked": asked}, position=6) if asked else None


def warn_of_names(organisation: Organisation, by: Person, text: str) -> str:
    """Tell an author beforehand which organisations will be asked."""
    named = holds.named_by(organisation, by, text)
    return words.named_warning([one.name for one in named])


def export(person: Person) -> dict[str, Any]:
    """Return what moderation knows of a person: their reports, and how much they decided."""
    rows = select(Report).where(Report.by_id == person.id).order_by(Report.id).limit(5000)
    decided = select(func.count(Decision.id)).where(Decision.by_id == person.id)
    return {
        "reports": [
            {"rule": one.rule.value, "text": one.text, "created_at": one.created_at,
             "settled_at": one.settled_at}
            for one in db.session.scalars(rows)
        ],
        "decisions_taken": db.session.scalar(decided) or 0,
    }  # fmt: skip


def _last_word(decided: list[Decision]) -> Decision | None:
    return next((one for one in decided if one.verdict is not Verdict.KEEP), None)


def _as_read(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    asked = decision.appeal
    return {
        **shown.read(decision),
        "may_appeal": services.may_appeal(decision),
        "appealed": asked is not None and asked.settled_at is None,
        "answer": shown.read(asked.answer) if asked and asked.answer else None,
    }


def register() -> None:
    """Tell posts, organisations and accounts what moderation has for them."""
    gates.register_gate(holds.newcomer)
    gates.register_gate(holds.another_name)
    gates.register_warner(warn_of_names)
    post_panels.register_part(standing)
    post_panels.register_part(reporting)
    organisation_panels.register_section(organisation_standing)
    organisation_panels.register_section(organisation_reporting)
    register_panel(waiting_panel)
    register_panel(names_panel)
    register_export("moderation", export)
    register_erasure(services.forget)
