"""axe-core inside the page, past the page's own Content-Security-Policy."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, only: str | None = None) -> list[Any]:
    """Return the serious and critical violations of WCAG 2.2 AA; all of one rule when named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    which = {"runOnly": [only]} if only else {}
    found: dict[str, Any] = page.evaluate(
        "options => axe.run(options)", {"resultTypes": ["violations"], **which}
    )
    return [
        (v["id"], [n["html"][:160] for n in v["nodes"][:3]])
        for v in found["violations"]
        if only or v["impact"] in {"serious", "critical"}
    ]


def assert_accessible(page: Page) -> None:
    """Fail on any serious or critical violation of WCAG 2.2 AA."""
    bad = violations(page)
    assert not bad, f"{page.url}: {bad}"
