"""One URL, two sizes: the whole page, or the one block that htmx asks for."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from jinja2 import Template

from board.web.context import page_context

VARY = ("HX-Request", "HX-Request-Type", "HX-Target")


def render(template_name: str, *, status: int = 200, **context: Any) -> Response:
    """Answer the page, or its block when htmx targets one that the template itself defines."""
    template = current_app.jinja_env.get_or_select_template(template_name)
    block = wanted_block(template)
    context = page_context() | context | {"is_block": block is not None}
    if block is None:
        response = make_response(template.render(context))
        if is_partial():
            response.headers["HX-Retarget"] = "body"
            response.headers["HX-Reswap"] = "innerHTML"
    else:
        scope = template.new_context(context)
        response = make_response("".join(template.blocks[block](scope)))
    response.status_code = status
    response.vary.update(VARY)
    return response


def is_partial() -> bool:
    """Whether htmx asks for a part of a page."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type") == "partial"
        and "HX-History-Restore-Request" not in request.headers
    )


def wanted_block(template: Template) -> str | None:
    """Return the block named by `HX-Target` (`tag#id`), if the template itself has it."""
    if not is_partial():
        return None
    name = target().replace("-", "_")
    return name if name in template.blocks else None


def target() -> str:
    """Return the id of the part that htmx wants to replace."""
    return request.headers.get("HX-Target", "").partition("#")[2]


def done(message: str | None, *, to: str, category: str = "success") -> ResponseReturnValue:
    """Send the person on after a write, with a message that shows once it is committed."""
    if message:
        say(message, category)
    return redirect(to, code=303)


def say(message: str, category: str = "success") -> None:
    """Show a message on the next page, once what is written is committed."""
    g.setdefault("messages", []).append((message, category))
