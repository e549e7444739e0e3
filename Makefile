# What a person does here: make run, make test. Everything else is in `make help`.

.DEFAULT_GOAL := help
.PHONY: help install run test test-fast test-pages screenshots browser coverage chaos check format messages lock clean bench bench-memory bench-scale

# The first Python that TensorFlow has wheels for; PYTHON=/path/to/python takes another.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3 python; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { echo $$name; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

help: ## Show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/.installed .env ## Make .venv and install what the site needs

run: install ## Run the whole site here, with a demo, at http://localhost:8000/
	@$(BIN)/python manage.py run_local

# What a file has set up at some cost, one process uses; the longest files begin (tests/conftest.py).
EACH_FILE := --dist loadfile --no-loadscope-reorder
PYTEST := $(BIN)/python -m pytest --durations=30

# CONTRIBUTING.md tells which tests may run beside which.
test: .venv/.installed-dev browser ## Install what the tests need and run all of them
	@$(PYTEST) -n auto $(EACH_FILE) -m parallel
	@$(PYTEST) -n 2 $(EACH_FILE) -m pair
	@$(PYTEST) -m alone
	@TEST_DATABASE=postgres $(PYTEST) -n auto $(EACH_FILE) -m "database and parallel and not year" tests/alerting tests/forecasting tests/models tests/pages tests/delivery tests/admin tests/intake tests/mqtt tests/publishing tests/official

test-pages: .venv/.installed-dev browser ## Judge the pages in a real browser
	@$(BIN)/python -m pytest tests/browser

screenshots: .venv/.installed-dev browser ## Write a picture of every page to var/screenshots/
	@$(BIN)/python -m tests.browser.screenshots var/screenshots

browser: tests/browser/node_modules/.installed ## What those tests need: npm's packages, and Chromium where it may be installed
	@bin/install_chromium

FAST := -n auto -m "not slow and not system and not tensorflow and not browser and not year" --ignore=tests/system --ignore=tests/edge --ignore=tests/browser \
	$(foreach name,leave_out moved training,--ignore=tests/predictor/test_$(name).py)  # they load TensorFlow when they are read

test-fast: .venv/.installed-dev ## Run what most changes need, on all cores: no TensorFlow, no real processes
	@$(BIN)/python -m pytest $(FAST)

coverage: .venv/.installed-dev ## Measure what the tests run, branches too, and fail below fail_under
	@$(BIN)/python -m pytest $(FAST) --cov --cov-report=term:skip-covered

chaos: .venv/.installed-dev ## Break everything at random, SEED=7 MINUTES=5 DATABASE=postgres, and count what is lost
	@$(BIN)/python -m bench.chaos $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(DATABASE),--database $(DATABASE))

check: export SECRET_KEY = checks-only
check: export ALLOWED_HOSTS = localhost
check: .venv/.installed-dev ## Format, lint, types, import contracts, missing migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/.installed-dev ## Format and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: export SECRET_KEY = checks-only
messages: export ALLOWED_HOSTS = localhost
messages: .venv/.installed-dev ## Collect what is to be translated, and compile what is: needs Debian's gettext
	@$(BIN)/python manage.py makemessages --locale fr --no-obsolete --no-wrap --add-location file \
		$(foreach name,.venv bench dyno predictor tests var node_modules staticfiles,--ignore $(name))
	@$(BIN)/python manage.py compilemessages --locale fr $(foreach name,.venv node_modules var,--ignore $(name))

bench: .venv/bench/.installed ## Compare the predictor with what people write instead: docs/benchmarks.md
	@.venv/bench/bin/python -m bench.serving
	@$(BIN)/python -m bench.pages

lock: .venv/.installed-dev ## Pin every package again from requirements/*.in
	$(PIP) uv==0.13.9
	cd requirements && for name in dev bench local mqtt predictor signing training web; do \
		../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate \
			--custom-compile-command "make lock" --no-emit-index-url $$([ $$name = dev ] || echo "-c dev.txt") \
			-o $$name.txt $$name.in || exit 1; done

bench-scale: .venv/.installed-dev ## Measure the whole site through one hour of PLACES=10000 places
	@$(BIN)/python -m bench.scale $(if $(PLACES),--places $(PLACES)) $(if $(DAYS),--days $(DAYS))

bench-memory: .venv/.installed-dev ## Measure every process's memory and write the tables of docs/memory.md
	@$(BIN)/python -m bench.memory --write
	@$(BIN)/python -m bench.memory --write --database postgres
	@$(BIN)/python -m bench.memory --write --runtime litert
	@$(BIN)/python -m bench.memory --write --runtime litert --procfile Procfile.single

clean: ## Remove everything that the other targets made, the local database too
	rm -rf .venv .env var staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.env: | .venv/.installed
	@$(BIN)/python -m weatherapp.operations.local.environment

.venv/bin/python:
	@test -n "$(PYTHON)" || { \
		echo "No suitable Python found: this project runs on Python 3.11, 3.12 and 3.13 (TensorFlow"; \
		echo "has wheels for no other). Install one of them, or name it: make run PYTHON=/path/to/python3.12"; \
		exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else \
		"Python %d.%d is too %s: this project runs on 3.11, 3.12 and 3.13." % (*v, "old" if v < (3, 11) else "new"))'
	@echo "Making .venv with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv .venv

.venv/.installed: requirements/local.txt | .venv/bin/python
	@echo "Installing the site's packages (TensorFlow is large: a minute or two) ..."
	@$(PIP) -r requirements/local.txt
	@touch $@

.venv/.installed-dev: requirements/dev.txt requirements/local.txt | .venv/bin/python
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements/dev.txt
	@touch $@ .venv/.installed

# Without npm, or without a way to its packages, the tests that need them are skipped, but not in CI.
tests/browser/node_modules/.installed: tests/browser/package-lock.json
	@npm ci --prefix tests/browser --silent --no-audit --no-fund && touch $@ \
		|| { test -z "$(CI)" && echo "npm's packages could not be installed: see tests/browser/package.json"; }

.venv/bench/.installed: requirements/bench.txt | .venv/bin/python
	@echo "Installing the contenders ..."
	@$(BIN)/python -m venv .venv/bench
	@.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/bench.txt
	@touch $@
