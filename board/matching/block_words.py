"""What an editor reads once somebody is blocked, and what stands all the same."""

from __future__ import annotations

from flask_babel import gettext as _


def said_of_person(name: str) -> str:
    """Say whom one blocked, by the address that was typed or by their name."""
    return (
        _("%(name)s est bloquée. La personne n’en saura rien.", name=name)
        + " "
        + _(
            "Ce que vous auriez déjà accepté tient\u00a0: «\u00a0Réponses\u00a0» permet d’y"
            " revenir."
        )
    )


def said(name: str, stands: list[str]) -> str:
    """Say whom one blocked, and what was promised before and stands."""
    message = _("%(name)s est bloquée. Elle n’en saura rien.", name=name)
    if not stands:
        return message
    titles = ", ".join(f"«\u00a0{title}\u00a0»" for title in stands)
    return (
        message
        + " "
        + _(
            "Ce qui est déjà convenu tient\u00a0: %(titles)s."
            " «\u00a0Réponses\u00a0» permet d’y revenir.",
            titles=titles,
        )
    )
