# make help says what there is to do.
PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-$(shell cksum requirements/run.txt 2>/dev/null | cut -d' ' -f1)
DEV_STAMP := $(VENV)/.dev-$(shell cksum requirements/dev.txt 2>/dev/null | cut -d' ' -f1)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
SOURCES := board bench tests wsgi.py

.PHONY: help run test test-long check format lint types translations bench lock clean

help: ## say what there is to do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s'|'

run: $(RUN_STAMP) $(CATALOGUES) ## set everything up and serve the board on http://127.0.0.1:8000 (PORT=8123: elsewhere)
	@exec $(BIN)/python -m board.run --port $(PORT)

test: $(DEV_STAMP) $(CATALOGUES) ## run the suite
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "not long" -q

test-long: $(DEV_STAMP) $(CATALOGUES) ## run the kill, race and load tests
	@$(BIN)/python -m pytest -m long -q || [ $$? -eq 5 ]

bench: $(DEV_STAMP) $(CATALOGUES) ## measure the speed goals against a bare Flask hello (QUICK=1: a minute, 10 000 posts only)
	@$(BIN)/python -m bench $(if $(QUICK),--quick)

check: format lint types test ## format, lint, types, tests

format: $(DEV_STAMP) ## put the code in its form
	@$(BIN)/ruff format -q $(SOURCES)

lint: $(DEV_STAMP) ## read the code for mistakes
	@$(BIN)/ruff check $(SOURCES)

types: $(DEV_STAMP) ## check the types
	@$(BIN)/mypy

translations: $(DEV_STAMP) ## gather the messages and bring the catalogues up to date
	@$(BIN)/python tools/catalogues.py

lock: ## bring the locked dependencies up to date (needs uv)
	uv pip compile -q --upgrade pyproject.toml --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" -o requirements/run.txt
	uv pip compile -q --upgrade pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" -o requirements/dev.txt

clean: ## forget the environment (not the data in var/)
	rm -rf $(VENV)

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing: apt install python3"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python3 is too old: Babillard needs 3.11 or later"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "python3-venv is missing: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements/run.txt | $(BIN)/python
	@echo "Installing what the board needs into $(VENV)/ …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(DEV_STAMP): requirements/dev.txt | $(BIN)/python
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $(RUN_STAMP) $@

translations/%/LC_MESSAGES/messages.mo: translations/%/LC_MESSAGES/messages.po | $(RUN_STAMP)
	@$(BIN)/pybabel -q compile -i $< -o $@ -l $*
