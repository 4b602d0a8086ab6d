"""Boards to measure: seeded once for each size and kept in .bench/, or on a throw-away server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from bench.client import Ask
from board import create_app, news
from board.accounts.models import Person
from board.config import read_settings
from board.database import writing
from board.extensions import db
from board.posts import services
from board.posts.models import Post
from board.posts.queries import get_post
from board.posts.rules import Audience
from board.sample.accounts import accounts_file
from board.sample.seed import seed
from board.search.text import words as words_of

KEPT = Path(".bench")
GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@dataclass(slots=True)
class Board:
    """A seeded board: how to serve it, and what to ask of it."""

    app: Flask
    environment: dict[str, str]
    posts: list[UUID]
    words: list[str]
    titles: list[str]

    def list_page(self) -> Ask:
        """The board's first page."""
        return "/fr/", GZIP

    def post_pages(self, count: int) -> list[Ask]:
        """Pages of that many posts."""
        return [(f"/fr/p/{uuid}", GZIP) for uuid in self.posts[:count]]

    def searches(self) -> list[Ask]:
        """Searches that differ: two words of a title, each pair once."""
        return [(f"/fr/?q={words}", GZIP) for words in self.words]

    def panels(self, count: int) -> list[Ask]:
        """What the first screen asks while somebody types, about things from all over the board."""
        some = self.titles[:: max(1, len(self.titles) // count)][:count]
        asked = [{"sentence": title, "purpose": ("need", "offer")[number % 2]}
                 for number, title in enumerate(some)]  # fmt: skip
        return [(f"/fr/publish/similar?{urlencode(one)}", GZIP) for one in asked]

    def feed(self) -> Ask:
        """What a reader of feeds asks for."""
        return "/fr/feed.atom", GZIP

    def widget(self) -> Ask:
        """A widget that shows the newest posts, made when there is none."""
        from board.widgets import designs, services
        from board.widgets.models import Widget

        with self.app.app_context(), writing():
            widget = db.session.scalars(select(Widget).order_by(Widget.id)).first()
            if widget is None:
                organisation = get_post(self.posts[0]).organisation
                widget = services.create(organisation=organisation, name="Bench")
                design = designs.Design(title="Bench", language="fr")
                services.save(widget=widget, design=design, seen_version=1)
                services.publish(widget=widget)
                news.commit()
            return f"/embed/{widget.uuid}", GZIP

    def signed_in(self) -> Ask:
        """The first page for somebody with a session."""
        settings = self.app.config["BOARD"]
        line = accounts_file(settings).read_text(encoding="utf-8").splitlines()[0]
        email, password, _words = line.split("\t")
        client = self.app.test_client()
        form = {"email": email, "password": password}
        answer = client.post("/fr/sign-in", base_url=settings.base_url, data=form)
        cookie = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1")
        if answer.status_code != 303 or cookie is None:
            raise RuntimeError(f"signing in answers {answer.status_code}")
        client.get("/fr/", base_url=settings.base_url)
        cookie = client.get_cookie(cookie.key, domain="127.0.0.1") or cookie
        return "/fr/", {**GZIP, "Cookie": f"{cookie.key}={cookie.value}"}

    def confirm_one(self, number: int) -> None:
        """Make a public write: somebody says that a post is still true."""
        with self.app.app_context(), writing():
            post = get_post(self.posts[number % len(self.posts)])
            person = db.session.scalars(select(Person).order_by(Person.id)).first()
            assert person is not None
            services.confirm(post=post, by=person)
            news.commit()


def prepare(posts: int, url: str | None = None) -> Board:
    """Return a board of that many posts, seeded now if it is not there yet."""
    folder = (KEPT / f"{posts}{'-postgresql' if url else ''}").absolute()
    environment = {"BABILLARD_DATA": str(folder)} | ({"BABILLARD_DATABASE_URL": url} if url else {})
    app = create_app(read_settings(environment))
    with app.app_context(), writing():
        upgrade()
        if (db.session.scalar(select(func.count(Post.id))) or 0) < posts:
            print(f"seeding {posts} posts …", flush=True)
            seed(posts=posts)
    with app.app_context():
        shown = select(Post.uuid).where(
            Post.audience == Audience.PUBLIC, Post.published_at.is_not(None),
            Post.withdrawn_at.is_(None), Post.paused_at.is_(None), Post.met_at.is_(None),
            Post.expires_at.is_(None),
        )  # fmt: skip
        rows = db.session.scalars(select(Post.title).order_by(Post.id).limit(5_000))
        titles = list(dict.fromkeys(rows))
        pairs = dict.fromkeys(_two_words(title) for title in titles)
        return Board(
            app,
            environment,
            list(db.session.scalars(shown.order_by(Post.id).limit(500))),
            [pair for pair in pairs if pair],
            titles,
        )


def _two_words(title: str) -> str:
    """The two longest words of a title."""
    longest = sorted(words_of(title), key=len)[-2:]
    return "+".join(longest) if len(longest) == 2 else ""
