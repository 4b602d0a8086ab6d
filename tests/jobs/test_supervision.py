"""One process starts the others, revives the worker, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUPERVISOR = """
import os, sys
from board import supervision
from board.supervision import Part, supervise
supervision.STOP_SECONDS = 1
supervision.STURDY_S = float(sys.argv[3])
web = [sys.executable, "-c", sys.argv[1]]
worker = [sys.executable, "-c", sys.argv[2]]
sys.exit(supervise([Part("web server", web, os.environ),
                    Part("worker", worker, os.environ, revived=True)]))
"""
STAYS = "import os, time; os.write(1, b'{} %d\\n' % os.getpid()); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + STAYS
ENDS = "import os, time; os.write(1, b'{} %d\\n' % os.getpid()); time.sleep(0.5)"
HAS_A_CHILD = (
    "import os, subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time;"
    " time.sleep(600)']); os.write(1, b'child %d\\n' % child.pid); " + STAYS
)


@contextmanager
def supervised(
    web: str = STAYS, worker: str = STAYS, sturdy: float = 30
) -> Iterator[subprocess.Popen[str]]:
    """Run a supervisor over two programs; whatever it leaves is ended."""
    programs = web.format("web"), worker.format("worker")
    command = [sys.executable, "-c", SUPERVISOR, *programs, str(sturdy)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()


def said(process: subprocess.Popen[str], *wanted: str) -> dict[str, int]:
    """Read lines until each of these names has told its process id."""
    assert process.stdout is not None
    found: dict[str, int] = {}
    while not set(wanted) <= set(found):
        line = process.stdout.readline()
        assert line, f"the supervisor ended before {wanted}: {found}"
        name, _, number = line.strip().partition(" ")
        if number.isdigit():
            found[name] = int(number)
    return found


def is_gone(pid: int) -> bool:
    """Whether a process ends within a while."""
    for _ in range(200):
        with suppress(ProcessLookupError, FileNotFoundError):
            if "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]:
                os.kill(pid, 0)
                time.sleep(0.05)
                continue
        return True
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("worker", [STAYS, STUBBORN])
def test_a_signal_stops_everything(number: signal.Signals, worker: str) -> None:
    with supervised(worker=worker) as process:
        pids = said(process, "web", "worker")
        process.send_signal(number)
        assert process.wait(20) == 0
        assert all(is_gone(pid) for pid in pids.values())


def test_a_dead_worker_is_revived(tmp_path: Path) -> None:
    with supervised() as process:
        first = said(process, "web", "worker")
        os.kill(first["worker"], signal.SIGKILL)
        second = said(process, "worker")
        assert second["worker"] != first["worker"]
        os.kill(first["web"], 0)
        process.terminate()
        assert process.wait(20) == 0
        assert is_gone(second["worker"])


def test_a_server_that_ends_ends_the_board_and_what_it_left_behind() -> None:
    with supervised(web=HAS_A_CHILD) as process:
        pids = said(process, "child", "web", "worker")
        os.kill(pids["web"], signal.SIGKILL)
        assert process.wait(20) == 1
        assert all(is_gone(pid) for pid in pids.values())


def test_a_worker_that_dies_young_waits_longer_each_time() -> None:
    with supervised(worker=ENDS) as process:
        assert process.stdout is not None
        told: list[str] = []
        while len(told) < 3:
            line = process.stdout.readline()
            assert line
            told += [line.strip()] if "starts again" in line else []
    assert told == [f"The worker died; it starts again in {pause} s." for pause in (1, 2, 5)]


def test_a_server_that_worked_for_a_while_is_revived_too() -> None:
    with supervised(sturdy=0) as process:
        first = said(process, "web", "worker")
        os.kill(first["web"], signal.SIGKILL)
        second = said(process, "web")
        assert second["web"] != first["web"]
        os.kill(first["worker"], 0)
        process.terminate()
        assert process.wait(20) == 0
