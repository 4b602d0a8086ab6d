# The board in a container; compose.yaml runs it with everything beside it. Not needed to try it: make run.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /srv/babillard

COPY requirements/run.txt requirements/run.txt
RUN pip install --require-hashes -r requirements/run.txt

COPY . .
RUN for po in translations/*/LC_MESSAGES/messages.po; do \
      pybabel -q compile -i "$po" -o "${po%.po}.mo" -l "$(basename "$(dirname "$(dirname "$po")")")"; \
    done \
 && useradd --system --uid 10001 --home-dir /data babillard \
 && install -d -o babillard -g babillard /data

USER babillard
ENV FLASK_APP=wsgi BABILLARD_DATA=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["docs/deploy/board.sh"]
