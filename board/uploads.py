"""Where uploads are kept: by the digest of what they hold, written before the row that names them.

One small port, so that an object store can follow. What no row names any more is swept away.
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Protocol

from flask import current_app

from board import jobs
from board.database import will_write
from board.extensions import db

# What is put is named by a row within this time, or its transaction failed.
GRACE = timedelta(minutes=15)
AT_ONCE = 500
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z0-9]{1,12}(\.[a-z0-9]{1,8})?")
_TEMPORARY = "tmp"
Owner = Callable[[Sequence[str]], set[str]]
_owners: list[Owner] = []


class Store(Protocol):
    """What any place for uploads can do; a digest names a few files that belong together."""

    def put(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Keep the files of a digest, for good, before this returns."""

    def get(self, digest: str, name: str) -> bytes | None:
        """Return one file of a digest."""

    def delete(self, digest: str, *, put_before: datetime) -> bool:
        """Forget a digest unless it was put again since; says whether it is gone."""

    def digests(self) -> Iterator[str]:
        """Name everything that is kept."""


class Folder:
    """Uploads in a folder: <two letters>/<digest>.<name>."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, digest: str, files: Mapping[str, bytes]) -> None:
        """Write each file beside its place, then move it there; the disk has it all on return."""
        folder = self._folder(digest)
        folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            for name, content in files.items():
                _write(self._path(digest, name), content)
            _sync(folder)
        _sync(self.root)

    def get(self, digest: str, name: str) -> bytes | None:
        """Return a file, if it is one of ours and there."""
        if not _DIGEST.fullmatch(digest) or not _NAME.fullmatch(name):
            return None
        try:
            return self._path(digest, name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, digest: str, *, put_before: datetime) -> bool:
        """Take away every file of a digest, unless one is newer than that."""
        with self._alone():
            files = list(self._folder(digest).glob(f"{digest}.*"))
            if any(file.stat().st_mtime >= put_before.timestamp() for file in files):
                return False
            for file in files:
                file.unlink()
        return True

    def digests(self) -> Iterator[str]:
        """Name what is kept, folder by folder; what a crash left half written goes on the way."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            files = list(folder.iterdir())
            for file in files:
                if file.name.startswith(_TEMPORARY):
                    _drop_if_old(file)
            names = {file.name.partition(".")[0] for file in files}
            yield from sorted(name for name in names if _DIGEST.fullmatch(name))

    def _folder(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a digest")
        return self.root / digest[:2]

    def _path(self, digest: str, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("not a name of a file")
        return self._folder(digest) / f"{digest}.{name}"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let nobody else put or delete meanwhile, in any process of this machine."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def store() -> Store:
    """Return where this board keeps its uploads."""
    return Folder(current_app.config["BOARD"].data / "uploads")


def are_named_by(owner: Owner) -> None:
    """Let a feature say which of some digests its rows still name."""
    if owner not in _owners:
        _owners.append(owner)


def sweep() -> int:
    """Forget what no row names; return how much that was. Nothing new is touched."""
    kept, put_before, gone = store(), _time() - GRACE, 0
    found = kept.digests()
    while some := list(islice(found, AT_ONCE)):
        named = {digest for owner in _owners for digest in owner(some)}
        db.session.rollback()  # each question is asked anew: no long transaction, no old answer
        gone += sum(
            kept.delete(digest, put_before=put_before) for digest in some if digest not in named
        )
    return gone


@jobs.job(minutes=60, after=("upload",))
def forget_the_unnamed() -> None:
    """Sweep by the clock, and as soon as something was taken away."""
    will_write(False)
    sweep()


def _write(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=_TEMPORARY, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def _sync(folder: Path) -> None:
    """Let the disk know the names in a folder, as it knows the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop_if_old(file: Path) -> None:
    try:
        if file.stat().st_mtime < (_time() - GRACE).timestamp():
            file.unlink()
    except FileNotFoundError:
        return


def _time() -> datetime:
    """Return the time that files are dated with: the machine's, not the board's."""
    return datetime.now(UTC)
