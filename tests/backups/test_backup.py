"""A backup is the whole board in one file: restored anywhere, it is the same board."""

from __future__ import annotations

import gzip
import json
import stat
import tarfile
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from board import clock, erasures, news, search
from board.accounts import services as accounts
from board.accounts.models import Person
from board.backups import tables
from board.config import PREFIX, SECRETS, Settings, read_settings, variables
from board.database import will_write
from board.extensions import db
from board.mail import Mail
from board.organisations import services as organisations
from board.organisations.models import Organisation
from board.posts.models import Post
from board.search.filters import Query
from tests.backups.helpers import instance, pages_of, rows_of
from tests.conftest import NOW
from tests.factories import make_organisation, make_person, make_post

UPLOADS = {"uploads/ab/photo-1.webp": b"\x00photo" * 5_000, "uploads/ab/photo-2.avif": b""}


def command(app: Flask, *args: object) -> Result:
    """Run a command as the shell does."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=[str(arg) for arg in args])
    clock.fix(NOW)
    will_write(False)
    return result


@pytest.fixture
def server(postgresql_app: Flask) -> str:
    """The PostgreSQL server to make databases on."""
    return str(postgresql_app.config["BOARD"].database_url)


@pytest.fixture
def board(app: Flask) -> Flask:
    """A board with people, posts, pointers in circles, files."""
    command(app, "seed", "--posts", 30)
    will_write()
    person = make_person(name="Zoé “œ” 🙂", email="zoe@example.org")
    one, other = make_organisation(responsible=person), make_organisation()
    one.resembles_id, other.resembles_id = other.id, one.id
    first = make_post(by=one, title="Échelle en zigzag", author=person)
    make_post(by=one, title="Copie", published_at=None, copied_from_id=first.id, author=person)
    news.commit()
    for name, data in UPLOADS.items():
        path = app.config["BOARD"].data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return app


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_restored_board_is_the_same_board(
    board: Flask, tmp_path: Path, kind: str, server: str
) -> None:
    made = command(board, "backup", tmp_path / "b.tar.gz")
    assert made.exit_code == 0, made.output
    before, pages = rows_of(board), pages_of(board)
    with instance(tmp_path / "new", kind, server) as other:
        restored = command(other, "restore", tmp_path / "b.tar.gz")
        assert restored.exit_code == 0, restored.output
        assert rows_of(other) == before
        assert pages_of(other) == pages
        for name, data in UPLOADS.items():
            assert (other.config["BOARD"].data / name).read_bytes() == data
        with other.app_context():
            assert search.current_engine().search(Query(q="zigzag")).total == 1
            will_write()
            assert make_post(by=make_organisation(slug="apres")).id > len(before["post"])
            news.commit()


def test_an_instance_that_was_only_begun_takes_a_backup(
    board: Flask, tmp_path: Path, server: str
) -> None:
    command(board, "backup", tmp_path / "b.tar.gz")
    kind = board.config["BOARD"].database_url.partition("+")[0].partition(":")[0]
    with instance(tmp_path / "new", kind, server) as other:
        command(other, "db", "upgrade")
        command(other, "init")
        assert command(other, "restore", tmp_path / "b.tar.gz").exit_code == 0
        assert rows_of(other) == rows_of(board)
        refused = command(other, "restore", tmp_path / "b.tar.gz")
        assert refused.exit_code == 1
        assert "nothing was touched: this instance is not empty" in refused.stderr


def test_a_backup_is_for_its_owner_and_holds_no_secret(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    settings = {name: f"canary-{name}" for name in SECRETS if name != "database_url"}
    kept = app.config["BOARD"]
    app.config["BOARD"] = Settings(
        **{f.name: getattr(kept, f.name) for f in fields(kept)} | settings
    )
    try:
        assert command(app, "backup", file).exit_code == 0
    finally:
        app.config["BOARD"] = kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"canary" not in gzip.decompress(file.read_bytes())
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar.gz"]
    manifest = manifest_of(file)
    assert manifest["format"] == 1
    told = manifest["settings"]
    assert (told["BABILLARD_TIMEZONE"], told["BABILLARD_WARNING_DAYS"]) == (kept.timezone, "7,1")
    assert not {PREFIX + name.upper() for name in SECRETS} & told.keys()
    again = read_settings({**told, "BABILLARD_DATA": str(tmp_path)})
    assert variables(again) == told, "each can be set as it stands"


def test_a_restore_shows_the_settings_that_differ_here(
    app: Flask, tmp_path: Path, server: str
) -> None:
    kept = app.config["BOARD"]
    app.config["BOARD"] = replace(
        kept, warning_days=(14, 2), hold_newcomers=True, instance_name="Babillard d\u2019ici"
    )
    try:
        command(app, "backup", tmp_path / "b.tar.gz")
    finally:
        app.config["BOARD"] = kept
    with instance(tmp_path / "new", "sqlite", server) as other:
        said = command(other, "restore", tmp_path / "b.tar.gz").stdout
    _before, _mark, shown = said.partition("other settings than this instance has:\n")
    wanted = ("INSTANCE_NAME='Babillard d\u2019ici'", "WARNING_DAYS=14,2", "HOLD_NEWCOMERS=on")
    assert [line.strip() for line in shown.splitlines()] == [f"BABILLARD_{one}" for one in wanted]


def test_every_table_and_column_can_be_kept(app: Flask) -> None:
    kept = tables.described()
    for table in db.metadata.sorted_tables:
        assert table.name in kept or table.name in tables.REBUILT
        if kept.get(table.name, {}).get("own"):
            assert "id" in table.c, f"{table.name} points at itself, and has no id to say which"


def test_a_backup_that_fails_leaves_the_older_one(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "b.tar.gz"
    file.write_bytes(b"the older one")
    assert command(app, "backup", tmp_path / "nowhere" / "b.tar.gz").exit_code == 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "dump", no_space)
        refused = command(app, "backup", file)
    assert "cannot be written: No space left" in refused.stderr
    assert file.read_bytes() == b"the older one"
    assert [path.name for path in tmp_path.iterdir()] == ["b.tar.gz"]


def no_space(*_given: Any) -> int:
    """What a full disk says."""
    raise OSError(28, "No space left on device")


def manifest_of(file: Path) -> dict[str, Any]:
    """Read the manifest."""
    with tarfile.open(file) as tar:
        part = tar.extractfile("manifest.json")
        assert part is not None
        manifest: dict[str, Any] = json.load(part)
        return manifest


def rewritten(file: Path, change: Any) -> Path:
    """Write a copy with other contents: `change(name, data)` gives them, None leaves one out."""
    target = file.with_name("changed.tar.gz")
    with tarfile.open(file) as tar, tarfile.open(target, "w:gz") as out:
        for member in tar:
            part = tar.extractfile(member)
            assert part is not None
            name, data = change(member.name, part.read()) or (None, b"")
            if name:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                out.addfile(info, BytesIO(data))
    return target


def without_manifest(name: str, data: bytes) -> Any:
    """Leave the manifest out."""
    return None if name == "manifest.json" else (name, data)


def without_posts(name: str, data: bytes) -> Any:
    """Leave a table out."""
    return None if name == "tables/post.jsonl" else (name, data)


def with_other_people(name: str, data: bytes) -> Any:
    """Change a byte of a table."""
    return (name, data.replace(b"Zo", b"Za")) if name == "tables/person.jsonl" else (name, data)


def newer(name: str, data: bytes) -> Any:
    """Claim to be of a newer board."""
    return (
        (name, data.replace(b'"revision": "', b'"revision": "9'))
        if "manifest" in name
        else (name, data)
    )


def of_format_9(name: str, data: bytes) -> Any:
    """Claim another format."""
    return (
        (name, data.replace(b'"format": 1', b'"format": 9')) if "manifest" in name else (name, data)
    )


def climbing(name: str, data: bytes) -> Any:
    """Point out of the folder."""
    return ("uploads/../../etc/x", data) if name.startswith("uploads") else (name, data)


def test_what_is_not_a_whole_backup_touches_nothing(
    app: Flask, tmp_path: Path, server: str
) -> None:
    make_post(by=make_organisation(responsible=make_person(name="Zoé")))
    news.commit()
    (app.config["BOARD"].data / "uploads").mkdir(exist_ok=True)
    (app.config["BOARD"].data / "uploads" / "one.webp").write_bytes(b"one")
    command(app, "backup", tmp_path / "b.tar.gz")
    with instance(tmp_path / "new", "sqlite", server) as other:
        for change, words in (
            (without_manifest, "no manifest"),
            (without_posts, "tables/post.jsonl is missing"),
            (with_other_people, "tables/person.jsonl is not what the manifest says"),
            (newer, "newer board"),
            (of_format_9, "format 9"),
            (climbing, "something unknown"),
        ):
            refused = command(other, "restore", rewritten(tmp_path / "b.tar.gz", change))
            assert refused.exit_code == 1, refused.output
            assert "nothing was touched: " in refused.stderr
            assert words in refused.stderr
            assert not (tmp_path / "new" / "uploads").exists()


def test_a_file_cut_short_or_of_another_kind_touches_nothing(
    app: Flask, tmp_path: Path, server: str
) -> None:
    file = tmp_path / "b.tar.gz"
    command(app, "backup", file)
    whole = file.read_bytes()
    with instance(tmp_path / "new", "sqlite", server) as other:
        for data in (
            b"",
            b"hello",
            whole[: len(whole) // 2],
            whole[:-20],
            gzip.compress(b"x" * 999),
        ):
            file.write_bytes(data)
            refused = command(other, "restore", file)
            assert refused.exit_code == 1, refused.output
            assert "nothing was touched: " in refused.stderr


def test_who_was_erased_stays_erased(board: Flask, tmp_path: Path, server: str) -> None:
    command(board, "backup", tmp_path / "b.tar.gz")
    will_write()
    zoe = db.session.scalars(select(Person).where(Person.email == "zoe@example.org")).one()
    uuid, slug = zoe.uuid, zoe_s_organisation(zoe).slug
    accounts.forget(zoe)
    news.commit()
    log = board.config["BOARD"].data / "erasures.jsonl"
    assert ("person", uuid) in erasures.read(log)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert "zoe" not in log.read_text("utf-8").lower()
    with instance(tmp_path / "new", "sqlite", server) as other:
        restored = command(other, "restore", tmp_path / "b.tar.gz", "--erasures", log)
        assert restored.exit_code == 0, restored.output
        assert "2 erasures replayed" in restored.stdout
        with other.app_context():
            person = db.session.scalars(select(Person).where(Person.uuid == uuid)).one()
            assert (person.name, person.email, person.password_hash) == ("", None, None)
            assert person.erased_at is not None
            gone = db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()
            assert gone.closed_at is not None
            assert db.session.scalar(select(func.count()).select_from(Mail)) == 0
            assert search.current_engine().search(Query(q="zigzag")).total == 0
        assert uuid in {named[1] for named in erasures.read(tmp_path / "new" / "erasures.jsonl")}


def zoe_s_organisation(person: Person) -> Organisation:
    """The organisation that only Zoé answers for."""
    theirs = select(Post.organisation_id).where(Post.author_id == person.id)
    return db.session.scalars(select(Organisation).where(Organisation.id.in_(theirs))).one()


def test_a_closed_organisation_is_in_the_list_once(app: Flask) -> None:
    organisation = make_organisation()
    organisations.close(organisation=organisation)
    news.commit()
    uuid = organisation.uuid
    will_write()
    erasures.note("organisation", uuid)
    news.commit()
    erasures.keep()
    log = app.config["BOARD"].data / "erasures.jsonl"
    assert log.read_text("utf-8").count(str(uuid)) == 1
    log.write_text(log.read_text("utf-8") + '{"noun": "per', "utf-8")
    assert ("organisation", uuid) in erasures.read(log)
