"""A small mail server on a free port, which keeps what it is given."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage


class Sink(socketserver.ThreadingTCPServer):
    """Takes mail, or refuses it with the codes that the test sets."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.got: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, str]] = []
        self.refuse = {"RCPT": "", "DATA": ""}
        self.hello = ""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Sink:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self.shutdown()
        self.server_close()


class Talk(socketserver.StreamRequestHandler):
    """One conversation."""

    server: Sink

    def say(self, line: str) -> None:
        """Answer one line."""
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        """Speak as much of SMTP as smtplib needs."""
        self.say("220 sink")
        sender = recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "DATA" and not self.server.refuse["DATA"]:
                self.say("354 go on")
                if not self.keep(sender, recipient):
                    return
                self.say("250 taken")
                continue
            if verb == "EHLO":
                self.server.hello = line
            sender = line if verb == "MAIL" else sender
            recipient = line if verb == "RCPT" else recipient
            self.say(self.server.refuse.get(verb) or ("221 bye" if verb == "QUIT" else "250 ok"))

    def keep(self, sender: str, recipient: str) -> bool:
        """Read one message to its final dot; half a message is none."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line[1:] if line.startswith(b"..") else line)
        self.server.raw.append(b"".join(lines))
        message = message_from_bytes(self.server.raw[-1], policy=policy.default)
        self.server.got.append(message)
        self.server.envelopes.append((sender, recipient))
        return True
