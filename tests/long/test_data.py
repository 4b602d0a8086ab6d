"""While others write: a backup is one moment of the board, an import lets them through."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from board.database import will_write
from board.extensions import db
from board.posts.models import Post
from board.search import current_engine
from board.search.filters import Query
from tests.backups.helpers import instance, pages_of, rows_of
from tests.conftest import SECRET, make_app
from tests.servers import postgresql

ROOT = Path(__file__).resolve().parents[2]
ROWS, TRIES, WRITES = 3_000, 4, 150
PERCENTILE, TWICE, STARVED = 0.95, 2.0, 10.0
# Each transaction adds a post and gives two others the same title: no moment has them differ.
WRITER = """
import sys, time
from pathlib import Path
from sqlalchemy import select
from board import create_app, news
from board.config import Settings
from board.database import begin_writing, writing
from board.extensions import db
from board.posts.models import Post
from tests.factories import make_organisation, make_post
folder = Path(sys.argv[1])
app = create_app(Settings(data=folder, database_url=sys.argv[2], secret_key=sys.argv[3]))
slug, most, pause = sys.argv[4], int(sys.argv[5]), float(sys.argv[6])
with app.app_context(), writing():
    group = make_organisation(slug=slug)
    twins = [make_post(by=group, title="jumelle 0", external_id=f"twin-{n}").id for n in (1, 2)]
    group_id = group.id
    news.commit()
    for number in range(1, most + 1):
        began = time.perf_counter()
        begin_writing()
        make_post(by=db.session.get_one(type(group), group_id), title="Une chaise tenace")
        for post in db.session.scalars(select(Post).where(Post.id.in_(twins)).order_by(Post.id)):
            post.title = f"jumelle {number}"
        news.commit()
        print(time.perf_counter() - began, flush=True)
        time.sleep(pause)
"""

# What an import takes of the processor, without its locks: only the waiting is compared.
BUSY = "while True: pass"


@contextmanager
def served(kind: str, folder: Path) -> Iterator[tuple[Flask, str]]:
    """Give a migrated board on that kind of database, and a server for others."""
    try:
        server = postgresql(folder / "server")
        url = server.__enter__()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))
    try:
        (folder / "live").mkdir()
        own = f"sqlite:///{folder / 'live' / 'board.sqlite3'}" if kind == "sqlite" else url
        app = make_app(folder / "live", own)
        yield app, url
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    finally:
        server.__exit__(None, None, None)


def write(app: Flask, slug: str, most: int, pause: float) -> subprocess.Popen[str]:
    """Start a process that writes."""
    settings = app.config["BOARD"]
    arguments = [str(settings.data), settings.database_url, SECRET, slug, str(most), str(pause)]
    command = [sys.executable, "-c", WRITER, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def slowest(said: str) -> float:
    """Return the time that one write in twenty exceeds."""
    times = sorted(float(line) for line in said.split())
    assert len(times) > 50
    return times[int(len(times) * PERCENTILE)]


def command(app: Flask, *args: object) -> Any:
    """Run a command as the shell does."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=[str(arg) for arg in args])
    will_write(False)
    return result


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_under_load_is_one_moment_of_the_board(tmp_path: Path, kind: str) -> None:
    with served(kind, tmp_path) as (app, server):
        command(app, "seed", "--posts", 60)
        writers = [write(app, f"plume-{n}", 100_000, 0) for n in (1, 2)]
        for writer in writers:
            assert writer.stdout is not None
            for _ in range(10):
                assert writer.stdout.readline()
        made = command(app, "backup", tmp_path / "b.tar.gz")
        during = [writer.stdout.readline() for writer in writers if writer.stdout]
        for writer in writers:
            writer.kill()
            writer.communicate()
        assert made.exit_code == 0, made.output
        assert all(during)
        live, pages = rows_of(app), pages_of(app)
        with instance(tmp_path / "new", kind, server) as other:
            restored = command(other, "restore", tmp_path / "b.tar.gz")
            assert restored.exit_code == 0, restored.output
            compare(other, live, pages)


def compare(other: Flask, live: dict[str, list[bytes]], pages: dict[str, Any]) -> None:
    """Hold a restored board against the one that went on: what stood then is all there."""
    kept, shown = rows_of(other), pages_of(other)
    with other.app_context():
        will_write(False)
        twins = dict[int, set[str]]()
        found = select(Post.organisation_id, Post.title).where(Post.external_id.startswith("twin-"))
        for organisation, title in db.session.execute(found):
            twins.setdefault(organisation, set()).add(title)
        moving = set(db.session.scalars(select(Post.uuid).where(Post.title.startswith("jumelle"))))
        posts = len(kept["post"])
        assert current_engine().search(Query(q="tenace")).total == sum(
            b'"Une chaise tenace"' in row for row in kept["post"]
        )
        db.session.remove()
    assert len(twins) == 2
    assert all(len(titles) == 1 for titles in twins.values()), twins
    assert 60 < posts < len(live["post"])
    for table in ("person", "organisation", "line", "place", "concept", "membership"):
        assert kept[table] == live[table][: len(kept[table])], table
    for uuid in shown.keys() - {"api"} - {str(uuid) for uuid in moving}:
        assert shown[uuid] == pages[uuid], uuid


def rows_file(path: Path, mark: str) -> Path:
    """Write a list of posts with the words of the samples."""
    samples = (ROOT / "board" / "sample" / "data" / "posts.jsonl").read_text("utf-8").splitlines()
    told = [json.loads(line) for line in samples if line.strip()]
    with path.open("w", encoding="utf-8") as file:
        for number in range(ROWS):
            post = told[number % len(told)]
            names = ("title", "kind", "category", "basis", "quantity")
            lines = [{k: line[k] for k in names if line.get(k)} for line in post["lines"]]
            row = {"external_id": f"{mark}-{number}", "purpose": post["purpose"], "lines": lines,
                   "title": post["title"], "body": post.get("body") or ""}  # fmt: skip
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_import_lets_others_write(tmp_path: Path, kind: str) -> None:
    with served(kind, tmp_path) as (app, _server):
        found = []
        for number in range(TRIES):  # a machine that others use is measured more than once
            with subprocess.Popen([sys.executable, "-c", BUSY]) as busy:
                alone, _ = write(app, f"seule-{number}", WRITES, 0.02).communicate()
                busy.kill()
            file = rows_file(tmp_path / "rows.jsonl", f"essai-{number}")
            writer = write(app, f"avec-{number}", WRITES, 0.02)
            assert writer.stdout is not None
            first = writer.stdout.readline()
            importing = subprocess.Popen(
                [*(sys.executable, "-m", "flask", "--app", "wsgi", "import", file),
                 *("--organisation", "liste", "--create")],
                cwd=ROOT, env=environment(app), stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            during, _ = writer.communicate()
            said, _ = importing.communicate()
            assert f"{ROWS} rows: {ROWS} new, 0 changed, 0 unchanged, 0 failed" in said
            found.append(slowest(first + during) / slowest(alone))
            if found[-1] <= TWICE:
                break
        # Doubling is the goal, and noise of the machine hides it: here nobody may be starved.
        assert min(found) <= STARVED, found


def environment(app: Flask) -> dict[str, str]:
    """The settings of a board, for a process of its own."""
    settings = app.config["BOARD"]
    path = str(Path(shutil.which("sh") or "/bin/sh").parent)
    return {
        "PATH": path,
        "BABILLARD_DATA": str(settings.data),
        "BABILLARD_DATABASE_URL": settings.database_url,
        "BABILLARD_SECRET_KEY": SECRET,
    }
