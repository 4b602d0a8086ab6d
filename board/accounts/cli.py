"""`flask mail`: pay what is owed."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from board import mail as post_office

mail = AppGroup("mail", help="Outgoing mail.")


@mail.command("send")
@click.option("--limit", default=500, show_default=True, help="How many mails at most.")
def send(limit: int) -> None:
    """Send the mail that is due: after a crash, or from a timer."""
    if not current_app.config["BOARD"].smtp_url:
        raise click.ClickException("BABILLARD_SMTP_URL is not set: mail is kept and not sent")
    sent = post_office.pay_due(limit)
    click.echo(f"{sent} sent, {post_office.count_owed()} still owed")
