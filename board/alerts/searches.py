"""Kept searches: somebody hears when a new post fits, with or without an account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, update
from werkzeug.datastructures import MultiDict

from board import addressees, mail, search
from board.accounts.models import Person
from board.accounts.rules import TokenPurpose
from board.alerts import letters, links, queries, rules
from board.alerts.letters import Section
from board.alerts.models import SavedSearch
from board.alerts.queries import Thread
from board.alerts.recipients import Recipient
from board.alerts.rules import NoticeKind, Rhythm
from board.clock import now
from board.errors import Invalid
from board.extensions import db
from board.posts import cards
from board.posts import queries as posts_queries
from board.posts.rules import VISITOR
from board.search.filters import Query, Sort, parse, to_args
from board.web.context import settings, with_query

PER_LOOK = 100
MOST_LOOKS = 5


class Post(NamedTuple):
    """A new post, as a mail names it."""

    title: str
    organisation: str
    url: str


class News(NamedTuple):
    """What is new for one kept search: a few posts, how many more, and where to see all."""

    name: str
    posts: list[Post]
    more: int
    url: str


def written(query: Query) -> str:
    """Return a search as it is kept: its words and filters, without order and page."""
    left_out = {"sort", "page", "per_page", "cursor", "closed"}
    return urlencode([pair for pair in to_args(query) if pair[0] not in left_out])


def read(text: str) -> Query:
    """Return the search that was kept."""
    return parse(MultiDict(parse_qsl(text, keep_blank_values=True)))


def url_of(kept: SavedSearch) -> str:
    """Return the full address of a kept search on the board."""
    home = mail.link("search.board", language=kept.language)
    pairs: dict[str, Any] = {}
    for name, value in parse_qsl(kept.query):
        pairs.setdefault(name, []).append(value)
    return with_query(home, pairs)


def keep(*, query: Query, name: str, rhythm: Rhythm, language: str,
         person: Person | None = None, email: str | None = None) -> SavedSearch:  # fmt: skip
    """Keep a search for a person, or for an address that confirms it by a link first."""
    text = written(query)
    if len(text) > rules.QUERY_MAX:
        raise Invalid("", _("Cette recherche est trop longue pour être gardée."))
    if person is not None:
        check_room(person=person, email=None)  # of an address nothing is said to who types it
    kept = SavedSearch(person=person, email=email, language=language, name=name[: rules.NAME_MAX],
                       query=text, rhythm=rhythm,
                       confirmed_at=now() if person else None)  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    if email is not None:
        raw = links.new_secret(TokenPurpose.FOLLOW_SEARCH, email=email, about=kept.uuid)
        url = mail.link("alerts.confirm", language=language, token=raw)
        mail.compose("follow", to=email, language=language, must_come=True, url=url)
    return kept


def confirm(kept: SavedSearch) -> None:
    """Let a search speak: its address is theirs who asked."""
    check_room(person=None, email=kept.email)
    kept.confirmed_at = now()


def check_room(*, person: Person | None, email: str | None) -> None:
    """Refuse one more search than anybody keeps."""
    if queries.count_searches(person=person, email=email) >= rules.MOST_SEARCHES:
        raise Invalid(
            "", _("Vous gardez déjà beaucoup de recherches\u00a0: retirez-en une d’abord.")
        )


def change(kept: SavedSearch, rhythm: Rhythm) -> None:
    """Let a search speak in another rhythm, from its next morning on."""
    kept.rhythm = rhythm


def forget(kept: SavedSearch) -> None:
    """Stop following a search."""
    db.session.delete(kept)


def hear_less(*, person_id: int | None, email: str | None, nothing: bool) -> None:
    """Let every kept search of somebody speak less often, or stop."""
    whose = (SavedSearch.person_id == person_id if person_id is not None
             else SavedSearch.email == email)  # fmt: skip
    if nothing and email is not None and person_id is None:
        db.session.execute(delete(SavedSearch).where(whose))
        return
    for kept in db.session.query(SavedSearch).where(whose):
        kept.rhythm = Rhythm.NEVER if nothing else rules.LESS[kept.rhythm]


def forget_unconfirmed() -> None:
    """Forget what nobody confirmed in time, and to whom the link went."""
    gone = db.session.scalars(
        delete(SavedSearch)
        .where(SavedSearch.confirmed_at.is_(None),
               SavedSearch.created_at < now() - rules.KEEP_UNCONFIRMED)
        .returning(SavedSearch.email)
        .execution_options(synchronize_session=False)
    ).all()  # fmt: skip
    addressees.forget(*gone)


def due(thread: Thread | None = None) -> list[Any]:
    """Return the searches (of one reader, or of all) whose rhythm and hour allow a look now."""
    at, zone = now(), settings().timezone
    rows = queries.speaking_searches(rules.last_morning(at, zone), thread)
    return [row for row in rows
            if rules.may_look(row.rhythm, row.looked, at, zone, queries.quiet_in(row))]  # fmt: skip


def look(rows: Iterable[Any]) -> dict[int, list[int]]:
    """Return what is new, by search, of searches that may be looked at."""
    found = {row.id: new_posts(row.query, row.since) for row in rows}
    return {key: ids for key, ids in found.items() if ids}


def note_looked(ids: Sequence[int]) -> None:
    """Let searches wait for their next day; what was told says so itself (`told_at`)."""
    if ids:
        db.session.execute(
            update(SavedSearch).where(SavedSearch.id.in_(ids)).values(looked_at=now())
            .execution_options(synchronize_session=False)
        )  # fmt: skip


def new_posts(text: str, since: datetime) -> list[int]:
    """Return the public posts of a search that were published after an instant, newest first."""
    try:
        query = read(text)
    except Invalid:
        return []  # a filter of an older board
    found: list[int] = []
    for page in range(1, MOST_LOOKS + 1):
        asked = replace(query, sort=Sort.NEWEST, page=page, per_page=PER_LOOK)
        try:
            hits = search.current_engine().search(asked, reader=VISITOR).hits
        except Invalid:
            break  # its organisation or category is gone
        found += queries.published_since([hit.post_id for hit in hits], since)
        if len(hits) < PER_LOOK:
            break
    return found


def tell(thread: Thread, new: dict[int, list[int]]) -> bool:
    """Owe somebody the one mail about searches that speak at once; says whether it was owed."""
    kept = hold(new)
    if not kept:
        return False
    to = recipient(thread, kept)
    if to.is_reached and not letters.send(to, [section(to, kept, new)], must_come=False):
        return False
    note_told(kept)
    return True


def hold(ids: Iterable[int]) -> list[SavedSearch]:
    """Take these searches, as they are now, until the commit."""
    held = db.session.query(SavedSearch).where(SavedSearch.id.in_(sorted(ids)))
    return held.order_by(SavedSearch.id).populate_existing().with_for_update().all()


def recipient(thread: Thread, kept: Sequence[SavedSearch]) -> Recipient:
    """Return who hears of their searches."""
    person = db.session.get(Person, thread.person_id) if thread.person_id is not None else None
    return Recipient.of(person) if person else Recipient(thread.email or "", kept[0].language)


def section(to: Recipient, kept: Sequence[SavedSearch], new: dict[int, list[int]]) -> Section:
    """Return what is new for some searches, ready to be sent."""
    less = letters.less_url(NoticeKind.SEARCHES, to)
    count = sum(len(new[one.id]) for one in kept)
    context = {"news": [_news(one, new[one.id], to.language) for one in kept],
               "less": less, "count": count}  # fmt: skip
    return Section(NoticeKind.SEARCHES, "searches", count, context, links.headers(less))


def note_told(kept: Sequence[SavedSearch]) -> None:
    """Write down that what is new for these searches was told."""
    db.session.execute(
        update(SavedSearch).where(SavedSearch.id.in_([one.id for one in kept]))
        .values(told_at=now(), looked_at=now()).execution_options(synchronize_session=False)
    )  # fmt: skip


def _news(kept: SavedSearch, ids: list[int], language: str) -> News:
    shown = ids[: rules.MOST_POSTS_TOLD]
    with force_locale(language):
        posts = [_post(row, language) for row, _lines in posts_queries.heads_with_lines(shown)]
    return News(kept.name or _("Tout le babillard"), posts, len(ids) - len(posts), url_of(kept))


def _post(row: Any, language: str) -> Post:
    return Post(cards.masked(row.title, language), row.name,
                mail.link("post.page", language=language, post_id=row.uuid))  # fmt: skip


def names(kept: Iterable[SavedSearch]) -> list[dict[str, Any]]:
    """Return what a page shows of kept searches."""
    return [{"uuid": one.uuid, "name": one.name or _("Tout le babillard"), "rhythm": one.rhythm,
             "url": url_of(one)} for one in kept]  # fmt: skip
