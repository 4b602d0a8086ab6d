"""Servers that the tests start for themselves: ordinary user, free port, throw-away folder."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

POSTGRES_FOLDERS = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin",
                    "/usr/lib/postgresql/15/bin")  # fmt: skip


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ordinary_user() -> dict[str, int]:
    """Return the user to run a server as: this one, or `nobody` when this one is root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def find_program(name: str) -> str | None:
    """Return where a PostgreSQL program is, also where Debian hides it."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *POSTGRES_FOLDERS))
    return shutil.which(name, path=path)


class Meilisearch:
    """A real search server that a test may stop, kill, wipe and start again on the same port."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("meilisearch")
        if program is None:
            raise FileNotFoundError(
                "no `meilisearch` executable on PATH, and no BABILLARD_TEST_MEILISEARCH_URL"
            )
        self.program, self.folder = program, folder
        self.port, self.key = free_port(), secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run the server and wait until it answers."""
        who = ordinary_user()
        self.folder.mkdir(parents=True, exist_ok=True)
        if who:
            _open_way(self.folder)
            os.chown(self.folder, who["user"], who["group"])
        environment = {**os.environ, "TMPDIR": str(self.folder)}
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(
            [self.program, "--http-addr", f"127.0.0.1:{self.port}", "--no-analytics",
             "--master-key", self.key, "--env", "production", "--log-level", "WARN",
             "--max-indexing-threads", "1", "--max-indexing-memory", "64Mb",
             "--db-path", self.folder / "data", "--dump-dir", self.folder / "dumps",
             "--snapshot-dir", self.folder / "snapshots"],
            cwd=self.folder, stdout=log, stderr=log, env=environment, **who,
        )  # type: ignore[call-overload]  # fmt: skip
        log.close()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + "/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the search server did not start")

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def wipe(self) -> None:
        """Forget all that it holds (it must be down)."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)


def _open_way(folder: Path) -> None:
    """Let an ordinary user reach a throw-away folder of root's."""
    for step in (folder, *folder.parents):
        if step == Path("/tmp"):
            break
        step.chmod(0o755)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a throw-away PostgreSQL in `folder` and give its URL (database `postgres`)."""
    initdb, pg_ctl = find_program("initdb"), find_program("pg_ctl")
    if initdb is None or pg_ctl is None:
        raise FileNotFoundError("no PostgreSQL server programs (initdb, pg_ctl) on this machine")
    who = ordinary_user()
    folder.mkdir(parents=True, exist_ok=True)
    if who:
        _open_way(folder)
        os.chown(folder, who["user"], who["group"])
    data, port = folder / "data", free_port()
    run = {"check": True, "capture_output": True, "cwd": folder, **who}
    subprocess.run([initdb, "-D", data, "-U", "board", "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8", "--no-sync"], **run)  # type: ignore[call-overload]  # fmt: skip
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        " -c synchronous_commit=off -c full_page_writes=off -c max_connections=40"
    )
    start = [pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    subprocess.run(start, **{**run, "capture_output": False, "stdout": subprocess.DEVNULL})  # type: ignore[call-overload]
    try:
        yield f"postgresql+psycopg://board@127.0.0.1:{port}/postgres"
    finally:
        stop = [pg_ctl, "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, **{**run, "check": False})  # type: ignore[call-overload]


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a throw-away Redis that keeps nothing, and give its URL."""
    program, port = find_program("redis-server"), free_port()
    if program is None:
        pytest.skip("no redis-server on this machine")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen([program, *options], cwd=folder, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)
