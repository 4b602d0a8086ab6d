"""What an answer that may stand in another site's page says about itself."""

from __future__ import annotations

from flask import Response

from board.web.context import settings
from board.web.cookieless import to_everybody
from board.widgets import rules

POLICY = (
    "default-src 'none'; script-src {ours}; style-src {ours}; font-src {ours}; img-src {ours};"
    " connect-src {ours}; base-uri 'none'; form-action {ours}; frame-ancestors {sites}"
)


def framed(response: Response, sites: tuple[str, ...] = ()) -> Response:
    """Let these sites (all of them without a list) show the answer in a frame; the board too."""
    allowed = rules.ancestors(sites)
    ours = f"'self' {settings().base_url}"  # a sandbox has no self
    if sites:
        allowed = f"'self' {allowed}"
    headers = to_everybody(response).headers
    headers["Content-Security-Policy"] = POLICY.format(ours=ours, sites=allowed)
    headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    headers["X-Robots-Tag"] = "noindex, indexifembedded"
    return response
