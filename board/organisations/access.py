"""Only members in: the organisation comes from its slug, strangers never learn what is behind."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask.typing import ResponseReturnValue

from board.accounts.session import get_reader, signed_in
from board.errors import NotAllowed, NotFound, OrganisationGone
from board.organisations import queries
from board.organisations.rules import Role, may_edit_posts, may_manage
from board.web import Authority, authority

View = Callable[..., ResponseReturnValue]


def editor_required(view: View) -> View:
    """Let in who acts for the organisation of `slug`; the view gets it as `organisation`."""
    return _members_only(view, Authority.EDITOR, may_edit_posts)


def responsible_required(view: View) -> View:
    """Let in who answers for the organisation of `slug`; the view gets it as `organisation`."""
    return _members_only(view, Authority.RESPONSIBLE, may_manage)


def _members_only(view: View, needed: Authority, allows: Callable[[Role | None], bool]) -> View:
    @wraps(view)
    def guarded(slug: str, **values: Any) -> ResponseReturnValue:
        organisation = queries.find_organisation(slug)
        role = queries.find_role(organisation.id, get_reader().id) if organisation else None
        if organisation is None or (role is None and organisation.closed_at is None):
            raise NotFound
        if organisation.closed_at is not None:
            raise OrganisationGone
        if not allows(role):
            raise NotAllowed
        return view(organisation=organisation, **values)

    return authority(needed)(signed_in(guarded))
