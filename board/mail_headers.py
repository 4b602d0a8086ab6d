"""How the headers of a mail are written: what programs read stays bare, words are encoded whole."""

from __future__ import annotations

from email.header import Header
from email.headerregistry import (
    Address,
    HeaderRegistry,
    UniqueAddressHeader,
    UniqueUnstructuredHeader,
)
from email.policy import Policy, default

LINE = 76  # RFC 2047: of a line that holds an encoded word
BARE = ("References", "In-Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post")


class Bare(UniqueUnstructuredHeader):
    """A header that programs read letter by letter (RFC 2369, 5322, 8058): its addresses and
    identities are neither encoded nor cut, however long; a line ends only between two of them.
    """

    name: str

    def fold(self, *, policy: Policy) -> str:
        """Write the header in lines, the first item beside its name."""
        items = str(self).split()
        lines = [" ".join([f"{self.name}:", *items[:1]])]
        for item in items[1:]:
            if len(lines[-1]) + 1 + len(item) <= LINE:
                lines[-1] += f" {item}"
            else:
                lines.append(f" {item}")
        return policy.linesep.join(lines) + policy.linesep


class Words(UniqueUnstructuredHeader):
    """A header for people: in encoded words of its own, for those of Python lose spaces."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        """Write the header in lines."""
        return f"{self.name}: {_encoded(str(self), self.name, policy)}{policy.linesep}"


class Sender(UniqueAddressHeader):
    """Whom a mail is from: a name in any letters, and an address as it is."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        """Write the header in lines; the address stays whole."""
        (sender,) = self.addresses
        named = sender.display_name
        plain = f"{self.name}: {Address(named, addr_spec=sender.addr_spec)}"
        if named.isascii() and len(plain) <= LINE:
            return plain + policy.linesep
        words = _encoded(named, self.name, policy, even_ascii=True)
        return f"{self.name}: {words}{policy.linesep} <{sender.addr_spec}>{policy.linesep}"


def _encoded(text: str, name: str, policy: Policy, *, even_ascii: bool = False) -> str:
    """Return words as a header carries them."""
    is_plain = text.isascii() and not even_ascii
    header = Header(text, "us-ascii" if is_plain else "utf-8", LINE, name)
    return header.encode(linesep=policy.linesep)


def _policy() -> Policy:
    headers = HeaderRegistry()
    for name in BARE:
        headers.map_to_type(name, Bare)  # type: ignore[arg-type]  # its stubs ask for a base class
    headers.map_to_type("Subject", Words)  # type: ignore[arg-type]
    headers.map_to_type("From", Sender)  # type: ignore[arg-type]
    return default.clone(header_factory=headers, max_line_length=LINE)


POLICY = _policy()
