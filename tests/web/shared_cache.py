"""A cache for several people, as RFC 9111 and RFC 5861 allow it to be, and no kinder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from werkzeug.datastructures import Headers
from werkzeug.http import parse_cache_control_header
from werkzeug.test import TestResponse

Origin = Callable[[str, dict[str, str]], TestResponse | None]
BY_DEFAULT = {200, 204, 301, 404, 405, 410}  # may be kept without being told for how long
MUST_ASK = ("no-cache", "must-revalidate", "proxy-revalidate", "s-maxage")


@dataclass(slots=True)
class Copy:
    """An answer that is kept, and how long it may be shown."""

    status: int
    headers: Headers
    body: bytes
    at: float

    def says(self, name: str) -> str | None:
        """Return what the answer says under `name`, empty when it only names it."""
        said = parse_cache_control_header(self.headers.get("Cache-Control"))
        return None if name not in said else str(said[name] or "")

    def seconds(self, name: str) -> float:
        """Return the number of seconds under `name`."""
        return float(self.says(name) or 0)

    def may_be_kept(self) -> bool:
        """Whether a cache for several people may hold it at all."""
        forbidden = any(self.says(name) is not None for name in ("no-store", "private"))
        return not forbidden and self.status in BY_DEFAULT and self.headers.get("Vary") != "*"

    def is_fresh(self, at: float) -> bool:
        """Whether it may be shown without asking."""
        if self.says("no-cache") is not None:
            return False
        name = "max-age" if self.says("s-maxage") is None else "s-maxage"
        return at - self.at < self.seconds(name)

    def may_be_shown_stale(self, at: float, *, fails: bool, strict: bool) -> bool:
        """Whether it may be shown though it is old: while it is asked again, or nobody answers."""
        if strict and any(self.says(name) is not None for name in MUST_ASK):
            return False
        name = "stale-if-error" if fails else "stale-while-revalidate"
        lasting = self.seconds("max-age" if self.says("s-maxage") is None else "s-maxage")
        return at - self.at < lasting + self.seconds(name)


@dataclass(slots=True)
class SharedCache:
    """It shows what it holds whenever it may; `strict` off: it also forgets what it must not."""

    origin: Origin
    strict: bool = True
    copies: dict[str, Copy] = field(default_factory=dict)

    def get(self, path: str, at: float) -> tuple[int, bytes]:
        """Answer a question at second `at`."""
        copy = self.copies.get(path)
        if copy is None:
            return self._ask(path, at, None)
        if copy.is_fresh(at):
            return copy.status, copy.body
        if copy.may_be_shown_stale(at, fails=False, strict=self.strict):
            return copy.status, copy.body  # and would ask behind the scenes, too late for this one
        return self._ask(path, at, copy)

    def _ask(self, path: str, at: float, copy: Copy | None) -> tuple[int, bytes]:
        tag = copy.headers.get("ETag") if copy else None
        answer = self.origin(path, {"If-None-Match": tag} if tag else {})
        if answer is None or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            if copy and copy.may_be_shown_stale(at, fails=True, strict=self.strict):
                return copy.status, copy.body
            return HTTPStatus.GATEWAY_TIMEOUT, b""
        if answer.status_code == HTTPStatus.NOT_MODIFIED and copy:
            copy.headers.update(answer.headers)
            copy.at = at
            return copy.status, copy.body
        new = Copy(answer.status_code, answer.headers, answer.get_data(), at)
        self.copies.pop(path, None)
        if new.may_be_kept():
            self.copies[path] = new
        return new.status, new.body
