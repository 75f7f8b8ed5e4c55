# Every target prepares what it needs. Nothing is installed but what requirements.lock names, by hash, into .venv.

PYTHON ?= python3
PORT ?= 8000
URL ?= http://127.0.0.1:8000
SEED ?= $(shell date +%s)
SCALE ?= 10

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq install --require-hashes --only-binary :all:
PAGES := clients/practitioner/static/practitioner.css
SOURCES := shared services clients deploy tests benchmarks

# A virtual environment that does not start, was copied from elsewhere, or belongs to another Python than the one
# asked for is made anew. The stamp holds the folder it was made for.
WANTED := $(if $(filter command% environment%,$(origin PYTHON)),$(PYTHON),$(BIN)/python)
VERSION := -c 'import sys; print(sys.version_info[:2]); sys.exit(sys.version_info < (3, 11))'
SOUND := $(shell test "`cat .venv/.runtime 2>&1`" = "$(CURDIR)" && have=`$(BIN)/python $(VERSION) 2>&1` \
	&& wanted=`$(WANTED) $(VERSION) 2>&1` && test "$$have" = "$$wanted" && echo yes)

.PHONY: help run test verify leaks demo screens bench check format lock docs clean rebuild
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help:  ## Show this list
	@echo "make ..."
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-9s %s\n", $$1, $$2 }'

run: .venv/.runtime $(PAGES)  ## Start everything in one process with a demo partnership (PORT=8000)
	@exec $(BIN)/python -m deploy.run --port $(PORT)

test: .venv/.dev $(PAGES)  ## Run every test, on SQLite and on a real PostgreSQL
	@$(BIN)/python -m pytest --numprocesses auto

verify: .venv/.dev  ## Run the properties at a larger scale (SEED=… SCALE=10)
	@echo "Properties at $(SCALE) times the everyday counts, seed $(SEED)."
	@$(BIN)/python -m pytest -m property --seed $(SEED) --scale $(SCALE) --capture=no

leaks: .venv/.dev  ## Seed known leaks into copies of the code, and see that the tests catch each
	@$(BIN)/python -m tests.leaks

demo: .venv/.runtime  ## Play James's case against a running suite (URL=http://127.0.0.1:8000)
	@$(BIN)/python -m deploy.demo $(URL)

screens: .venv/.dev $(PAGES)  ## Photograph the main pages for each kind of user, into docs/screens/
	@$(BIN)/python -m tests.practitioner.screens

bench: .venv/.bench $(PAGES)  ## Measure, print a table, write benchmarks/results/latest.json
	@$(BIN)/python -m benchmarks

check: .venv/.dev  ## Style, types, import contracts, freshness of generated documents
	@echo "Style and common mistakes (ruff)."
	@$(BIN)/python -m ruff check --quiet .
	@$(BIN)/python -m ruff format --quiet --check . || { echo "Some files are not formatted: make format"; exit 1; }
	@echo "Types (mypy)."
	@$(BIN)/python -m mypy --no-error-summary
	@echo "Import contracts (import-linter)."
	@$(BIN)/lint-imports --no-cache --no-logo
	@echo "Generated documents."
	@$(BIN)/python -m services.consent.matrix --check
	@$(BIN)/python -m services.case.diagrams --check

format: .venv/.dev  ## Format the code and put right what ruff can
	@$(BIN)/python -m ruff check --quiet --fix-only .
	@$(BIN)/python -m ruff format .

docs: .venv/.dev  ## Write the generated documents anew
	@$(BIN)/python -m services.consent.matrix
	@$(BIN)/python -m services.case.diagrams

lock:  ## Resolve requirements.lock anew, keeping versions (UPGRADE=--upgrade for newer ones)
	@$(PYTHON) deploy/lock $(UPGRADE)

clean:  ## Remove what can be made again; the demo's data under var/ stays
	@rm -rf .venv clients/practitioner/static .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.runtime: requirements.lock $(if $(SOUND),,rebuild)
	@$(PYTHON) $(VERSION) >/dev/null 2>&1 || { \
		echo "Teamaround needs Python 3.11 or newer; '$(PYTHON)' is `$(PYTHON) --version 2>&1`."; \
		echo "Name another one, for example: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(if $(SOUND),,echo "Making a virtual environment in .venv.")
	@$(if $(SOUND),,rm -rf .venv && $(PYTHON) -m venv .venv || { \
		echo "'$(PYTHON) -m venv' failed; some systems pack it on its own, as python3-venv."; exit 1; })
	@echo "Installing what the services need."
	@sed '/^# --- tests and checks ---$$/q' requirements.lock > .venv/runtime.lock
	@$(PIP) -r .venv/runtime.lock
	@$(BIN)/python -m compileall -qq shared services clients deploy
	@printf '%s\n' "$(CURDIR)" > $@

.venv/.dev: .venv/.runtime
	@echo "Installing what the tests and checks need."
	@sed '/^# --- what make bench /q' requirements.lock > .venv/dev.lock
	@$(PIP) -r .venv/dev.lock
	@touch $@

.venv/.bench: .venv/.dev
	@echo "Installing what is measured beside the suite."
	@sed -n '/^# --- what make bench /,/^# --- Node, /p' requirements.lock > .venv/bench.lock
	@$(PIP) -r .venv/bench.lock
	@touch $@

$(PAGES): $(wildcard clients/practitioner/assets/* clients/practitioner/assets/scripts/*) clients/practitioner/build_assets.py | .venv/.runtime
	@echo "Building what the pages look like."
	@command -v npm >/dev/null || { sed -n '/^# --- Node, /,$$p' requirements.lock > .venv/node.lock; $(PIP) -r .venv/node.lock; }
	@$(BIN)/python -m clients.practitioner.build_assets
