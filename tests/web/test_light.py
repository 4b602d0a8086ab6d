"""A web process loads what answers need, and not what commands and the worker need."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

from board.run import LIGHT
from board.search import text
from board.taxonomy import wording
from tests.photos.helpers import noise

HEAVY = ("alembic", "flask_migrate", "huey", "redis", "psycopg", "meilisearch", "requests",
         "fpdf", "fontTools", "board.sample.seed")  # fmt: skip
ASK = f"import sys, wsgi; print(*[name for name in {HEAVY} if sys.modules.get(name)])"


def said_by(code: str, data: Path) -> str:
    """Run some code in a process of its own, on an empty board."""
    environment = {**os.environ, "BABILLARD_DATA": str(data), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          env=environment).stdout  # fmt: skip


def test_a_web_process_of_a_small_board_is_light(tmp_path: Path) -> None:
    assert said_by(ASK, tmp_path).split() == []


def test_the_commands_of_migrations_are_there(tmp_path: Path) -> None:
    ask = "import wsgi; r = wsgi.app.test_cli_runner(); print(r.invoke(args=['db', {!r}]).output)"
    assert "upgrade" in said_by(ask.format("--help"), tmp_path)
    assert "(head)" in said_by(ask.format("heads"), tmp_path)


def test_opening_the_queue_leaves_other_libraries_as_they_are(tmp_path: Path) -> None:
    ask = (
        "import wsgi; from board.queue import open_queue;"
        "open_queue(wsgi.app.config['BOARD']); import psycopg, redis; print(psycopg.connect, 'ok')"
    )
    assert "ok" in said_by(ask, tmp_path)


def test_the_web_server_has_the_posts_in_memory_before_anybody_asks(tmp_path: Path) -> None:
    seed = "import wsgi; r = wsgi.app.test_cli_runner(); print(r.invoke(args=['seed']).output)"
    assert "posts" in said_by(seed, tmp_path)
    books = "wsgi.app.extensions['board.search'].shelf.books"
    assert said_by(f"import wsgi; print({books})", tmp_path) == "None\n"
    ask = f"import gc, wsgi; assert wsgi.web is wsgi.app; print(len({books}.ids))"
    posts, set_aside = said_by(f"{ask}; print(gc.get_freeze_count())", tmp_path).split()
    assert int(posts) > 50
    assert int(set_aside) > 10_000


def test_every_web_process_has_one_arena_of_memory_and_no_docstrings() -> None:
    assert (LIGHT["MALLOC_ARENA_MAX"], LIGHT["PYTHONOPTIMIZE"]) == ("1", "2")
    said = " ".join(f"{name}={value}" for name, value in LIGHT.items())
    deployed = Path("docs/deploy/board.sh").read_text(encoding="utf-8")
    assert f"export {said}\nexec granian" in deployed


def test_what_a_picture_took_goes_back_to_the_system(tmp_path: Path) -> None:
    """The bound above which memory goes back stays where it is, whatever was given back last."""
    draw = (
        "import sys; from io import BytesIO; from pathlib import Path; from PIL import Image;"
        "from board import pictures; from board.photos import drawing;"
        "held = lambda: int(Path('/proc/self/statm').read_text().split()[1]) * 4;"
        "shot = BytesIO(); Image.new('RGB', (64, 64)).save(shot, 'JPEG');"
        "pictures._draw(shot, drawing.photo_of, 1600, 'x'); before = held();"
        "[pictures._draw(BytesIO(Path(sys.argv[1]).read_bytes()), drawing.photo_of, 1600, 'x')"
        " for _ in range(2)]; print(held() - before)"
    )
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(noise(2400, 1800))
    kept = []
    for light in ({}, LIGHT):
        environment = {**os.environ, **light, "PYTHONPATH": str(Path.cwd())}
        command = [sys.executable, "-c", draw, str(photo)]
        said = subprocess.run(command, check=True, capture_output=True, env=environment).stdout
        kept.append(int(said))
    assert kept[1] < kept[0]


def test_nothing_of_the_board_leans_on_an_assertion_that_a_web_process_leaves_out() -> None:
    """An assertion tells the type checker what holds: what must be refused is refused by a rule."""
    said = [
        f"{path}:{node.lineno}"
        for path in Path("board").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert) and not _is_of_types(node.test)
    ]
    assert not said


def _is_of_types(test: ast.expr) -> bool:
    told = ast.unparse(test)
    return "isinstance(" in told or told.endswith(" is not None")


def test_a_web_server_starts_before_its_database_has_tables(tmp_path: Path) -> None:
    assert "cannot be read yet" not in said_by("import wsgi; print(wsgi.web)", tmp_path)


def test_no_stemmer_keeps_words_that_we_keep_already() -> None:
    made = [*text._stemmers.values(), wording._stemmer("fr")]
    assert {attrgetter("maxCacheSize")(one) for one in made} == {0}
