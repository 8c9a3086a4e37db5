.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
VENV := .venv/bin
ROOMS := supportdesk sla tickets notifications accounts $(wildcard maintenance hours knowledge reports)
# Settings for checks that read the code only: production's, and no database behind them.
CHECK_ENV := READ_ENV_FILES=0 SECRET_KEY=only-for-checks-3rT9xQ7vLk2mWz8NcY5bHd4sPf6gJa1eXu0 \
	DATABASE_URL=postgres://nobody@127.0.0.1:1/none ALLOWED_HOSTS=desk.example.com REDIS_URL=redis://127.0.0.1:1/0
MANAGE := $(CHECK_ENV) $(VENV)/python -W ignore::RuntimeWarning manage.py
PYTEST ?= $(VENV)/python -m pytest
# Kept bytecode: a desk is many processes, and each would compile all of Django anew (three seconds of CPU).
unexport PYTHONDONTWRITEBYTECODE
# Processes that share the tests; each has a database of its own. 0: none, all in one.
# One more than there are cores: tests that start processes wait for them.
JOBS ?= $(shell $(PYTHON) -c 'import os; print(min(8, (os.cpu_count() or 1) + 1))')

.PHONY: help env run test check lint format types templates layers django-checks messages compile-messages \
	messages-check schema schema-check bench bench-clocks bench-million bench-status bench-slots seed screenshots lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

env: ## make the virtual environment from the lock (done by itself when needed)
	@command -v $(PYTHON) >/dev/null || { echo "make env: no $(PYTHON) found; install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) scripts/bootstrap.py

run: env ## start everything on this machine: database, broker, web, worker, beat, with the demo (PORT=8000)
	@$(if $(PORT),PORT=$(PORT)) $(VENV)/python -m supportdesk.run

test: env ## all checks, then all tests on a throw-away database (ARGS="-k reply")
	@$(MAKE) --jobs=2 check compile-messages
	@$(PYTEST) --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder $(ARGS)

check: env types lint templates layers django-checks schema-check ## everything that can be checked without running it

lint: env ## style and common mistakes
	@$(VENV)/ruff format --check --quiet . && $(VENV)/ruff check --quiet .

format: env ## put the code into the house's form
	@$(VENV)/ruff check --fix --quiet . ; $(VENV)/ruff format .

types: env ## types, strictly
	@$(CHECK_ENV) $(VENV)/mypy $(ROOMS) tests $(wildcard scripts/[!b]*.py scripts/be*.py)

templates: env ## the form of the templates
	@if [ -d templates ]; then $(VENV)/djlint templates --lint --quiet; fi

layers: env ## who may import whom
	@out=$$($(VENV)/lint-imports --no-cache 2>&1) || { echo "$$out"; exit 1; }

django-checks: env ## missing migrations, production settings
	@$(MANAGE) makemigrations --check --dry-run
	@$(MANAGE) check --deploy --fail-level WARNING

messages: env ## bring the translation catalogues up to the sources
	@$(VENV)/python -m supportdesk.catalogue extract

compile-messages: env ## compile the translation catalogues
	@$(VENV)/python -m supportdesk.catalogue compile

messages-check: env ## tell what is not translated
	@$(VENV)/python -m supportdesk.catalogue check

schema: env ## write the API's OpenAPI document
	@$(MANAGE) spectacular --urlconf supportdesk.tenant_urls --file docs/openapi.yaml --validate --fail-on-warn

schema-check: env ## the OpenAPI document is up to date
	@if [ -f docs/openapi.yaml ]; then \
		$(MANAGE) spectacular --urlconf supportdesk.tenant_urls --validate --fail-on-warn | cmp -s - docs/openapi.yaml \
		|| { echo "docs/openapi.yaml is not up to date: make schema" >&2; exit 1; }; fi

bench: env ## measure pages and sweeps, and write down how long they take
	@$(VENV)/python -m scripts.bench $(ARGS)

bench-clocks: env ## measure the business-time core beside other libraries (ARGS=--write into docs/performance.md)
	@$(VENV)/python -m scripts.bench_clocks $(ARGS)

bench-million: env ## edit a calendar under a million running clocks (ARGS=--write into docs/performance.md)
	@$(VENV)/python -m scripts.bench_million $(ARGS)

bench-status: env ## measure the status page beside a bare view
	@$(VENV)/python -m scripts.bench_status $(ARGS)

bench-slots: env ## measure how long finding a time takes: 200 customers, 30 days
	@$(VENV)/python -m scripts.bench_slots $(ARGS)

seed: env ## load the demo into the database that .env or the running desk names
	@$(VENV)/python manage.py load_demo $(ARGS)

screenshots: env ## take pictures of the main pages
	@$(VENV)/python -m scripts.screenshots $(ARGS)

lock: env ## write the lock files anew from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(VENV)/uv pip compile pyproject.toml $(LOCK_OPTIONS) $(ARGS) --output-file requirements.lock
	@$(VENV)/uv pip compile pyproject.toml --group dev $(LOCK_OPTIONS) $(ARGS) --output-file requirements-dev.lock

# No address of a package index gets into the lock: hashes say what is wanted, not where it lies.
LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-header --quiet

clean: ## remove the environment, caches and built files; the data folder .data stays
	@rm -rf .venv staticfiles .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.data/*' -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete 2>/dev/null || true
