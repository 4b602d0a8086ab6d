"""The mail of notices: one thread, or one digest, in words, with a way to hear less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from board import mail
from board.alerts import links
from board.alerts.recipients import Recipient
from board.alerts.rules import MOST_IN_MAIL, NoticeKind


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news in words: its title, what there is to say, where it goes on.

    `about` names what a thread is about; `lead` stands before the address. `headers` keep the mail
    of one thread together and say where replies go, `marker` above which line they are written.
    `why` says why this comes whatever its reader chose.
    """

    title: str
    url: str
    text: str = ""
    lead: str = ""
    about: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    marker: str = ""
    why: str = ""


@dataclass(slots=True)
class Group:
    """News about the same thing: said one after the other, with one address."""

    pieces: list[Told]

    @property
    def last(self) -> Told:
        """The newest piece: its address is the one that is given."""
        return self.pieces[-1]


def write(
    to: Recipient,
    told: Sequence[tuple[str, Told]],
    *,
    kind: NoticeKind,
    less: NoticeKind | None,
    is_digest: bool,
    must_come: bool,
) -> bool:
    """Owe the mail of some news (each with its thread); False: the address had enough today.

    A digest answers no thread: it has links alone. `less` is the kind of which its reader may hear
    less; None: they would be told all the same, and of `kind`: the foot says why, and where else
    there is a choice.
    """
    shown = told[:MOST_IN_MAIL]
    groups: dict[str, Group] = {}
    for n, (thread, piece) in enumerate(shown):
        groups.setdefault(thread or f"#{n}", Group([])).pieces.append(piece)
    last = shown[-1][1]
    url = links.less_url(less, language=to.language, person=to.person,
                         email=None if to.person else to.email) if less else ""  # fmt: skip
    headers = {} if is_digest else dict(last.headers)
    context: dict[str, Any] = {
        "groups": list(groups.values()), "first": shown[0][1], "count": len(told),
        "about": "" if is_digest or len(groups) > 1 else last.about,
        "marker": "" if is_digest else last.marker, "more": len(told) - len(shown),
        "all_url": mail.link("accounts.home", language=to.language) if to.person else "",
        "less": url, "why": last.why, "choices": "" if url else _choices_url(to, kind),
    }  # fmt: skip
    owed = mail.compose("notice", to=to.email, language=to.language, must_come=must_come,
                        headers=headers | (links.headers(url) if url else {}),
                        **context)  # fmt: skip
    return owed is not None


def _choices_url(to: Recipient, kind: NoticeKind) -> str:
    """Return where a reader chooses what they hear of: their page, a guest's own link."""
    if to.person is not None:
        return mail.link("alerts.notices", language=to.language)
    return links.less_url(kind, language=to.language, email=to.email)
