"""What the web server loads: `wsgi:app`."""

from __future__ import annotations

import os
import sys

from board import create_app
from board.config import SettingsError, read_settings

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
