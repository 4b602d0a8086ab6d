"""`flask holidays`: the days on which the clocks of answers do not count."""

from __future__ import annotations

from datetime import datetime

import click
from flask import Flask
from flask.cli import with_appcontext

from board import news
from board.answers import clocks, holidays
from board.database import writing


@click.group("holidays")
def holidays_group() -> None:
    """Look after the days on which nobody is expected to answer, besides week-ends."""


@holidays_group.command("list")
@with_appcontext
def list_() -> None:
    """Print this year's holidays and those to come."""
    for one in holidays.every():
        click.echo(f"{one.day}  {one.label}")


@holidays_group.command("add")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("label", default="")
@with_appcontext
def add(day: datetime, label: str) -> None:
    """Add a day, like 2026-12-24, with a name if you like."""
    with writing():
        added = holidays.add_all([(day.date(), label[: holidays.LABEL_MAX])])
        clocks.wind_again()
        news.commit()
    click.echo("added" if added else "it was there already")


@holidays_group.command("remove")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@with_appcontext
def remove(day: datetime) -> None:
    """Let clocks count on a day again; it does not come back by itself."""
    with writing():
        removed = holidays.remove(day.date())
        clocks.wind_again()
        news.commit()
    if not removed:
        raise click.ClickException(f"{day:%Y-%m-%d} is no holiday here")
    click.echo("removed")


@holidays_group.command("load")
@click.argument("place")
@click.argument("year", type=click.IntRange(2000, 2100))
@with_appcontext
def load(place: str, year: int) -> None:
    """Add the public holidays of a place (CA-QC, FR, BE…) in a year."""
    try:
        days = holidays.public_holidays(place, year)
    except holidays.UnknownPlace:
        raise click.ClickException(f"{place} is no place like CA-QC or FR") from None
    with writing():
        added = holidays.add_all(days.items())
        clocks.wind_again()
        news.commit()
    click.echo(f"{added} days added")


def register(app: Flask) -> None:
    """Hang the commands on the application."""
    app.cli.add_command(holidays_group)
