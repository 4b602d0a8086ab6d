"""axe-core inside the page, past the page's own Content-Security-Policy."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

_AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def assert_accessible(page: Page) -> None:
    """Fail on any serious or critical violation of WCAG 2.2 AA."""
    page.evaluate(_AXE)
    found: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    bad = [
        (v["id"], [n["html"][:160] for n in v["nodes"][:3]])
        for v in found["violations"]
        if v["impact"] in {"serious", "critical"}
    ]
    assert not bad, f"{page.url}: {bad}"
