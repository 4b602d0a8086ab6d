"""The source that runs here, packed for whoever asks (AGPL, section 13)."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = (
    ".ci", "bench", "board", "docs", "migrations", "requirements", "static", "templates", "tests",
    "tools", "translations", "typings",
)  # fmt: skip
FILES = (
    ".dockerignore", ".gitignore", "CHANGELOG.md", "Dockerfile", "LICENSE", "Makefile",
    "README.fr.md", "README.md", "compose.yaml", "pyproject.toml", "wsgi.py",
)  # fmt: skip
MADE = frozenset({".mo", ".pyc"})


@cache
def packed(data: Path) -> Path:
    """Return the archive of the running source, packed when none of this state is kept in `data`.

    The names are listed, not excluded: nothing of an instance's own (settings, database, uploads)
    can get in, wherever it is kept.
    """
    members = list(_members())
    state = sha256()
    for path in members:
        state.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    archive = data / "run" / f"babillard-{state.hexdigest()[:12]}.tar.gz"
    if not archive.exists():
        _pack(members, archive)
    return archive


def _pack(members: list[Path], archive: Path) -> None:
    """Write the archive whole or not at all; two processes at once write the same."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with (
        NamedTemporaryFile(dir=archive.parent, delete=False) as unfinished,
        tarfile.open(fileobj=unfinished, mode="w:gz") as tar,
    ):
        for path in members:
            name = f"babillard/{path.relative_to(ROOT).as_posix()}"
            tar.add(path, name, recursive=False, filter=_anonymous)
    for older in archive.parent.glob("babillard-*.tar.gz"):
        older.unlink(missing_ok=True)
    Path(unfinished.name).replace(archive)


def _members() -> Iterator[Path]:
    """Yield each file of the project that is there, in the order of names."""
    for name in FILES:
        if (path := ROOT / name).is_file():
            yield path
    for name in FOLDERS:
        for path in sorted((ROOT / name).rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix not in MADE:
                yield path


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out on which machine and for whom it was packed."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
