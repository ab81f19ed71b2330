# `make book` and `make test` are all that is needed; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.dev
PYTEST = $(BIN)/python -m pytest -p tests.lean
INSTALL = $(BIN)/uv pip install --python $(BIN)/python
WAVE ?=
WORKERS ?= auto
TESTS ?=
MUTANTS ?= 300
VERIFY ?=
BASE ?= origin/main

# Where a machine tells Python to keep no bytecode, each of the hundreds of processes that tests start would compile the
# packages again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help book editions test verify certificate changes test-fast test-site coverage pdf check chapters bench reference referees lock serve clean data
.PHONY: system drift deposit mutation pythons

help: ## List what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

# Each installs only when its lock changed, so that the second `make` starts at once. uv reads the same locks as pip, in an
# eighth of the time; it comes from PyPI like everything else, held to the hash that the lock has for it.
$(READY): requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) tools/locking.py
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the book needs into $(VENV) (once; half a minute or so)"
	@awk '/^uv==/ {on = 1} on {print} on && !/\\$$/ {exit}' requirements-dev.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(INSTALL) --quiet --no-deps --editable .
	@touch $@

$(DEV): requirements-dev.txt $(READY)
	@echo "Installing what tests and checks need besides (once)"
	@$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

book: $(READY) ## Check the data, execute the chapters, build the site
	@$(BIN)/surveybook build $(WAVE) --output _build/html

editions: $(READY) ## Build the editions of all waves as one site in _build/site, what has changed alone
	@$(BIN)/surveybook build --all

# Some tests wait: for a browser, a scheduler, a chapter that never ends. One worker more than cores has the time.
test: WORKERS := $(if $(filter auto,$(WORKERS)),$(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)'),$(WORKERS))
test: $(DEV) ## Run everything that checks the project
	@$(PYTEST) --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder \
		--nbval index.ipynb chapters tests $(TESTS)

verify: $(READY) ## Execute, build and check an edition from nothing, and say what was checked, by what, and what was not
	@$(BIN)/surveybook verify $(WAVE) $(VERIFY)

certificate: $(READY) ## The same, and put its certificate in the place of the committed one
	@$(BIN)/surveybook verify $(WAVE) --issue

changes: $(READY) ## List the figures that changed since BASE with the chapters that show them, in _build/changes.md too
	@mkdir -p _build && $(BIN)/surveybook verify --changes $(BASE) > _build/changes.md && cat _build/changes.md

test-fast: $(DEV) ## Run the tests that take no more than a moment
	@$(PYTEST) --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not slow" tests

# Counted in every process by coverage itself; what they counted is put together at the end. Kernels and tasks are ended
# without ceremony once they have answered, and tell nothing: what they alone run counts as not reached.
# Tests that run the same code over again would take half the time and reach nothing more. What `.ci/run` does beside
# the tests is counted too: an edition, its PDF, and the verification of both.
coverage: export COVERAGE_FILE := $(CURDIR)/_build/coverage/data
coverage: $(DEV) ## Run the tests with a count of the branches of src/ that they reach; fails below 95 %
	@rm -rf _build/coverage && mkdir -p _build/coverage
	@$(BIN)/coverage run -m pytest -p tests.lean --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder \
		-m "not over_again" tests $(TESTS)
	@$(BIN)/coverage run $(BIN)/surveybook build $(WAVE) --output _build/html
	@$(BIN)/coverage run $(BIN)/surveybook pdf $(WAVE)
	@$(BIN)/coverage run $(BIN)/surveybook verify
	@$(BIN)/coverage combine --quiet && $(BIN)/coverage html --quiet --directory _build/coverage/html && $(BIN)/coverage report

mutation: $(DEV) ## Change the code of the statistics in small ways, and see whether the tests notice (MUTANTS=0 for all changes)
	@$(BIN)/python -m tools.mutation --sample $(MUTANTS) $(TESTS)

# One that pyenv keeps is found too, whether or not it is the one in use.
pythons: $(READY) ## Set up every Python that this machine has, for the test that all of them give what is stored
	@for version in 3.11 3.12 3.13; do \
		found=; \
		for python in python$$version "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python; do \
			"$$python" -c 1 2>/dev/null && found=$$python && break; \
		done; \
		test -n "$$found" || { echo "There is no Python $$version here."; continue; }; \
		$(BIN)/uv venv --quiet --allow-existing --python "$$found" _build/pythons/$$version && \
		$(BIN)/uv pip install --quiet --python _build/pythons/$$version/bin/python --require-hashes -r requirements.txt || exit 1; \
	done

# Lighthouse comes last and alone, for it measures time.
test-site: $(DEV) book ## Audit every page of the book with axe-core and Lighthouse, the PDF with outloud (needs Node 18.20 or later)
	@command -v npm >/dev/null || { echo "The audits of the site need Node 18.20 or later, with npm: https://nodejs.org"; exit 1; }
	@cd tests/site && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@SURVEYBOOK_AUDITS=1 SURVEYBOOK_SITE=$(CURDIR)/_build/html $(PYTEST) --numprocesses $(WORKERS) --dist loadgroup \
		tests/site/test_audits.py tests/site/test_pdf.py $(TESTS)
	@SURVEYBOOK_AUDITS=1 SURVEYBOOK_SITE=$(CURDIR)/_build/html $(PYTEST) tests/site/test_lighthouse.py

check: $(DEV) ## Files, spelling, style, types, notebook hygiene, workflows: the hooks that git runs too, over everything
	@git rev-parse --git-dir >/dev/null 2>&1 || { echo "The checks go through what git knows of: run them in a clone."; exit 1; }
	@$(BIN)/pre-commit run --all-files --show-diff-on-failure

data: $(READY) ## Check the data alone
	@$(BIN)/surveybook wave check $(or $(WAVE),2004)

chapters: $(READY) ## Execute all chapters and store them with their outputs, as they are committed
	@$(BIN)/surveybook chapter store

bench: $(DEV) ## Measure what executing and building cost, as ratios
	@$(BIN)/python benchmarks/rounding.py
	@$(BIN)/python benchmarks/book.py
	@$(BIN)/python benchmarks/estimation.py
	@$(BIN)/python benchmarks/costs.py
	@$(BIN)/python benchmarks/editions.py
	@$(BIN)/python benchmarks/simulation.py

reference: ## Let R's package survey work out anew what estimates are tested against (Debian: r-base-core r-cran-survey r-cran-cardata)
	@command -v Rscript >/dev/null || { echo "R is needed: apt-get install r-base-core r-cran-survey r-cran-cardata"; exit 1; }
	@Rscript tests/reference/reference.R tests/reference && cat tests/reference/versions.txt

referees: $(DEV) ## Hold estimates against those of the package svy, in an environment of its own; in benchmarks/referees.md
	@$(BIN)/python benchmarks/referees.py

RESOLVE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
	--no-emit-index-url --no-header
lock: $(READY) ## Resolve requirements*.in into requirements*.txt, with hashes
	@$(RESOLVE) requirements.in --output-file requirements.txt
	@$(RESOLVE) requirements-dev.in -c requirements.txt --output-file requirements-dev.txt
	@$(RESOLVE) requirements-cluster.in -c requirements-dev.txt --output-file requirements-cluster.txt

pdf: $(DEV) ## Make the whole book as one accessible PDF in _build
	@! command -v apt-get >/dev/null || .ci/prepare pdf
	@$(BIN)/surveybook pdf $(WAVE)

deposit: $(READY) ## Put together what a release deposits of what was built: site, PDF, certificate, hashes; in _build/deposit
	@$(BIN)/python -m tools.deposit $(WAVE)

system: ## Install what the tests and the PDF need of the system (Debian, Ubuntu): a browser, fonts, Pango, Node
	@.ci/prepare

# Pass TESTS to run a part of the tests: make drift TESTS=tests/exhibits/test_charts.py
drift: $(DEV) ## Report what the newest packages would change, in _build/drift/report.md; changes nothing and fails nothing
	@$(BIN)/python -m tools.drift --numprocesses $(WORKERS) --dist loadfile $(or $(TESTS),tests)

serve: $(READY) ## Serve the book on this machine; what you change is built anew, and its pages reload
	@$(BIN)/python -m surveybook.book.serving $(WAVE)

clean: ## Remove what was built, not what was installed
	@rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis
