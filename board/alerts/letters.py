"""The mail of notices: one thread, or one digest, in words, with a way to hear less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from board import mail
from board.alerts import links
from board.alerts.forms import HEADINGS
from board.alerts.recipients import Recipient
from board.alerts.rules import MOST_IN_MAIL, NoticeKind
from board.web.languages import speaking


@dataclass(frozen=True, slots=True)
class Told:
    """One piece of news in words: its title, what there is to say, where it goes on.

    `about` names what a thread is about; `group`, when one thread gathers several things, which of
    them this is of: each has its own address. `lead` stands before the address. `headers` keep the
    mail of one thread together and say where replies go, `marker` above which line they are
    written. `why` says why this comes whatever its reader chose.
    """

    title: str
    url: str
    text: str = ""
    lead: str = ""
    about: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    marker: str = ""
    why: str = ""
    group: str = ""


@dataclass(slots=True)
class Group:
    """News about the same thing: said one after the other, with one address."""

    pieces: list[Told]

    @property
    def last(self) -> Told:
        """The newest piece: its address is the one that is given."""
        return self.pieces[-1]


@dataclass(frozen=True, slots=True)
class Section:
    """What there is of one kind: the mail that it makes alone, and its part of a digest of many."""

    kind: NoticeKind
    template: str
    count: int
    context: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def has_less(self) -> bool:
        """Whether hearing less of this kind would change something."""
        return bool(self.context["less"])


def section(
    to: Recipient,
    told: Sequence[tuple[str, Told]],
    *,
    kind: NoticeKind,
    less: NoticeKind | None,
    is_digest: bool,
) -> Section:
    """Return the words of some news (each with its thread), ready to be sent.

    A digest answers no thread, nor does what is told of several: they have links alone. `less` is
    the kind of which its reader may hear less; None: they would be told all the same, and of
    `kind`: the foot says why, and where else there is a choice.
    """
    shown = told[:MOST_IN_MAIL]
    groups: dict[str, Group] = {}
    for n, (thread, piece) in enumerate(shown):
        groups.setdefault(piece.group or thread or f"#{n}", Group([])).pieces.append(piece)
    last = shown[-1][1]
    url = less_url(less, to) if less else ""
    is_thread = not is_digest and len(groups) == 1
    headers = dict(last.headers) if is_thread else {}
    context: dict[str, Any] = {
        "groups": list(groups.values()), "first": shown[0][1], "count": len(told),
        "about": last.about if is_thread else "",
        "marker": last.marker if is_thread else "", "more": len(told) - len(shown),
        "all_url": mail.link("accounts.home", language=to.language) if to.person else "",
        "less": url, "why": last.why, "choices": "" if url else _choices_url(to, kind),
    }  # fmt: skip
    headers |= links.headers(url) if url else {}
    return Section(less or kind, "notice", len(told), context, headers)


def send(to: Recipient, sections: Sequence[Section], *, must_come: bool) -> bool:
    """Owe the one mail of some kinds of news; False: the address had enough today.

    Each kind has its own « less of this »; the one click of mail programs stops all of them.
    """
    if len(sections) == 1:
        (one,) = sections
        owed = mail.compose(one.template, to=to.email, language=to.language, headers=one.headers,
                            must_come=must_come, **one.context)  # fmt: skip
        return owed is not None
    with speaking(to.language):
        parts = [(HEADINGS[one.kind], mail.piece(one.template, part=True, **one.context)[1])
                 for one in sections]  # fmt: skip
    kinds = [one.kind for one in sections if one.has_less]
    headers = links.headers(less_url(",".join(dict.fromkeys(kinds)), to)) if kinds else {}
    owed = mail.compose("digest", to=to.email, language=to.language, headers=headers,
                        must_come=must_come, parts=parts,
                        count=sum(one.count for one in sections))  # fmt: skip
    return owed is not None


def less_url(kinds: str, to: Recipient) -> str:
    """Make the address where a reader hears less of one kind, or of several."""
    email = None if to.person else to.email
    return links.less_url(kinds, language=to.language, person=to.person, email=email)


def _choices_url(to: Recipient, kind: NoticeKind) -> str:
    """Return where a reader chooses what they hear of: their page, a guest's own link."""
    if to.person is not None:
        return mail.link("alerts.notices", language=to.language)
    return links.less_url(kind, language=to.language, email=to.email)
