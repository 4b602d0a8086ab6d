"""Answers: everyone who answers gets an answer, and nothing is promised twice."""

from __future__ import annotations

from flask import Flask

from board.answers import models


def register(app: Flask) -> None:
    """Hang the feature on the application."""
    from board import addressees
    from board.answers import (  # noqa: F401
        answer_views,
        blocking,
        box_views,
        cli,
        closing,
        contact_views,
        editor_views,
        guest_views,
        inbound_views,
        jobs,
        offered,
        outcome_views,
        parts,
        persons,
        poll,
        taking_up,
        told,
        views,
        yearly,
        yearly_views,
    )
    from board.answers.blueprint import bp
    from board.answers.latest import last_answers
    from board.posts import waiting

    cli.register(app)
    addressees.names(models.Response.guest_folded)
    blocking.listen()
    closing.listen()
    taking_up.listen()
    yearly.listen()
    offered.register()
    parts.register()
    persons.register()
    waiting.answers_tell(last_answers)
    app.register_blueprint(bp)
    app.register_blueprint(inbound_views.bp)
