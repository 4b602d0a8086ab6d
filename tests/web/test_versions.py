"""The connection that reads the version outside transactions never serves a transaction."""

from __future__ import annotations

import gc
import threading

from flask import Flask

from board.extensions import db
from board.web.versions import VersionReader


def test_a_thread_that_ends_gives_back_a_connection_with_transactions(
    postgresql_app: Flask,
) -> None:
    with postgresql_app.app_context():
        db.engine.dispose()
        reader = VersionReader(db.engine)
        thread = threading.Thread(target=reader.read)
        thread.start()
        thread.join()
        del thread
        gc.collect()
        with db.engine.connect() as connection:
            assert connection.connection.driver_connection is not None
            assert connection.connection.driver_connection.autocommit is False
        db.engine.dispose()
