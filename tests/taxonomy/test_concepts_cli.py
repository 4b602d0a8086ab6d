"""`flask taxonomy`: the file loaded, a concept retired and restored."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from board.database import writing
from board.taxonomy import queries
from board.taxonomy.cli import taxonomy


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(taxonomy, list(words))
    return result.exit_code, result.output


def test_loading_says_how_much_changed(app: Flask) -> None:
    assert run(app, "load") == (0, "0 concepts changed\n")


def test_a_broken_file_changes_nothing_and_says_why(app: Flask, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('[[kind]]\nkey = "tool"\n', "utf-8")
    code, said = run(app, "load", "--file", str(broken))
    assert code == 1
    assert "tool: no label in fr" in said
    assert queries.get_concept("chairs").retired_at is None


def test_a_concept_is_retired_for_another_and_restored(app: Flask) -> None:
    assert run(app, "retire", "chairs", "--replaced-by", "furniture")[0] == 0
    assert queries.catalogue("fr").by_key["chairs"].retired
    with writing():
        assert run(app, "restore", "chairs")[0] == 0
    assert not queries.catalogue("fr").by_key["chairs"].retired


def test_an_unknown_key_is_said(app: Flask) -> None:
    code, said = run(app, "retire", "no_such_key")
    assert code == 1
    assert "no concept has the key no_such_key" in said
