"""How fast a list comes in, and how long others wait for their writes meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from bench.served import ROOT
from board import create_app
from board.config import read_settings
from board.database import writing
from board.extensions import db
from board.interchange.models import ImportBatch

PERCENTILE, WRITES, PAUSE_S = 0.95, 200, 0.02
SAMPLES = ROOT / "board" / "sample" / "data" / "posts.jsonl"
# A person's write: a post, its line, its words in the index, in a transaction of its own.
WRITER = """
import sys, time
from board import create_app, news
from board.config import read_settings
from board.database import begin_writing, writing
from board.extensions import db
from tests.factories import make_organisation, make_post
slug, most, pause = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
app = create_app(read_settings())
with app.app_context(), writing():
    group = make_organisation(slug=slug)
    group_id = group.id
    news.commit()
    for number in range(most):
        time.sleep(pause)
        began = time.perf_counter()
        begin_writing()
        make_post(by=db.session.get_one(type(group), group_id), title=f"Une chaise {number}")
        news.commit()
        print(time.perf_counter() - began, flush=True)
"""


def measure(rows: int) -> tuple[float, float]:
    """Return (rows a second, how many times as long others' slowest writes take meanwhile)."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, _board(Path(folder)) as app:
        file = Path(folder) / "rows.jsonl"
        _bring_in(app, _write(file, "seule", rows)).wait()
        speed = _speed(app, rows)
        alone = _percentile(_write_posts(app, "seule").communicate()[0])
        imports = _bring_in(app, _write(file, "avec", rows * 10))
        began = perf_counter()
        during = _percentile(_write_posts(app, "avec").communicate()[0])
        if imports.poll() is not None:
            raise RuntimeError(
                f"the import ended before the writes, {perf_counter() - began:.0f} s"
            )
        imports.terminate()
        imports.wait()
    return speed, during / alone


@contextmanager
def _board(folder: Path) -> Iterator[Flask]:
    app = create_app(read_settings({"BABILLARD_DATA": str(folder)}))
    with app.app_context():
        with writing():
            upgrade()
            app.test_cli_runner().invoke(args=["init"], catch_exceptions=False)
        yield app
        db.session.remove()
        db.engine.dispose()


def _write(file: Path, mark: str, rows: int) -> Path:
    """Write a list with the words of the samples."""
    told = [json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines() if line.strip()]
    names = ("title", "kind", "category", "basis", "quantity")
    with file.open("w", encoding="utf-8") as lines:
        for number in range(rows):
            post = told[number % len(told)]
            row = {"external_id": f"{mark}-{number}", "title": f"{post['title']} {number}"[:160],
                   "lines": [{k: line[k] for k in names if line.get(k)} for line in post["lines"]],
                   "purpose": post["purpose"], "tags": post.get("tags") or [],
                   "body": post.get("body") or ""}  # fmt: skip
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    return file


def _environment(app: Flask) -> dict[str, str]:
    return {**os.environ, "BABILLARD_DATA": str(app.config["BOARD"].data)}


def _bring_in(app: Flask, file: Path) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "flask", "--app", "wsgi", "import", str(file))
    return subprocess.Popen(
        [*command, "--organisation", "liste", "--create"], cwd=ROOT, env=_environment(app),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _write_posts(app: Flask, slug: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, slug, str(WRITES), str(PAUSE_S)]
    return subprocess.Popen(
        command, cwd=ROOT, env=_environment(app), stdout=subprocess.PIPE, text=True
    )


def _speed(app: Flask, rows: int) -> float:
    with app.app_context():
        batch = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
        assert batch is not None
        assert batch.finished_at is not None
        assert batch.added == rows
        return rows / (batch.finished_at - batch.created_at).total_seconds()


def _percentile(said: str) -> float:
    times = sorted(map(float, said.split()))
    return times[int(len(times) * PERCENTILE)]
