"""One compressed tar file: its parts, then the manifest with the checksum of each."""

from __future__ import annotations

import hashlib
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import msgspec

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 1 << 20
LEVEL = 4
_MEMBER = re.compile(r"tables/[a-z][a-z0-9_]{0,60}\.jsonl|uploads(?:/[\w-][\w.-]{0,200}){1,8}")


class NotWhole(ValueError):
    """The file is no backup, or not all of one; the message says what is wrong."""


@dataclass
class Writer:
    """A backup being written."""

    tar: tarfile.TarFile
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Add a file under a name, and remember its sum; a file that went meanwhile is left out."""
        with suppress(FileNotFoundError), path.open("rb") as source:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(source.fileno()).st_size, 0o600
            info.mtime = int(os.fstat(source.fileno()).st_mtime)
            summed = _Summed(source)
            self.tar.addfile(info, summed)
            self.files[name] = {"bytes": info.size, "sha256": summed.digest.hexdigest()}

    def end(self, manifest: dict[str, Any]) -> None:
        """Write the manifest: without it a backup is not whole."""
        data = msgspec.json.format(msgspec.json.encode({**manifest, "files": self.files}), indent=1)
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(data), 0o600
        self.tar.addfile(info, BytesIO(data))


class _Summed:
    """A file that is summed while it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data


@contextmanager
def writing_to(path: Path) -> Iterator[Writer]:
    """Write a backup beside `path`, for its owner only; it takes that name once it is whole."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=LEVEL) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def check(path: Path) -> dict[str, Any]:
    """Read a whole backup and compare every sum; return its manifest."""
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    with _readable():
        for name, part in parts(path):
            if name == MANIFEST:
                manifest = _manifest(part.read(64 * PIECE))
            else:
                found[name] = _summed(part)
    if manifest is None:
        raise NotWhole("it has no manifest: the file is cut short, or no backup of a board")
    _compare(found, manifest)
    return manifest


def parts(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Give each part of a backup with its name, in order; only what a backup may hold."""
    with tarfile.open(path, mode="r:gz") as tar:
        for member in tar:
            if member.name != MANIFEST and not _MEMBER.fullmatch(member.name):
                raise NotWhole(f"it holds something unknown: {member.name[:80]!r}")
            part = tar.extractfile(member) if member.isfile() else None
            if part is None:
                raise NotWhole(f"{member.name[:80]!r} is no ordinary file")
            yield member.name, part
        while tar.fileobj is not None and tar.fileobj.read(PIECE):
            pass  # to the very end, where the sum of the compressed stream stands


def _summed(part: IO[bytes]) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    while piece := part.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}


@contextmanager
def _readable() -> Iterator[None]:
    """Say what cannot be unpacked as what it is: no whole backup."""
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise
        raise NotWhole(f"it cannot be read to its end ({error})") from error


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        manifest = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotWhole("its manifest cannot be read") from error
    wanted = {"format": int, "revision": str, "tables": dict, "files": dict}
    if not isinstance(manifest, dict) or not all(
        isinstance(manifest.get(name), kind) for name, kind in wanted.items()
    ):
        raise NotWhole("its manifest is not one of a board")
    if manifest["format"] != FORMAT:
        raise NotWhole(f"it is written in format {manifest['format']}, this board reads {FORMAT}")
    return manifest


def _compare(found: dict[str, dict[str, Any]], manifest: dict[str, Any]) -> None:
    told = manifest["files"]
    for name in sorted(found.keys() | told.keys()):
        if name not in found:
            raise NotWhole(f"{name} is missing")
        if found[name] != told.get(name):
            raise NotWhole(f"{name} is not what the manifest says: it was changed or damaged")
    for name in manifest["tables"]:
        if f"tables/{name}.jsonl" not in found:
            raise NotWhole(f"the table {name} is missing")
