"""Who is told: a person, or a guest by their address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from board import bounces
from board.accounts.models import Person


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a mail goes to: an address, its language, and the person when there is one."""

    email: str
    language: str
    person: Person | None = None

    @classmethod
    def of(cls, person: Person) -> Recipient:
        """A person, as they are reached now."""
        return cls(person.email or "", person.language, person)

    @property
    def key(self) -> dict[str, Any]:
        """Whose rows are theirs."""
        if self.person is not None:
            return {"person_id": self.person.id, "email": None}
        return {"person_id": None, "email": self.email.lower()}

    @property
    def is_reached(self) -> bool:
        """Whether mail may go there: an address that is theirs and takes mail."""
        person = self.person
        if person is not None and (person.erased_at or not person.confirmed_at):
            return False
        return bool(self.email) and bounces.paused_since(self.email) is None
