#!/bin/sh
# Bring the database up to date, then serve on PORT (8000) of every interface: a proxy stands in front.
set -e
flask --app wsgi db upgrade
flask --app wsgi init
rm -rf "${BABILLARD_DATA:-var}/run/metrics"
# Without a name of its own the board answers where it is served.
export BABILLARD_BASE_URL="${BABILLARD_BASE_URL:-http://127.0.0.1:${PORT:-8000}}"
# The web processes hold a key that can only search; the worker and the commands have the other.
unset BABILLARD_MEILISEARCH_KEY
# A web process keeps one arena of memory for all its threads (only one of them runs the board), and
# neither docstrings, of which libraries have 6 MB, nor the columns of tracebacks. What is larger
# than 1 MB (pictures, mostly) lies apart and goes back at once.
export MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=1048576 MALLOC_TRIM_THRESHOLD_=2097152 PYTHONOPTIMIZE=2 PYTHONNODEBUGRANGES=1
exec granian --interface wsgi --host "${HOST:-0.0.0.0}" --port "${PORT:-8000}" \
  --workers "${BABILLARD_WORKERS:-2}" --blocking-threads 1 \
  --respawn-failed-workers --workers-kill-timeout 3 --log-level warning wsgi:web
