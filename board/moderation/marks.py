"""What a decision was taken upon: two moderators at once never overwrite each other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from board.extensions import db
from board.moderation.models import Decision, Report
from board.organisations.models import Organisation
from board.posts.models import Post

Subject = Post | Organisation


@dataclass(frozen=True, slots=True)
class Mark:
    """The last decision, the words and the last report that a moderator had before them."""

    decision: int = 0
    words: int = 0
    report: int = 0

    def __str__(self) -> str:
        return f"{self.decision}.{self.words}.{self.report}"

    def allows(self, present: Mark) -> bool:
        """Whether nothing was decided and no word was changed since; reports may have come."""
        return (self.decision, self.words) == (present.decision, present.words)


def parse(text: str | None) -> Mark:
    """Read a mark back from a form; what is none fits nothing."""
    parts = (text or "").split(".")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 12 for p in parts):
        return Mark(-1)
    return Mark(*(int(part) for part in parts))


def of(subject: Subject) -> Mark:
    """Return where the subject stands now."""
    decision = db.session.scalar(select(func.max(Decision.id)).where(about(Decision, subject)))
    report = db.session.scalar(select(func.max(Report.id)).where(about(Report, subject)))
    return Mark(decision or 0, subject.edit_version, report or 0)


def about(model: type[Decision] | type[Report], subject: Subject) -> ColumnElement[bool]:
    """The rows that are about this post or this organisation."""
    if isinstance(subject, Post):
        return model.post_id == subject.id
    return model.organisation_id == subject.id


def key_of(subject: Subject) -> dict[str, int]:
    """Return the column that names the subject in a new row."""
    name = "post_id" if isinstance(subject, Post) else "organisation_id"
    return {name: subject.id}
