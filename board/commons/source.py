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
# Endings of what is written for the project: nothing else is handed out, wherever it lies.
WRITTEN = frozenset(
    """.py .pyi .html .css .js .json .jsonl .toml .po .txt .md .svg .png .woff2 .xml .tsv .csv .mako
    .ini .sh .service .timer .conf""".split()  # noqa: SIM905
)


@cache
def packed(data: Path) -> Path:
    """Return the archive of the running source, packed when none of this state is kept in `data`.

    Folders and endings are listed, not excluded: settings in hidden or other files, databases and
    uploads cannot get in, wherever they are kept.
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
            if path.is_file() and not path.is_symlink() and _is_written(path):
                yield path


def _is_written(path: Path) -> bool:
    """Whether a file belongs to the project by its name: hidden ones and databases never do."""
    inside = path.relative_to(ROOT).parts[1:]
    if any(part.startswith(".") or part in {"var", "__pycache__"} for part in inside):
        return False
    return path.suffix in WRITTEN or path.name == "LICENSE" or inside == ("run",)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out on which machine and for whom it was packed."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member
