# `make demo` and `make test` are all a newcomer needs: they set up .venv by themselves, once, from requirements.lock.

PYTHON ?= python3
UV ?= uv
PORT ?= 8000
ARGS ?=
# One more than there are cores: some tests wait.
PROCESSES ?= $(shell expr $$(nproc 2> /dev/null || echo 2) + 1)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
READY := $(VENV)/ready
WEB := api/web
PACKAGES := $(WEB)/node_modules/.package-lock.json
PAGE := api/pages/built/index.html
PAGE_SOURCES := $(shell find $(WEB)/explorer docs/pages -type f ! -name schema.d.ts) $(wildcard $(WEB)/*.ts $(WEB)/tsconfig.json) \
	api/pages/theme.css schema.graphql

# Tests and measurements start many processes: each would compile every module anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo page test lint bench schema lock
.DEFAULT_GOAL := help

help:
	@echo "make demo    build the store from the sample and serve it on port $(PORT)"
	@echo "make page    build the explorer page and GraphiQL (needs npm); make demo does so where npm is"
	@echo "make test    run the tests; ARGS=... goes to pytest"
	@echo "make lint    ruff and mypy"
	@echo "make bench   measure loading, starting, ranking and answering, on ../shared/data where it is there"
	@echo "make schema  write schema.graphql"
	@echo "make lock    write requirements.lock (needs uv)"

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Standings needs Python 3.11 or newer: name one by PYTHON=python3.13")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(PACKAGES): $(WEB)/package-lock.json $(WEB)/package.json
	cd $(WEB) && npm ci
	@touch $@

$(PAGE): $(PACKAGES) $(PAGE_SOURCES)
	cd $(WEB) && npm run build
	@touch $@

page: $(PAGE)

# Without npm, or where it fails, the server goes without the page and says on it how to get it.
demo: $(READY)
	@if ! command -v npm > /dev/null; then \
		echo "There is no npm, so the server goes without its explorer page. Install Node 18 or newer and run make page to get it."; \
	elif ! $(MAKE) --question page > /dev/null 2>&1; then \
		echo "Building the explorer page, once; this takes a minute or two."; \
		$(MAKE) --silent page > /dev/null 2>&1 || echo "The explorer page could not be built: make page says why. Serving without it."; \
	fi
	$(BIN)/standings demo --port $(PORT)

test: $(READY)
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadfile $(ARGS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.bench $(ARGS)

schema: $(READY)
	$(BIN)/standings schema > schema.graphql.new
	mv schema.graphql.new schema.graphql

lock:
	$(UV) pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links --output-file requirements.lock
