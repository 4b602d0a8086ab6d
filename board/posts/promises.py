"""What somebody was promised binds the words of a post."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from board.errors import Invalid
from board.posts.models import Line, Post
from board.posts.rules import Basis, Kind
from board.posts.values import LineValues, PostValues

RETURNING = frozenset({Basis.LOAN, Basis.SHARING, Basis.SHARED_COST})


def check(post: Post, values: PostValues) -> None:
    """Refuse what would break a promise: it stays, large enough, and a need stays a need."""
    written = {line.uuid: line for line in values.lines}
    for line in post.lines:
        if line.committed == 0:
            continue
        if values.purpose is not post.purpose:
            raise Invalid("purpose", _words_of_a_turn(line))
        wanted = written.get(line.uuid)
        if wanted is None:
            raise Invalid("lines", words_of(line))
        if _is_too_small(wanted, line.committed):
            message = ngettext(
                "%(num)s déjà promis pour «\u00a0%(line)s\u00a0»\u00a0: la quantité ne peut pas"
                " être moindre.",
                "%(num)s déjà promis pour «\u00a0%(line)s\u00a0»\u00a0: la quantité ne peut pas"
                " être moindre.",
                line.committed,
                line=line.title,
            )
            raise Invalid("lines", message)


def _words_of_a_turn(line: Line) -> str:
    """Say why a need stays a need, and an offer an offer."""
    return _(
        "Quelqu’un s’est engagé pour « %(line)s » : un besoin ne peut plus devenir une offre, ni"
        " une offre un besoin. Publiez plutôt une autre annonce.",
        line=line.title,
    )


def words_of(line: Line) -> str:
    """Say why a promised line stays."""
    return _(
        "Quelqu’un s’est engagé pour « %(line)s » : cet élément ne peut pas être retiré. "
        "Vous pouvez le fermer.",
        line=line.title,
    )


def _is_too_small(line: LineValues, committed: int) -> bool:
    comes_back = line.kind is Kind.SPACE or line.basis in RETURNING
    return line.quantity is not None and committed > line.quantity and not comes_back
