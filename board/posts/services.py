"""The verbs of posts: begin, write, put up, rest, confirm, end; each leaves a step behind."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select, update

from board.accounts.models import Person
from board.clock import now
from board.errors import Conflict, Invalid, NotAllowed
from board.extensions import db
from board.folding import fold
from board.organisations.models import Organisation
from board.posts import attachments, gates, moderated, promises, queries, rules, wording
from board.posts.models import Confirmation, Line, Post, PostEvent, PostRevision, PostTag
from board.posts.rules import Event, Outcome, Publication
from board.posts.values import LineValues, PostValues, differences, end_of, snapshot, values_of
from board.taxonomy.models import Concept


def draft(
    *, organisation: Organisation, by: Person, values: PostValues, sentence: str, timezone: str
) -> Post:
    """Begin a post in the name of an organisation; nobody else sees it yet."""
    post = Post(
        organisation=organisation, author=by, sentence=sentence, timezone=timezone, edit_version=1
    )
    db.session.add(post)
    with db.session.no_autoflush:
        _write(post, values)
    db.session.flush()
    _revise(post, by)
    _note(post, Event.DRAFTED, by)
    return post


def save(*, post: Post, values: PostValues, by: Person | None, edit_version: int) -> bool:
    """Write the author's words over version `edit_version`; says whether anything changed."""
    lock(post)
    if post.edit_version != edit_version:
        raise Conflict
    if not rules.may_edit(post):
        raise NotAllowed
    before = snapshot(values_of(post))
    promises.check(post, values)
    if queries.find_revision(post.id, post.edit_version) is None:
        _revise(post, None)  # what came without a revision can still be compared with
    with db.session.no_autoflush:
        _write(post, values)
    db.session.flush()
    db.session.expire(post, ["all_lines", "place"])
    changed = differences(before, snapshot(values_of(post)))
    if not changed and before["place_id"] == post.place_id:
        return False
    post.edit_version += 1
    _revise(post, by)
    if post.published_at is not None:
        names = dict.fromkeys("lines" if one.line else one.name for one in changed)
        _note(post, Event.EDITED, by, ",".join(names)[:200])
    db.session.flush()
    if by is not None:
        ask_gates(post, by)
    return True


def publish(*, post: Post, by: Person) -> None:
    """Put a draft up, or up again what was withdrawn."""
    lock(post)
    if not rules.may_publish(post):
        raise NotAllowed
    if by.confirmed_at is None:
        raise Invalid("", _("Confirmez d’abord votre adresse : le lien est dans votre courriel."))
    if not post.title:
        raise Invalid("title", _("Écrivez un titre, par exemple « Chaises pliantes »."))
    if not post.lines:
        raise Invalid("lines", _("Ajoutez au moins un élément : ce que vous cherchez ou offrez."))
    if rules.is_expired(post, now()):
        raise Invalid("expires_on", _("Cette date est passée. Choisissez un jour à venir."))
    moderated.check_standing(post)
    post.withdrawn_at = post.met_at = post.outcome = post.paused_at = None
    if gates.waits(post, by, goes_up=True):
        moderated.submit(post)
        return
    post.published_at = post.confirmed_at = post.ranked_at = now()
    _note(post, Event.PUBLISHED, by)


def ask_gates(post: Post, by: Person) -> None:
    """New words may have to wait, and words taken out may end the wait."""
    stands = rules.publication(post)
    if stands not in {Publication.PUBLISHED, Publication.SUBMITTED}:
        return
    waits = gates.waits(post, by, goes_up=False)
    if waits and stands is Publication.PUBLISHED:
        moderated.submit(post)
    elif not waits and stands is Publication.SUBMITTED:
        moderated.release(post)


def pause(*, post: Post, by: Person) -> None:
    """Let a post rest: it leaves the lists until it is resumed."""
    _allow(post, rules.may_pause(lock(post), now()))
    post.paused_at = now()
    _note(post, Event.PAUSED, by)


def resume(*, post: Post, by: Person) -> None:
    """Bring a resting post back."""
    _allow(post, rules.may_resume(lock(post)))
    post.paused_at = None
    _note(post, Event.RESUMED, by)


def withdraw(*, post: Post, by: Person | None) -> None:
    """Take a post off the board."""
    _allow(post, rules.may_withdraw(lock(post)))
    post.withdrawn_at = now()
    _note(post, Event.WITHDRAWN, by)


def confirm(*, post: Post, by: Person, via: str = "page") -> None:
    """Say that it is still true: it comes first again."""
    _allow(post, rules.may_confirm(lock(post), now()))
    post.confirmed_at = post.ranked_at = now()
    db.session.add(Confirmation(post_id=post.id, by_id=by.id, at=now(), via=via))
    _note(post, Event.CONFIRMED, by, None if via == "page" else via)


def mark_met(*, post: Post, by: Person, outcome: Outcome) -> None:
    """Say that it is over, and how it ended."""
    _allow(post, rules.may_mark_met(lock(post)))
    post.met_at, post.outcome = now(), outcome
    _note(post, Event.MET, by, outcome.value)


def reopen(*, post: Post, by: Person) -> None:
    """Take the word « complet » back."""
    _allow(post, rules.may_reopen(lock(post)))
    post.met_at = post.outcome = None
    _note(post, Event.REOPENED, by)


def duplicate(*, post: Post, by: Person) -> Post:
    """Begin a new draft with the same words; its lines are new and nothing of them is promised."""
    values = values_of(post)
    lines = tuple(_renewed(line) for line in values.lines)
    expires_on = None if rules.is_expired(post, now()) else values.expires_on
    copy = draft(
        organisation=post.organisation,
        by=by,
        values=PostValues(
            **{f: getattr(values, f) for f in values.__slots__} | _changed(lines, expires_on)
        ),
        sentence=post.sentence,
        timezone=post.timezone,
    )
    copy.copied_from_id = post.id
    db.session.flush()
    attachments.copy_all(post, copy, by)
    return copy


def forget_person(person: Person) -> None:
    """Take a person's identity off all that they wrote for organisations."""
    for model, column in (
        (Post, Post.author_id),
        (PostRevision, PostRevision.by_id),
        (PostEvent, PostEvent.by_id),
        (Confirmation, Confirmation.by_id),
    ):
        db.session.execute(update(model).where(column == person.id).values({column: None}))


def lock(post: Post) -> Post:
    """Hold a post until the commit and read it again: what others changed meanwhile is seen."""
    db.session.execute(select(Post.id).where(Post.id == post.id).with_for_update())
    db.session.refresh(post)
    db.session.expire(post, ["all_lines", "tags"])
    return post


def _changed(lines: tuple[LineValues, ...], expires_on: object) -> dict[str, object]:
    return {"lines": lines, "expires_on": expires_on}


def _renewed(line: LineValues) -> LineValues:
    kept = {f: getattr(line, f) for f in line.__slots__}
    return LineValues(**kept | {"uuid": None, "closed": False})


def _allow(post: Post, allowed: bool) -> None:
    if not allowed:
        raise Conflict(f"{post.uuid} has moved on")


def _note(post: Post, event: Event, by: Person | None, detail: str | None = None) -> None:
    by_id = by.id if by else None
    db.session.add(PostEvent(post_id=post.id, event=event, at=now(), by_id=by_id, detail=detail))
    db.session.flush()


def _revise(post: Post, by: Person | None) -> None:
    db.session.add(
        PostRevision(
            post_id=post.id,
            edit_version=post.edit_version,
            by_id=by.id if by else None,
            created_at=now(),
            snapshot=snapshot(values_of(post)),
        )
    )


def _write(post: Post, values: PostValues) -> None:
    post.purpose, post.language = values.purpose, values.language
    post.title = values.title
    post.audience = values.audience
    post.place_id = values.place_id
    if post.body_md != values.body or not post.body_html:
        post.body_md = values.body
        post.body_html = wording.public_html(values.body)
    post.expires_at = end_of(values.expires_on, post.timezone)
    _write_tags(post, values.tags)
    _write_lines(post, values.lines)


def _write_tags(post: Post, texts: Iterable[str]) -> None:
    wanted = {fold(text)[:60]: text for text in reversed(list(texts)) if fold(text)}
    known = {tag.folded: tag for tag in post.tags}
    for folded in known.keys() - wanted.keys():
        post.tags.remove(known[folded])
    concepts = queries.concepts_called(wanted.keys())
    for folded, text in reversed(wanted.items()):
        tag = known.get(folded)
        if tag is None:
            tag = PostTag(folded=folded, concept_id=concepts.get(folded))
            post.tags.append(tag)
        tag.text = text


def _write_lines(post: Post, lines: tuple[LineValues, ...]) -> None:
    """Write each line over the row that it was, so that promises and addresses keep pointing."""
    known = {line.uuid: line for line in post.all_lines}
    categories = queries.categories_by_key(line.category for line in lines if line.category)
    for position, values in enumerate(lines):
        line = known.pop(values.uuid, None) if values.uuid else None
        if line is None:
            line = Line()
            post.all_lines.append(line)
        _write_line(line, values, categories)
        line.position, line.removed_at = position, None
    for line in known.values():
        line.removed_at = line.removed_at or now()


def _write_line(line: Line, values: LineValues, categories: dict[str, Concept]) -> None:
    line.title, line.kind, line.basis = values.title, values.kind, values.basis
    line.category = categories.get(values.category) if values.category else None
    line.quantity, line.unit = values.quantity, values.unit or None
    if (line.needed_from, line.needed_until) != (values.needed_from, values.needed_until):
        line.fullest = None  # written again by the worker, within the new days
    line.needed_from, line.needed_until = values.needed_from, values.needed_until
    line.attendance, line.reach_km = values.attendance, values.reach_km
    line.effort, line.conditions = values.effort or None, values.conditions or None
    line.closed_at = (line.closed_at or now()) if values.closed else None
