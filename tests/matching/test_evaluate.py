"""`flask match evaluate`: the board's own score over files, and bad files named."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import Result
from flask import Flask

from board.matching.evaluate import Item
from board.matching.index import Index
from board.matching.text import Corpus, alike, count_words

LABELS = [
    ("L1", "Perceuse", "drill"),
    ("L2", "Chaise pliante", "chair"),
    ("L3", "Cuisine", "kitchen"),
]
CORPUS = [
    ("D1", "Power drill", "drill"),
    ("D2", "Folding chair", "chair"),
    ("D3", "Kitchen", "kitchen"),
]


def write(path: Path, rows: list[tuple[str, str, str]]) -> Path:
    lines = (json.dumps({"id": i, "text": t, "concept": c}) for i, t, c in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(app: Flask, *args: object) -> Result:
    return app.test_cli_runner().invoke(args=["match", "evaluate", *map(str, args)])


def test_french_words_find_english_texts_through_concepts(
    sqlite_app: Flask, tmp_path: Path
) -> None:
    queries = write(tmp_path / "q.jsonl", [("Q1", "perceusse sans fil", ""), ("Q2", "chaises", "")])
    out = tmp_path / "run.jsonl"
    result = run(
        sqlite_app,
        *("--queries", queries, "--corpus", write(tmp_path / "c.jsonl", CORPUS), "--out", out),
        *("--language", "fr", "--corpus-language", "en"),
        *("--concept-labels", write(tmp_path / "l.jsonl", LABELS)),
    )
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["query"] for row in rows] == ["Q1", "Q2"]
    assert rows[0]["ranking"][0] == "D1"
    assert rows[1]["ranking"][0] == "D2"


def test_a_wrong_line_is_named(sqlite_app: Flask, tmp_path: Path) -> None:
    wrong = tmp_path / "q.jsonl"
    corpus = write(tmp_path / "c.jsonl", CORPUS)
    for text in ('{"id": "Q1"}', "not json", "[1, 2]", '{"id": 3, "text": "a"}', "null"):
        wrong.write_text('{"id": "Q0", "text": "a"}\n' + text, encoding="utf-8")
        args = ("--queries", wrong, "--corpus", corpus, "--out", tmp_path / "out.jsonl")
        result = run(sqlite_app, *args)
        assert result.exit_code == 1
        assert "q.jsonl, line 2" in result.output
    wrong.write_bytes(b"\xff\xfe")
    result = run(sqlite_app, "--queries", wrong, "--corpus", corpus, "--out", tmp_path / "o")
    assert "not UTF-8" in result.output


def test_the_index_gives_the_figures_of_the_score() -> None:
    texts = [text for _id, text, _concept in LABELS] + ["Chaises et cuisine", "Perceuses", ""]
    corpus = Corpus(count_words(texts), len(texts), "fr")
    read = [corpus.read(text) for text in texts]
    index = Index(read)
    for text in read:
        for number, likeness in index.nearest(text, 10):
            assert abs(likeness - alike(text, read[number])) < 1e-8
    assert index.nearest(corpus.read(""), 10) == []
    assert Item("a", "b").concept == ""
