"""The largest pictures that are taken, many at once: memory stays that of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from board.run import LIGHT
from tests.photos.helpers import bomb, picture

pytestmark = pytest.mark.long

# What an idle process holds, and how much more the largest picture of any format may take.
MOST_MORE_MB = 220
PROGRAM = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from flask import Flask
from flask_babel import Babel
from board.errors import Invalid
from board.photos import drawing

app = Flask("memory")
Babel(app)

def draw(path):
    with app.test_request_context(), path.open("rb") as stream:
        try:
            return drawing.draw(stream).width
        except Invalid:
            return 0

def held():  # ru_maxrss would be the parent's too
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024

small, *large = [Path(name) for name in sys.argv[1:]]
draw(small)
before = held()
with ThreadPoolExecutor(8) as pool:
    widths = list(pool.map(draw, large))
print(json.dumps({"more": held() - before, "widths": widths}))
"""

LARGEST: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: picture(8000, 6200),
    "progressive JPEG": lambda: picture(5900, 4000, progressive=True),
    "PNG": lambda: picture(6000, 3900, "PNG", (9, 9, 9, 99), "RGBA"),
    "16 bits": lambda: picture(6000, 3900, "PNG", 30_000, "I;16"),
    "palette": lambda: picture(6000, 3900, "PNG", 3, "P", transparency=3),
    "WebP": lambda: picture(4000, 2900, "WEBP", (9, 9, 9, 99), "RGBA"),
    "AVIF": lambda: picture(4000, 2900, "AVIF"),
    "GIF": lambda: picture(4000, 2900, "GIF", 3, "P"),
}


def drawn_apart(folder: Path, *contents: bytes, times: int = 1) -> dict[str, list[int] | int]:
    """Draw these, after a small one, in a process of its own; say what it held at most."""
    files = []
    for n, content in enumerate((picture(), *contents)):
        files.append(folder / f"{n}.bin")
        files[-1].write_bytes(content)
    command = [sys.executable, "-c", PROGRAM, str(files[0]), *map(str, files[1:] * times)]
    environment = {**os.environ, **LIGHT}  # as in a web process
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    told: dict[str, list[int] | int] = json.loads(done.stdout)
    return told


def test_the_largest_of_every_format_at_once_hold_no_more_than_one(tmp_path: Path) -> None:
    told = drawn_apart(tmp_path, *[make() for make in LARGEST.values()] * 2)
    assert told["widths"] == [1600] * 2 * len(LARGEST)
    assert isinstance(told["more"], int)
    assert told["more"] < MOST_MORE_MB


def test_bombs_and_giants_are_refused_for_nothing(tmp_path: Path) -> None:
    giants = [bomb(30_000, 30_000)] * 100 + [
        picture(5000, 3000, "WEBP"),
        picture(8000, 6000, "GIF"),
    ]
    told = drawn_apart(tmp_path, *giants)
    assert told["widths"] == [0] * 102
    assert isinstance(told["more"], int)
    assert told["more"] < 30


def test_five_hundred_bad_files_at_once_are_refused_one_by_one(tmp_path: Path) -> None:
    photo = picture()
    bad = [
        b"\xff\xd8\xff" + b"\0" * 20_000_000,
        bomb(30_000, 30_000),
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"GIF89a<script>alert(1)</script>" + photo + b"\0" * 11_000_000,
        photo[: len(photo) // 2],
    ]
    told = drawn_apart(tmp_path, *bad, times=100)
    assert told["widths"] == [0] * 500
    assert isinstance(told["more"], int)
    assert told["more"] < 30  # two of the heavy ones; what is refused is held by nobody
