"""Killed at any moment, the board keeps what it acknowledged, and its index agrees."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from board.extensions import db
from board.posts.models import Post
from board.search import current_engine
from board.search.filters import Query
from tests.conftest import SECRET, make_app

ROOT = Path(__file__).resolve().parents[2]
ROUNDS, SECONDS = 6, 1.5
WRITER = """
import sys
from pathlib import Path
from board import create_app, news
from board.config import Settings
from board.database import writing
from tests.factories import make_organisation, make_post
folder = Path(sys.argv[1])
app = create_app(Settings(data=folder, database_url=sys.argv[2], secret_key=sys.argv[3]))
with app.app_context(), writing():
    group = make_organisation(slug=sys.argv[4])
    news.commit()
    while True:
        post = make_post(by=group, title="Une chaise tenace")
        said = str(post.uuid)
        news.commit()
        print(said, flush=True)
"""


@pytest.mark.long
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'board.sqlite3'}"
    app = make_app(tmp_path, url)
    acknowledged: list[str] = []
    for number in range(ROUNDS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), url, SECRET, f"ronde-{number}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()  # it writes: a slow machine may take long to begin
        time.sleep(SECONDS + number / 10)
        writer.send_signal(signal.SIGKILL)
        rest, _nothing = writer.communicate()
        said = first + rest
        acknowledged += [line for line in said.split("\n") if len(line) == 36]
    assert len(acknowledged) > ROUNDS
    with app.app_context():
        kept = set(db.session.scalars(select(Post.uuid)))
        assert {UUID(line) for line in acknowledged} <= kept
        posts = db.session.scalar(select(func.count()).select_from(Post))
        assert current_engine().search(Query(q="tenace")).total == posts
        db.session.remove()
        db.engine.dispose()
