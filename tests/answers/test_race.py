"""The last place, wanted by many at one moment: one gets it, the others are offered the reserve."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from board import news
from board.accounts.models import Person
from board.answers import deciding, queries, services
from board.answers.checks import NothingLeft
from board.answers.holds import Wanted
from board.answers.models import Commitment, Response
from board.answers.rules import State
from board.answers.services import Answerer, Said
from board.database import will_write, writing
from board.errors import Invalid
from board.extensions import db
from board.posts.models import Post
from tests.answers.helpers import answered, line_of, need
from tests.conftest import NOW
from tests.factories import make_person

ROOT = Path(__file__).resolve().parents[2]
MANY = 50
ACCEPTS = """
import sys
from pathlib import Path
from uuid import UUID
from board import create_app, news
from board.answers import deciding, queries
from board.accounts.models import Person
from board.config import Settings
from board.database import writing
from board.errors import Invalid
from board.extensions import db
folder, url, secret, editor, *ones = sys.argv[1:]
app = create_app(Settings(data=Path(folder), database_url=url, secret_key=secret))
with app.app_context(), writing():
    db.session.rollback()
    print("ready", flush=True)
    sys.stdin.readline()
    for one in ones:
        try:
            by = db.session.get(Person, int(editor))
            deciding.accept(response=queries.get_response(UUID(one)), by=by, quantities={})
            news.commit()
            print("got", flush=True)
        except Invalid:
            db.session.rollback()
            print("refused", flush=True)
"""


def at_once(app: Flask, tries: list[Callable[[], str]]) -> Counter[str]:
    """Do it all at the same moment, each in a transaction and a thread of its own."""
    db.session.rollback()
    together = Barrier(len(tries))

    def run(one: Callable[[], str]) -> str:
        with app.app_context(), writing():
            db.session.rollback()
            together.wait(60)
            try:
                said = one()
                news.commit()
            except NothingLeft:
                db.session.rollback()
                return "offered the reserve"
            except Invalid:
                db.session.rollback()
                return "refused"
            finally:
                db.session.remove()
            return said

    with ThreadPoolExecutor(len(tries)) as pool:
        return Counter(pool.map(run, tries))


def promised() -> int:
    """How much stands promised in all."""
    rows = select(func.coalesce(func.sum(Commitment.quantity), 0))
    return db.session.scalar(rows.where(Commitment.released_at.is_(None))) or 0


def test_of_fifty_who_come_for_the_last_place_one_is_first(app: Flask) -> None:
    post, _editor = need(quantity=1, first_come_at=NOW)
    will_write()
    people = [make_person().id for _ in range(MANY)]
    news.commit()
    post_id = post.id

    def comes(person_id: int) -> Callable[[], str]:
        def work() -> str:
            there = db.session.get(Post, post_id)
            person = db.session.get(Person, person_id)
            assert there is not None
            said = Said((Wanted(there.lines[0], 1),))
            response = services.answer(post=there, by=Answerer("fr", person), said=said)
            assert response is not None
            return response.state.value

        return work

    told = at_once(app, [comes(one) for one in people])
    assert told == {"committed": 1, "offered the reserve": MANY - 1}
    assert (line_of(post).committed, promised()) == (1, 1)
    assert db.session.scalar(select(func.count(Response.id))) == 1


def test_of_fifty_who_are_accepted_for_the_last_place_one_gets_it(app: Flask) -> None:
    post, editor = need(quantity=1)
    ones = [answered(post).uuid for _ in range(MANY)]
    editor_id = editor.id

    def accepts(n: int) -> Callable[[], str]:
        def work() -> str:
            by = db.session.get(Person, editor_id)
            assert by is not None
            deciding.accept(response=queries.get_response(ones[n]), by=by, quantities={})
            return "got"

        return work

    assert at_once(app, [accepts(n) for n in range(MANY)]) == {"got": 1, "refused": MANY - 1}
    assert (line_of(post).committed, promised()) == (1, 1)
    assert db.session.query(Response).filter_by(state=State.COMMITTED).count() == 1


def test_two_processes_promise_nothing_twice(app: Flask) -> None:
    post, editor = need(quantity=3)
    ones = [str(answered(post).uuid) for _ in range(12)]
    settings = app.config["BOARD"]
    given = [str(settings.data), settings.database_url, settings.secret_key, str(editor.id)]
    db.session.rollback()
    both = [
        subprocess.Popen(
            [sys.executable, "-c", ACCEPTS, *given, *some],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for some in (ones[::2], ones[1::2])
    ]  # fmt: skip
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = Counter(word for one in both for word in one.communicate()[0].split())
    assert told == {"got": 3, "refused": 9}
    assert (line_of(post).committed, promised()) == (3, 3)
