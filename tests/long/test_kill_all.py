"""Forty times, web and worker are killed at once while people post: nothing said is taken back."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from board import clock, mail, news
from board.database import writing
from board.extensions import db
from board.posts.models import Post
from board.search.embedded import engine_of_app
from tests.accounts.helpers import PASSWORD, account
from tests.accounts.sink import Sink
from tests.conftest import SECRET, make_app
from tests.factories import make_organisation, make_post
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, WRITERS = 40, 2


class Stay(HTTPRedirectHandler):
    """A redirect is an answer here."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


class Browser:
    """Somebody at the board; what is not answered counts for nothing."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), Stay())
        self._token = ""
        self.refused: list[str] = []

    def get(self, path: str) -> str:
        """Read a page, however long the board is away."""
        while True:
            with suppress(OSError, HTTPException):
                answer: bytes = self._opener.open(self.base + path, timeout=5).read()
                return answer.decode()
            time.sleep(0.1)

    def post(self, path: str, **data: str) -> str | None:
        """Send a form; return where it leads, or None when nothing was acknowledged."""
        body = urlencode({"csrf_token": self._token, **data}).encode()
        try:
            self._opener.open(Request(self.base + path, body), timeout=5)
        except HTTPError as answer:
            if answer.code == 303:
                return answer.headers["Location"]
            self.refused.append(f"{path}: {answer.code}")
        except (OSError, HTTPException):
            self.refused.append(f"{path}: away")
        return None

    def sign_in(self, email: str) -> None:
        """Come in, and take the token of the forms."""
        while self.post("/fr/sign-in", email=email, password=PASSWORD) is None:
            time.sleep(0.1)
        page = self.get("/fr/account/settings")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        self._token = found.group(1)


class Board:
    """The processes of a board, each of which may be killed at any moment."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self._granian = [
            *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "1", "--respawn-failed-workers"),
            *("--workers-kill-timeout", "3", "--log-level", "critical", "wsgi:web"),
        ]
        self._environment = environment
        self.web = self._start(self._granian)
        self.worker = self._start_worker()

    def kill(self, everything: bool) -> None:
        """Kill the web's processes and the worker, with no time to say goodbye."""
        for pid in [*_children(self.web.pid), self.worker.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.worker.wait()
        if everything:
            self.web.kill()
            self.web.wait()
        self.worker = self._start_worker()

    def look_after(self) -> None:
        """Start the web server again when it is gone, as a supervisor does."""
        if self.web.poll() is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.web.pid, signal.SIGKILL)
            self.web = self._start(self._granian)

    def stop(self) -> None:
        """End what is left."""
        for process in (self.web, self.worker):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start_worker(self) -> subprocess.Popen[bytes]:
        return self._start(["-m", "flask", "--app", "wsgi", "worker"])

    def _start(self, arguments: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=self._environment,
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def _children(pid: int) -> list[int]:
    with suppress(FileNotFoundError):
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@contextmanager
def running(app: Flask, port: int) -> Iterator[Board]:
    """Run a board beside the test, on the same data."""
    settings = app.config["BOARD"]
    environment = {
        **os.environ,
        "BABILLARD_DATA": str(settings.data),
        "BABILLARD_DATABASE_URL": settings.database_url,
        "BABILLARD_BASE_URL": settings.base_url,
        "BABILLARD_SMTP_URL": settings.smtp_url,
        "BABILLARD_SECRET_KEY": SECRET,
    }
    board = Board(environment, port)
    try:
        yield board
    finally:
        board.stop()


def begin(app: Flask) -> UUID:
    """Somebody with an organisation and a post that is copied again and again."""
    with app.app_context(), writing():
        person = account()
        person.confirmed_at = clock.now()
        post = make_post(by=make_organisation(responsible=person), title="Une chaise tenace")
        uuid = post.uuid
        news.commit()
        db.session.remove()
    return uuid


def posting(browser: Browser, first: UUID, said: list[str], over: threading.Event) -> None:
    """Copy and publish until it is over; keep what the board acknowledged."""
    browser.sign_in("ana@exemple.org")
    while not over.is_set():
        copy = browser.post(f"/fr/p/{first}/duplicate")
        uuid = copy and re.search(r"/p/([0-9a-f-]{36})/", copy)
        if uuid and browser.post(f"/fr/p/{uuid.group(1)}/publish"):
            said.append(uuid.group(1))
        else:
            time.sleep(0.1)


def joining(base: str, number: int, said: list[str]) -> None:
    """Sign somebody up: a mail is owed in the same transaction."""
    email = f"personne{number}@exemple.org"
    form = {"name": "Personne", "email": email, "password": PASSWORD, "terms": "y"}
    if Browser(base).post("/fr/sign-up", **form):
        said.append(email)


@pytest.mark.long
def test_forty_kills_of_web_and_worker_take_nothing_back(tmp_path: Path) -> None:
    port, choose = free_port(), random.Random(4)
    base = f"http://127.0.0.1:{port}"
    posts: list[str] = []
    people: list[str] = []
    over = threading.Event()
    with Sink() as sink:
        url = f"sqlite:///{tmp_path / 'board.sqlite3'}"
        app = make_app(tmp_path, url, base_url=base, smtp_url=sink.url)
        first = begin(app)
        with running(app, port) as board:
            browsers = [Browser(base) for _ in range(WRITERS)]
            hands = [_start(posting, one, first, posts, over) for one in browsers]
            for number in range(ROUNDS):
                acknowledged = len(posts)
                deadline = time.monotonic() + 60
                while len(posts) < acknowledged + 2 and time.monotonic() < deadline:
                    board.look_after()
                    time.sleep(0.05)
                assert len(posts) >= acknowledged + 2, (number, [b.refused[-3:] for b in browsers])
                joiner = _start(joining, base, number, people)
                time.sleep(choose.uniform(0.3, 1.2))
                board.kill(everything=number % 10 == 9)
                joiner.join(20)
            over.set()
            for hand in hands:
                hand.join(20)
        _compare(app, sink, posts, people)


def _start(work: Callable[..., None], *given: Any) -> threading.Thread:
    hand = threading.Thread(target=work, args=given, daemon=True)
    hand.start()
    return hand


def _compare(app: Flask, sink: Sink, posts: list[str], people: list[str]) -> None:
    """What was acknowledged is there, indexed, and mailed under one identity."""
    assert len(posts) >= 2 * ROUNDS
    assert len(people) >= ROUNDS // 8
    clock.fix(datetime.now(UTC) + mail.LEASE + timedelta(minutes=1))  # claims of the dead are over
    try:
        with app.app_context(), writing():
            up = dict(db.session.execute(select(Post.uuid, Post.id).where(
                Post.published_at.is_not(None))).all())  # fmt: skip
            assert {UUID(uuid) for uuid in posts} <= set(up)
            assert sorted(engine_of_app().indexed_ids()) == sorted(up.values())
            assert engine_of_app().mend_vocabulary() == 0
            db.session.rollback()
            while mail.pay_due():
                pass
            owed = {row.message_id: row for row in db.session.scalars(select(mail.Mail))}
            assert all(row.sent_at is not None for row in owed.values())
            assert set(people) <= {row.recipient for row in owed.values()}
            got: dict[str, set[str]] = defaultdict(set)
            for message in sink.got:
                got[message["To"]].add(message["Message-ID"])
            assert {m for ids in got.values() for m in ids} == set(owed)
            assert all(len(ids) == 1 for ids in got.values())
            db.session.remove()
            db.engine.dispose()
    finally:
        clock.fix(None)
