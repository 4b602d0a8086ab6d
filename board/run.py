"""`make run`: migrate, load the sample data once, say what to open, then serve until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import sys
from threading import Event, Thread

from sqlalchemy.exc import OperationalError

from board.config import PREFIX, Settings, SettingsError, read_settings
from board.supervision import Part, supervise

# A web process keeps one arena of memory for all its threads (only one of them runs the board), and
# neither docstrings, of which libraries have 6 MB, nor the columns of tracebacks. What is larger
# than 1 MB (pictures, mostly) lies apart and goes back at once: glibc would raise that bound by
# itself to what it last gave back, and then keep what the next pictures leave in pieces.
LIGHT = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_TRIM_THRESHOLD_": "2097152",
    "PYTHONOPTIMIZE": "2",
    "PYTHONNODEBUGRANGES": "1",
}

ASK_AGAIN_S = 0.2


def main() -> int:
    """Set the board up and serve it; return the exit status."""
    arguments = argparse.ArgumentParser(prog="make run", description=__doc__)
    arguments.add_argument("--port", default="8000")
    port = arguments.parse_args().port
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        print("PORT takes a number from 1 to 65535.", file=sys.stderr)
        return 2
    if is_taken(int(port)):
        print(f"Port {port} is taken: try « make run PORT={int(port) + 1} ».", file=sys.stderr)
        return 2
    os.environ.setdefault(PREFIX + "BASE_URL", f"http://127.0.0.1:{port}")
    try:
        settings = read_settings()
        prepare(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except OperationalError as error:
        why = str(error.orig).strip().splitlines()[0]
        print(f"{PREFIX}DATABASE_URL: the database does not answer ({why})", file=sys.stderr)
        return 2
    return serve(settings, int(port))


def is_taken(port: int) -> bool:
    """Whether somebody listens on the loopback port already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def prepare(settings: Settings) -> None:
    """Bring the database up to date; a development board gets sample data, once."""
    from flask_migrate import upgrade

    from board import create_app
    from board.answers import holidays

    app = create_app(settings)
    with app.app_context():
        holidays.check_place()
        upgrade()
    steps = ["seed"] if settings.development_helpers else ["init"]
    app.test_cli_runner().invoke(args=steps, catch_exceptions=False)
    if settings.meilisearch_url and settings.meilisearch_key:
        told = app.test_cli_runner().invoke(args=["search", "setup", "--if-missing"])
        print(told.output.strip())


def invite(settings: Settings, port: int, gone: Event) -> None:
    """Say what to open once the web server answers there; nothing when it is stopped before."""
    from board.sample.seed import accounts_words

    while not is_taken(port):
        if gone.wait(ASK_AGAIN_S):
            return
    print(f"\n  {settings.instance_name} : {settings.base_url}/")
    if settings.development_helpers:
        print(f"  Courriels envoyés / outgoing mail : {settings.base_url}/dev/mail")
        print(accounts_words(settings))
    print("  Ctrl-C arrête tout / stops everything.\n", flush=True)


def serve(settings: Settings, port: int) -> int:
    """Run the web server and the worker until a signal."""
    shutil.rmtree(settings.data / "run" / "metrics", ignore_errors=True)
    secretless = {k: v for k, v in os.environ.items() if k != PREFIX + "MEILISEARCH_KEY"}
    secretless |= LIGHT
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", str(settings.workers), "--blocking-threads", "1"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "3"),
        *("--log-level", "warning", "wsgi:web"),
    ]
    worker = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    print("  En route… / starting…", flush=True)
    gone = Event()
    Thread(target=invite, args=(settings, port, gone), daemon=True).start()
    try:
        return supervise(
            [Part("web server", web, secretless), Part("worker", worker, os.environ, needed=False)]
        )
    finally:
        gone.set()


if __name__ == "__main__":
    sys.exit(main())
