"""The pages that say what this board is, what it keeps and who answers for it."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from board.accounts.rules import LIFETIME, TERMS_VERSION, TokenPurpose
from board.answers import figures as answer_numbers
from board.answers.rules import FEWEST
from board.commons import figures
from board.mail import KEEP_SENT
from board.moderation import words as moderation_words
from board.moderation.rules import ASKED_FOR, HELD_FOR, KEEP_ADDRESS
from board.organisations.rules import KEEP_INVITATIONS
from board.posts import terms as numbers
from board.web import public, render, shared
from board.web.context import settings

bp = Blueprint("pages", __name__, url_prefix="/<language:language>")


@bp.get("/about")
@public
@shared
def about() -> ResponseReturnValue:
    """Say why this board exists and how it differs from a market."""
    return render("commons/about.html")


@bp.get("/terms")
@public
@shared
def terms() -> ResponseReturnValue:
    """Say what people agree to."""
    return render("commons/terms.html", version=TERMS_VERSION, licence_url=settings().licence_url)


@bp.get("/privacy")
@public
@shared
def privacy() -> ResponseReturnValue:
    """Say who is responsible, what is kept and how long, and what everybody may ask."""
    return render(
        "commons/privacy.html",
        invitation_days=LIFETIME[TokenPurpose.INVITATION].days,
        invitation_kept_days=KEEP_INVITATIONS.days,
        mail_days=KEEP_SENT.days,
        report_days=KEEP_ADDRESS.days,
    )


@bp.get("/accessibility")
@public
@shared
def accessibility() -> ResponseReturnValue:
    """Say for whom the board works, and whom to tell when it does not."""
    return render("commons/accessibility.html")


@bp.get("/open-data")
@public
@shared
def open_data() -> ResponseReturnValue:
    """Show how programs read the board, with an address that answers."""
    example = url_for("api.posts", purpose="offer", per_page=5)
    return render(
        "commons/open_data.html",
        api_url=settings().url(url_for("api.posts")),
        example=example,
        example_url=settings().url(example),
        licence_url=settings().licence_url,
        fresh_days=numbers.terms().fresh_for.days,
    )


@bp.get("/rules")
@public
@shared
def rules() -> ResponseReturnValue:
    """Show the rules of the board, numbered so that they can be cited."""
    return render(
        "commons/rules.html",
        rules=moderation_words.all_rules(),
        held_hours=int(HELD_FOR.total_seconds() // 3600),
        asked_days=ASKED_FOR.days,
    )


@bp.get("/moderation-figures")
@public
@shared
def moderation_figures() -> ResponseReturnValue:
    """Count what moderators decided; small counts are not said, for people stand behind them."""
    columns = [_("Règle"), *(str(word) for word in moderation_words.DECIDED.values())]
    return render("commons/moderation_figures.html", columns=columns, years=figures.years())


@bp.get("/answer-figures")
@public
@shared
def answer_figures() -> ResponseReturnValue:
    """Say how answers fare and how things ended, how it is counted and what it does not say."""
    found = answer_numbers.current()
    return render(
        "commons/answer_figures.html",
        fewest=FEWEST,
        sentence=answer_numbers.in_words(found) if found else None,
        tables=figures.endings(),
    )
