"""What the web server loads: `wsgi:web`: `wsgi:app` once posts and words are in memory."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from board import create_app, search
from board.config import SettingsError, read_settings
from board.matching import knowledge

try:
    settings = read_settings()
except SettingsError as error:
    sys.exit(str(error))
# The web processes count requests together, in files of this folder: its name must be known before
# the library that counts is loaded.
figures = settings.data / "run" / "metrics"
figures.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(figures))
app = create_app(settings)


def __getattr__(name: str) -> Any:
    """Give the web server the application: it reads the posts and counts their words now, and not
    in somebody's request.

    Commands load `app` and read nothing.
    """
    if name != "web":
        raise AttributeError(name)
    search.warm(app)
    knowledge.warm(app)
    # What was read now stays: looking for cycles in it again and again would cost requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10)
    return app
