"""The search server as its official client reaches it; nothing else imports `meilisearch`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from http.client import HTTPException, RemoteDisconnected
from typing import Any

import requests
from meilisearch import Client
from meilisearch._httprequests import HttpRequests
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchError,
    MeilisearchTimeoutError,
)
from meilisearch.models.task import TaskInfo

from board.search.away import ANOTHER_SHAPE, AT_ONCE, SHAPES, Away
from board.search.indexes import own_id
from board.search.kept_line import KeptLine, Refused

SEARCH_BUDGET_S = 0.3
COMMAND_TIMEOUT_S = 10
TASK_TIMEOUT_MS = 30_000
TASK_PAUSE_MS = 15
SEARCH_KEY_NAME = "babillard search"
TOO_SLOW, SILENT = "no answer in time", "no answer"
Row = Mapping[str, Any]


class KeptConnection(HttpRequests):
    """The client's requests over one connection that stays open.

    Uncompressed: compressed answers come in pieces, and each waits for a delayed acknowledgement.
    """

    def __init__(self, client: Client) -> None:
        super().__init__(client.config, {"Accept-Encoding": "identity"})
        self.session = requests.Session()
        self.session.trust_env = False

    def send_request(self, http_method: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Send by the kept session; once more where the server had just closed the line."""
        send = getattr(self.session, http_method.__name__)
        try:
            return super().send_request(send, *args, **options)
        except MeilisearchCommunicationError as error:
            if RemoteDisconnected.__name__ not in str(error):
                raise
            return super().send_request(send, *args, **options)


class OverOneLine(HttpRequests):
    """The client's searches over a line that is quick and does not wait long."""

    def __init__(self, client: Client, line: KeptLine) -> None:
        super().__init__(client.config)
        self._line = line

    def send_request(self, http_method: Callable[..., Any], *args: Any, **_options: Any) -> Any:
        """Send what the client wrote: a search is a POST."""
        if http_method is not requests.post:
            raise TypeError("only searches go over this line")
        path, body, *_ = args
        return self._line.post(path, body)


class Searcher:
    """What the web processes may do with their search-only key."""

    def __init__(self, url: str, key: str, budget_s: float = SEARCH_BUDGET_S) -> None:
        self._client = Client(url, key or None)
        self._line = KeptLine(url, key, budget_s)
        self._client.http = OverOneLine(self._client, self._line)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def search(self, queries: Sequence[Row]) -> list[dict[str, Any]]:
        """Answer several queries in one request; `Away` when it takes too long or goes wrong."""
        with _trouble():
            results: list[dict[str, Any]] = self._client.multi_search(queries)["results"]
            if len(results) != len(queries):
                raise Away("answers are missing")
            return results


class Admin:
    """What commands and the worker do with the admin key."""

    def __init__(self, url: str, key: str) -> None:
        self._client = _client(url, key, COMMAND_TIMEOUT_S)

    def version(self) -> str:
        """The server's version."""
        with _trouble():
            return str(self._client.get_version()["pkgVersion"])

    def settings_of(self, uid: str) -> dict[str, Any] | None:
        """Return the settings of an index; None when there is no such index."""
        with _trouble():
            try:
                return dict(self._client.http.get(f"indexes/{uid}/settings"))
            except MeilisearchApiError as error:
                if error.code == "index_not_found":
                    return None
                raise

    def create(self, uid: str, settings: Row) -> None:
        """Make an index with these settings, or give them to the one that is there."""
        with _trouble():
            if self.settings_of(uid) is None:
                self._wait(self._client.create_index(uid, {"primaryKey": "id"}))
            self._wait(self._client.index(uid).update_settings(dict(settings)))

    def drop(self, uid: str) -> None:
        """Delete an index, if it is there."""
        if self.settings_of(uid) is not None:
            with _trouble():
                self._wait(self._client.delete_index(uid))

    def swap(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Let each pair of indexes change places, all at one moment."""
        with _trouble():
            self._wait(self._client.swap_indexes([{"indexes": list(pair)} for pair in pairs]))

    def put(self, uid: str, documents: Sequence[Row]) -> None:
        """Write documents over those of the same id; returns when the server has done it."""
        for start in range(0, len(documents), AT_ONCE):
            some = list(documents[start : start + AT_ONCE])
            with _trouble():
                self._wait(self._client.index(uid).add_documents(some, "id"))

    def remove(self, uid: str, ids: Sequence[int | str]) -> None:
        """Delete documents; returns when the server has done it."""
        if ids:
            with _trouble():
                path = f"indexes/{uid}/documents/delete-batch"
                self._wait(TaskInfo(**self._client.http.post(path, list(map(str, ids)))))

    def versions(self, uid: str) -> Iterator[tuple[int | str, int]]:
        """Give (id, version) of every document of an index.

        One that is none of the board's has its id as text, and -1 where it has no version.
        """
        offset = 0
        while True:
            with _trouble():
                path = f"indexes/{uid}/documents/fetch"
                body = {"offset": offset, "limit": AT_ONCE, "fields": ["id", "version"]}
                rows = self._client.http.post(path, body)["results"]
                found = [(own_id(row["id"]) or str(row["id"]), _version(row)) for row in rows]
            yield from found
            offset += len(rows)
            if len(rows) < AT_ONCE:
                return

    def count(self, uid: str) -> int | None:
        """Return how many documents an index holds; None when there is no such index."""
        with _trouble():
            stats = self._client.get_all_stats()["indexes"].get(uid)
            return None if stats is None else int(stats["numberOfDocuments"])

    def updated_at(self, uid: str) -> str:
        """Return when an index last changed, as a text that sorts; empty when there is none."""
        with _trouble():
            try:
                return str(self._client.get_raw_index(uid)["updatedAt"])
            except MeilisearchApiError as error:
                if error.code != "index_not_found":
                    raise
                return ""

    def search_key(self, uid: str, indexes: str) -> str:
        """Return the search-only key of this identity, made if it is missing."""
        with _trouble():
            try:
                return str(self._client.get_key(uid).key)
            except MeilisearchApiError as error:
                if error.code != "api_key_not_found":
                    raise
            made = self._client.create_key(
                {"uid": uid, "name": SEARCH_KEY_NAME, "actions": ["search"],
                 "indexes": [indexes], "expiresAt": None}
            )  # fmt: skip
            return str(made.key)

    def _wait(self, task: TaskInfo) -> None:
        """Wait for a task; one that was accepted and then failed is an error."""
        done = self._client.wait_for_task(task.task_uid, TASK_TIMEOUT_MS, TASK_PAUSE_MS)
        if done.status != "succeeded":
            code = (done.error or {}).get("code", done.status)
            raise Away(f"task {done.type} failed: {code}")


def _version(row: Row) -> int:
    held = row.get("version")
    return held if isinstance(held, int) else -1


class _trouble:  # noqa: N801 - reads as a word
    """Turn whatever the client raises into `Away`, which names no key and no text."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: Any
    ) -> None:
        if isinstance(error, MeilisearchApiError):
            raise Away(f"{error.status_code} {error.code or ''}".strip()) from None
        if isinstance(error, Refused):
            raise Away(str(error)) from None
        if isinstance(error, (MeilisearchTimeoutError, TimeoutError, requests.Timeout)):
            raise Away(TOO_SLOW) from None
        if isinstance(error, (MeilisearchError, requests.RequestException, OSError, HTTPException)):
            raise Away(SILENT) from None
        if isinstance(error, SHAPES):
            raise Away(ANOTHER_SHAPE) from None


def _client(url: str, key: str, timeout_s: float) -> Client:
    client = Client(url, key or None, timeout=timeout_s)  # type: ignore[arg-type]
    client.http = KeptConnection(client)
    client.task_handler.http = client.http
    return client
