"""`flask match`: match every post again, measure the scoring against what people judged."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from board import debts
from board.config import LANGUAGES
from board.database import writing
from board.matching import evaluate as measuring
from board.matching import owed

match = AppGroup("match", help="Which needs and offers are proposed to each other.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_LANGUAGE = click.Choice(LANGUAGES)


@match.command("evaluate")
@click.option("--queries", required=True, type=_FILE, help='{"id", "text"} a line: what is asked.')
@click.option("--corpus", required=True, type=_FILE, help='{"id", "text"} a line: what is ranked.')
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", default="fr", show_default=True, type=_LANGUAGE)
@click.option("--corpus-language", type=_LANGUAGE, help="The queries' own when left out.")
@click.option("--concept-labels", type=_FILE, help='{"id", "text", "concept"} a line.')
def evaluate(
    queries: Path,
    corpus: Path,
    out: Path,
    language: str,
    corpus_language: str | None,
    concept_labels: Path | None,
) -> None:
    """Rank a corpus for each query by the board's own score; OUT gets one JSON a line."""
    try:
        asked = measuring.read_items(queries)
        labels = measuring.read_items(concept_labels) if concept_labels else []
        items = measuring.read_items(corpus)
    except measuring.BadLine as error:
        raise click.ClickException(str(error)) from error
    bench = measuring.Bench(items, labels, (language, corpus_language or language))
    with out.open("w", encoding="utf-8") as file, click.progressbar(asked, file=sys.stderr) as each:
        for query in each:
            file.write(measuring.ranking(bench, query) + "\n")
    click.echo(f"{len(asked)} queries ranked over {len(items)} texts")


@match.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Match every post again; what is stopped half-way is gone on with, here or by the worker."""
    with writing():
        owed.owe_all()
        count, _since = debts.lag(owed.CONSUMER)
        with click.progressbar(length=count, file=sys.stderr) as bar:
            try:
                done = owed.pay(bar.update)
                owed.pay_theirs()
            except KeyboardInterrupt:
                raise click.ClickException(
                    "stopped: run it again to go on, or let the worker do it"
                ) from None
    click.echo(f"{done} posts matched")
