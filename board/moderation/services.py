"""What moderators do: decide, with a reason that cites a rule; and what the others may answer."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from board import news
from board.accounts.models import Person
from board.clock import now
from board.errors import Conflict, Invalid
from board.extensions import db
from board.moderation import holds, letters, marks, queries, rules
from board.moderation.marks import Mark, Subject
from board.moderation.models import Appeal, Decision, Report
from board.moderation.rules import Rule, Verdict
from board.organisations.models import Organisation
from board.posts import moderated, visibility
from board.posts import rules as post_rules
from board.posts import services as posts
from board.posts.models import Post, PostEvent
from board.posts.rules import Event


def decide(
    *, subject: Subject, verdict: Verdict, rule: Rule, reason: str, by: Person, seen: Mark
) -> Decision:
    """Decide about a post or an organisation as it was `seen`; Conflict when it moved on since."""
    lock(subject)
    if not seen.allows(marks.of(subject)):
        raise Conflict
    if verdict not in possible(subject):
        raise Invalid("verdict", _("Cela ne peut pas être décidé ici. Choisissez autre chose."))
    if isinstance(subject, Post):
        _apply_to_post(subject, verdict)
    else:
        _apply_to_organisation(subject, verdict)
    decision = Decision(verdict=verdict, rule=rule, reason=reason, by_id=by.id,
                        **marks.key_of(subject))  # fmt: skip
    db.session.add(decision)
    db.session.flush()
    _settle_reports(subject, decision, seen)
    _settle_appeals(subject, decision)
    letters.tell_decided(decision)
    return decision


def appeal(*, decision: Decision, text: str, by: Person) -> Appeal:
    """Ask, once, that somebody look at a decision again."""
    subject = decision.post or decision.organisation
    if subject is not None:
        lock(subject)
    if not may_appeal(decision):
        raise Conflict
    asked = Appeal(decision_id=decision.id, by_id=by.id, text=text)
    db.session.add(asked)
    db.session.flush()
    return asked


def may_appeal(decision: Decision) -> bool:
    """The last word on its subject may be appealed once, unless it answers an appeal itself."""
    subject = decision.post or decision.organisation
    if subject is None or decision.verdict not in rules.APPEALABLE:
        return False
    decided = queries.decisions_on(subject)
    answers = db.session.scalar(select(Appeal.id).where(Appeal.answer_id == decision.id).limit(1))
    taken = db.session.scalar(select(Appeal.id).where(Appeal.decision_id == decision.id).limit(1))
    standing = [one for one in decided if one.verdict is not Verdict.KEEP]
    return bool(standing) and standing[0].id == decision.id and answers is None and taken is None


def possible(subject: Subject) -> tuple[Verdict, ...]:
    """What may be decided about it as it stands now."""
    if isinstance(subject, Post):
        found = rules.verdicts_on_post(post_rules.publication(subject))
        if subject.organisation.hidden_at is not None or subject.organisation.closed_at is not None:
            return tuple(v for v in found if v not in {Verdict.RESTORE, Verdict.RELEASE})
        return found
    if subject.closed_at is not None:
        return (Verdict.KEEP,)
    return rules.verdicts_on_organisation(
        hidden=subject.hidden_at is not None, verified=subject.verified_at is not None
    )


def lock(subject: Subject) -> None:
    """Hold the subject until the commit, and read it as it is now."""
    if isinstance(subject, Post):
        posts.lock(subject)
        db.session.refresh(subject.organisation)
        return
    rows = select(Organisation.id).where(Organisation.id == subject.id).with_for_update()
    db.session.execute(rows)
    db.session.refresh(subject)


def forget(person: Person) -> None:
    """Take a person's identity off what they reported, decided, asked and answered."""
    from board.moderation.models import Consent, Hold

    for column in (Report.by_id, Decision.by_id, Appeal.by_id, Consent.by_id, Hold.answered_by_id):
        db.session.execute(
            update(column.class_)
            .where(column == person.id)
            .values({column: None})
            .execution_options(synchronize_session=False)
        )
    if person.email_folded:
        db.session.execute(
            update(Report)
            .where(Report.email == person.email_folded)
            .values(email=None)
            .execution_options(synchronize_session=False)
        )


def _apply_to_post(post: Post, verdict: Verdict) -> None:
    if verdict is Verdict.HIDE:
        moderated.hide(post)
    elif verdict is Verdict.RESTORE:
        moderated.restore(post)
    elif verdict is Verdict.DECLINE:
        moderated.decline(post)
        holds.end_looked_at(post)
    elif verdict is Verdict.RELEASE:
        holds.end_looked_at(post)
        moderated.release(post)


def _apply_to_organisation(organisation: Organisation, verdict: Verdict) -> None:
    organisation.reviewed_at = now()
    organisation.version += 1
    if verdict is Verdict.VERIFY:
        organisation.verified_at = now()
        holds.release_verified(organisation)
    elif verdict is Verdict.UNVERIFY:
        organisation.verified_at = None
    elif verdict is Verdict.HIDE:
        organisation.hidden_at = now()
        db.session.flush()
        _hide_posts(organisation)
    elif verdict is Verdict.RESTORE:
        _restore_posts(organisation)
        organisation.hidden_at = None
    db.session.flush()


def _hide_posts(organisation: Organisation) -> None:
    """Its posts go with it, at the very same instant: by that they are known when it comes back."""
    standing = select(Post.id).where(
        Post.organisation_id == organisation.id, visibility.published_or_waiting()
    )
    ids = list(db.session.scalars(standing.order_by(Post.id)))
    _mark_hidden(ids, Event.HIDDEN, organisation.hidden_at)


def _restore_posts(organisation: Organisation) -> None:
    """What was hidden with it comes back; what was hidden for itself stays hidden."""
    together = select(Post.id).where(
        Post.organisation_id == organisation.id, Post.hidden_at == organisation.hidden_at
    )
    _mark_hidden(list(db.session.scalars(together.order_by(Post.id))), Event.RESTORED, None)


def _mark_hidden(ids: list[int], event: Event, at: object) -> None:
    for some in (ids[i : i + 500] for i in range(0, len(ids), 500)):
        db.session.execute(update(Post).where(Post.id.in_(some)).values(hidden_at=at))
        db.session.execute(
            insert(PostEvent), [{"post_id": one, "event": event, "at": now()} for one in some]
        )
        news.note("post", some)


def _settle_reports(subject: Subject, decision: Decision, seen: Mark) -> None:
    """What the moderator had read is settled; what came since stays in the queue."""
    for report in queries.open_reports(subject):
        if report.id <= seen.report:
            report.settled_at, report.decision_id = now(), decision.id
            letters.tell_reporter(report, decision)
    db.session.flush()


def _settle_appeals(subject: Subject, decision: Decision) -> None:
    for asked in queries.open_appeals(subject):
        asked.settled_at, asked.answer_id = now(), decision.id
    db.session.flush()
