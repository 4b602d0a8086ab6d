"""Uploads: on the disk before they are named, gone when nobody names them, never too early."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from board import jobs, news, uploads
from board.database import will_write
from board.extensions import db
from board.organisations import services as organisations
from board.photos import services
from board.photos.models import Upload
from board.uploads import Folder
from tests.factories import make_organisation, make_person, make_post

ONE, OTHER = "1" * 64, "a" * 64
FILES = {"400.jpg": b"small", "webp": b"logo"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty place for uploads."""
    return Folder(tmp_path / "uploads")


def age(root: Path, by: timedelta = timedelta(hours=1)) -> None:
    """Let the files of a folder have lain there for long."""
    then = datetime.now(UTC).timestamp() - by.total_seconds()
    for file in root.rglob("*"):
        if file.is_file():
            os.utime(file, (then, then))


def kept(app: Flask) -> set[str]:
    """What the board keeps now."""
    with app.app_context():
        return set(uploads.store().digests())


def test_what_is_put_is_there_and_what_is_not_ours_is_not(folder: Folder) -> None:
    folder.put(ONE, FILES)
    assert folder.get(ONE, "400.jpg") == b"small"
    assert folder.get(ONE, "webp") == b"logo"
    for digest, name in (
        (ONE, "800.jpg"), (OTHER, "webp"), (ONE, "../../secret-key"), ("../" + ONE[3:], "webp"),
        ("..", "webp"), (ONE, ""), (ONE, "WEBP"), (ONE, "a/b"), (ONE + "\n", "webp"),
    ):  # fmt: skip
        assert folder.get(digest, name) is None
    with pytest.raises(ValueError, match="digest"):
        folder.put("..", FILES)
    with pytest.raises(ValueError, match="name"):
        folder.put(ONE, {"../x": b""})


def test_each_digest_is_named_once_and_half_written_files_go(folder: Folder) -> None:
    assert list(folder.digests()) == []
    folder.put(ONE, FILES)
    folder.put(OTHER, FILES)
    (folder.root / "11" / "tmpabc").write_bytes(b"half")
    (folder.root / "aa" / "tmpnew").write_bytes(b"half")
    age(folder.root / "11")
    assert list(folder.digests()) == [ONE, OTHER]
    assert not (folder.root / "11" / "tmpabc").exists()
    assert (folder.root / "aa" / "tmpnew").exists()


def test_what_was_put_again_meanwhile_is_not_deleted(folder: Folder) -> None:
    folder.put(ONE, FILES)
    age(folder.root)
    listed = datetime.now(UTC) - timedelta(minutes=15)
    folder.put(ONE, FILES)
    assert not folder.delete(ONE, put_before=listed)
    assert folder.get(ONE, "webp") == b"logo"
    age(folder.root)
    assert folder.delete(ONE, put_before=listed)
    assert list(folder.digests()) == []


def test_a_put_that_is_killed_leaves_whole_files_or_none(folder: Folder) -> None:
    """The process dies in the middle of writing, again and again; what has a name is whole."""
    code = (
        "import sys; from pathlib import Path; from board.uploads import Folder\n"
        "f = Folder(Path(sys.argv[1]))\n"
        "while True: f.put('b' * 64, {'400.jpg': b'x' * 3_000_000})"
    )
    for _ in range(4):
        process = subprocess.Popen([sys.executable, "-c", code, str(folder.root)])
        while not (folder.root / "bb").exists():
            assert process.poll() is None
        process.kill()
        process.wait()
        assert folder.get("b" * 64, "400.jpg") in {None, b"x" * 3_000_000}


def test_the_sweep_takes_what_no_row_names_and_nothing_new(app: Flask) -> None:
    post = make_post()
    for digest in (ONE, OTHER, "c" * 64, "d" * 64):
        uploads.store().put(digest, FILES)
    db.session.add(Upload(post_id=post.id, position=0, digest=ONE, width=9, height=9, alt=""))
    make_organisation(logo_digest=OTHER)
    db.session.commit()
    root: Path = app.config["BOARD"].data / "uploads"
    age(root / "11")
    age(root / "aa")
    age(root / "cc")
    will_write(False)
    told = app.test_cli_runner().invoke(args=["uploads", "sweep"], catch_exceptions=False).output
    assert "1 pictures forgotten" in told
    assert {ONE, OTHER, "d" * 64} <= kept(app)
    assert "c" * 64 not in kept(app)
    age(root)
    uploads.sweep()
    assert "d" * 64 not in kept(app)


@pytest.mark.parametrize("how", ["photo", "post", "organisation", "logo"])
def test_bytes_go_right_after_what_named_them(app: Flask, how: str) -> None:
    """Through the worker's job, which the commit itself starts."""
    person = make_person()
    organisation = make_organisation(responsible=person, logo_digest=OTHER)
    post = make_post(by=organisation)
    photo = Upload(post_id=post.id, position=0, digest=ONE, width=9, height=9, alt="", by=person)
    db.session.add(photo)
    news.commit()
    jobs.work_off(app)
    uploads.store().put(ONE, FILES)
    uploads.store().put(OTHER, FILES)
    age(app.config["BOARD"].data / "uploads")
    will_write()
    match how:
        case "photo":
            services.remove(post=post, photo=photo.uuid, seen="", by=person)
        case "post":
            news.note("upload", [photo.id])
            db.session.execute(delete(Upload).where(Upload.post_id == post.id))
        case "logo":
            organisations.set_logo(organisation=organisation, digest=None)
        case "organisation":
            organisations.close(organisation=organisation)
    news.commit()
    jobs.work_off(app)
    left = kept(app) & {ONE, OTHER}
    assert left == {"photo": {OTHER}, "post": {OTHER}, "logo": {ONE}, "organisation": set()}[how]


def test_a_post_that_is_deleted_takes_its_photos_along(app: Flask) -> None:
    post = make_post()
    db.session.add(Upload(post_id=post.id, position=0, digest=ONE, width=9, height=9))
    db.session.commit()
    will_write()
    db.session.delete(post)
    db.session.commit()
    assert db.session.query(Upload).count() == 0
