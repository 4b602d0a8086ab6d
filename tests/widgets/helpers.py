"""A partner's organisation with a widget."""

from __future__ import annotations

from typing import Any

from board import news
from board.database import will_write
from board.organisations.models import Organisation
from board.widgets import designs, services
from board.widgets.designs import Design
from board.widgets.models import Widget
from tests.factories import make_organisation


def make_widget(by: Organisation | None = None, *, publish: bool = True, **values: Any) -> Widget:
    """A widget, published unless told otherwise, committed."""
    will_write()
    organisation = by or make_organisation()
    widget = services.create(organisation=organisation, name="Entraide")
    design = Design(**{"title": "Entraide", "language": "fr", **values})
    services.save(widget=widget, design=design, seen_version=1)
    if publish:
        services.publish(widget=widget)
    news.commit()
    return widget


def change(widget: Widget, **values: Any) -> None:
    """Publish other settings of a widget."""
    will_write()
    kept = designs.written(designs.read(widget.draft)) | values
    services.save(widget=widget, design=designs.read(kept), seen_version=widget.edit_version)
    services.publish(widget=widget)
    news.commit()
