"""One HTTP connection that stays open and does not wait long: what searches are asked over."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from socket import socket
from time import monotonic
from typing import Any
from urllib.parse import urlsplit


class Refused(Exception):
    """The server answered with an error: its status and its code, nothing of what was asked."""


class KeptLine:
    """What a search needs of HTTP, in a third of the processor time that `requests` takes for it.

    Uncompressed: compressed answers come in pieces, and each waits for a delayed acknowledgement.
    """

    def __init__(self, url: str, key: str, budget_s: float) -> None:
        where = urlsplit(url)
        kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
        self._line = kind(where.hostname or "", where.port, timeout=budget_s)
        self._path = where.path.rstrip("/") + "/"
        self._budget_s = budget_s
        self._lock = threading.Lock()
        self._until = 0.0
        self._line.response_class = self._answer  # type: ignore[assignment]
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"

    def post(self, path: str, body: Any) -> Any:
        """Send and read the answer; a connection that the server closed meanwhile is made anew."""
        with self._lock:
            try:
                status, content = self._answered(self._path + path, json.dumps(body).encode())
            except BaseException:
                self._line.close()
                raise
        if status >= 400:
            raise Refused(f"{status} {_code(content)}".strip())
        return json.loads(content)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def __del__(self) -> None:
        """An engine that is let go of leaves no connection behind."""
        self._line.close()

    def _answered(self, path: str, body: bytes) -> tuple[int, bytes]:
        self._until = monotonic() + self._budget_s
        if self._line.sock is not None:
            try:
                return self._sent(path, body)
            except (ConnectionError, HTTPException):
                self._line.close()
        return self._sent(path, body)

    def _sent(self, path: str, body: bytes) -> tuple[int, bytes]:
        if self._line.sock is None:
            self._line.connect()
        self._line.sock.settimeout(self._left())
        self._line.request("POST", path, body, self._headers)
        answer = self._line.getresponse()
        return answer.status, answer.read()

    def _answer(self, sock: socket, **more: Any) -> HTTPResponse:
        """Make what reads an answer: head and body together take no longer than is left."""
        return HTTPResponse(_InTime(sock, self._left), **more)  # type: ignore[arg-type]

    def _left(self) -> float:
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _InTime(RawIOBase):
    """A socket as `HTTPResponse` reads it: each piece leaves less time for the rest."""

    def __init__(self, sock: socket, left: Callable[[], float]) -> None:
        self._sock, self._left = sock, left
        self._pieces = sock.makefile("rb", buffering=0)

    def makefile(self, _mode: str) -> BufferedReader:
        """Return the file that is read."""
        return BufferedReader(self)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Read one piece, in the time that is left for the whole."""
        self._sock.settimeout(self._left())
        return self._pieces.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket; the connection keeps its own hold."""
        self._pieces.close()
        super().close()


def _code(content: bytes) -> str:
    try:
        return str(json.loads(content)["code"])
    except (ValueError, KeyError, TypeError):
        return ""
