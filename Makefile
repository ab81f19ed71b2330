# `make book` and `make test` are all that is needed; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WAVE ?= 2004
WORKERS ?= auto
TESTS ?=

.DEFAULT_GOAL := help
.PHONY: help book test test-fast check chapters bench lock serve clean data

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

# Installs only when the lock changed, so that the second `make` starts at once.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.11 ..."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the book needs into $(VENV) (once; a minute or two)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

book: $(READY) ## Check the data, execute the chapters for wave 2004, build the site
	@$(BIN)/whyict edition build $(WAVE) --output _build/html

test: $(READY) ## Run everything that checks the project
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --nbval index.ipynb chapters tests $(TESTS)

test-fast: $(READY) ## Run the tests that take no more than a moment
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) -m "not slow" tests

check: $(READY) ## Style, docstrings, types, notebook hygiene
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet src tests benchmarks && $(BIN)/mypy && $(BIN)/whyict chapter lint

data: $(READY) ## Check the data alone
	@$(BIN)/whyict wave check $(WAVE)

chapters: $(READY) ## Execute all chapters and store them with their outputs, as they are committed
	@$(BIN)/whyict chapter store

bench: $(READY) ## Measure what executing and building cost, as ratios
	@$(BIN)/python benchmarks/book.py

lock: ## Resolve requirements.in into requirements.txt, with hashes
	@$(PYTHON) -m venv _build/lock && _build/lock/bin/python -m pip install --quiet uv
	@_build/lock/bin/uv pip compile requirements.in --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --output-file requirements.txt

serve: $(READY) ## Serve the built site on this machine
	@$(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 8000

clean: ## Remove what was built, not what was installed
	@rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis
