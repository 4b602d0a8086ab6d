"""What can go wrong in the domain; `board.web.errors` turns each into a page."""

from __future__ import annotations


class BoardError(Exception):
    """The parent of every error that a person can be told about."""


class NotFound(BoardError):
    """There is no such thing, or this reader may not know that there is."""


class Gone(BoardError):
    """It was here and was taken away."""


class OrganisationGone(Gone):
    """An organisation closed, or was taken away."""


class NotAllowed(BoardError):
    """This person may not do this."""


class Conflict(BoardError):
    """Somebody else changed it meanwhile."""


class TooMany(BoardError):
    """Asked too often; try again after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class Unclear(BoardError):
    """An address that cannot be understood; `message` says why in the reader's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(BoardError):
    """A value was refused: `field` names it, `message` says why in the reader's language."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
