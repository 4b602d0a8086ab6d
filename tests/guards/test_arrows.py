"""Who may import whom, read from the imports themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "board"
FEATURES = [
    "accounts",
    "taxonomy",
    "organisations",
    "posts",
    "photos",
    "life",
    "search",
    "matching",
    "private",
    "alerts",
    "answers",
    "interchange",
    "widgets",
    "moderation",
    "commons",
    "sample",
]
NEVER = {
    "rules": ("flask", "sqlalchemy", "wtforms"),
    "models": ("flask", "wtforms"),
    "queries": ("flask", "wtforms"),
    "services": ("wtforms", "meilisearch"),
    "forms": ("sqlalchemy",),
}
FILES = sorted(ROOT.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports when it is loaded or later."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def is_of(module: str, package: str) -> bool:
    """Whether a module is that package or in it (flask_babel is not flask)."""
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_features_point_one_way(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    if parts[0] not in FEATURES or path.name == "__init__.py":
        return
    later = FEATURES[FEATURES.index(parts[0]) + 1 :]
    wrong = {m for m in imports(path) for f in later if is_of(m, f"board.{f}")}
    assert not wrong, f"{'/'.join(parts)} imports {wrong}: register a listener or a panel instead"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_web_glue_knows_no_noun(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] == "web":
        wrong = {m for m in imports(path) for f in FEATURES if is_of(m, f"board.{f}")}
        assert not wrong, f"board.web imports {wrong}: let the feature register itself"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_each_file_answers_its_own_question(path: Path) -> None:
    never = NEVER.get(path.stem, ()) if len(path.relative_to(ROOT).parts) == 2 else ()
    wrong = {m for m in imports(path) for package in never if is_of(m, package)}
    assert not wrong, f"{path.name} imports {wrong}: see docs/architecture.md"


def test_only_the_settings_read_the_environment() -> None:
    allowed = {ROOT / "config.py", ROOT / "run.py"}
    wrong = [p for p in FILES if p not in allowed and "os.environ" in p.read_text(encoding="utf-8")]
    assert not wrong
