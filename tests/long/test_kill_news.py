"""Killed between an answer and the mail that tells it: told all the same, under one identity."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from board import clock, mail
from board.database import writing
from board.extensions import db
from tests.accounts.sink import Sink
from tests.answers.helpers import need, proposed
from tests.conftest import NOW, SECRET, make_app

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from board import clock, create_app, mail, news
from board.alerts import jobs
from board.config import Settings
from board.database import writing
folder, url, secret, smtp_url, at, dies = sys.argv[1:]
settings = Settings(data=Path(folder), database_url=url, secret_key=secret, smtp_url=smtp_url)
app = create_app(settings)
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
clock.fix(datetime.fromisoformat(at))
with app.app_context(), writing():
    commit = news.commit
    if dies == "before the mail is owed":
        news.commit = die
    jobs.tell_news()
    commit()
    if dies == "before it is settled":
        mail._settle = die
    mail.pay_due()
"""


@pytest.mark.long
def test_killed_between_what_happened_and_its_mail_nothing_is_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'board.sqlite3'}"
    with Sink() as sink:
        app = make_app(tmp_path, url, smtp_url=sink.url)
        clock.fix(NOW)
        with app.app_context(), writing():
            proposed(need()[0])
            db.session.remove()
            db.engine.dispose()
        try:
            for n, (dies, code) in enumerate(
                (("before the mail is owed", -9), ("before it is settled", -9), ("no", 0)), 1
            ):
                at = NOW + n * (mail.LEASE + timedelta(minutes=1))
                arguments = [str(tmp_path), url, SECRET, sink.url, at.isoformat(), dies]
                child = subprocess.run(
                    [sys.executable, "-c", CHILD, *arguments], cwd=ROOT, check=False
                )
                assert child.returncode == code
        finally:
            clock.fix(None)
    assert len(sink.got) == 2, "never lost, at worst twice"
    assert len({one["Message-ID"] for one in sink.got}) == 1
