#!/bin/sh
# Bring the database up to date, then serve on PORT (8000) of every interface: a proxy stands in front.
set -e
flask --app wsgi db upgrade
flask --app wsgi init
rm -rf "${BABILLARD_DATA:-var}/run/metrics"
# The web processes hold a key that can only search; the worker and the commands have the other.
unset BABILLARD_MEILISEARCH_KEY
# One arena of memory for all threads of a web process: only one of them runs the board.
export MALLOC_ARENA_MAX=1
exec granian --interface wsgi --host "${HOST:-0.0.0.0}" --port "${PORT:-8000}" \
  --workers "${BABILLARD_WORKERS:-2}" --blocking-threads 1 \
  --respawn-failed-workers --workers-kill-timeout 3 --log-level warning wsgi:web
