# make gui: open the window. make serve: the same in browsers, over HTTP. make builders: train the networks, which
# installs TensorFlow. make test: run the tests, in a few minutes; make test-all: those too that take longer. All set up
# what they need the first time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: gui serve tkinter test test-slow test-all lint format builders clean

gui: tkinter $(VENV)/.base
	@$(BIN)/python -m gui

# For the tablets in the room: make serve OPTIONS="--host 0.0.0.0"
serve: $(VENV)/.serve
	@$(BIN)/python -m zoo serve $(OPTIONS)

# Before anything is installed: where tkinter is missing, `python -m gui` says what to do.
tkinter:
	@$(PYTHON) -c "import tkinter" 2>/dev/null || $(PYTHON) -m gui

# Tests run side by side; what is slow (trainings, reports, kills) is left to test-slow, and test-all runs everything.
PYTEST = $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

test: $(VENV)/.test
	@$(PYTEST)

test-slow: $(VENV)/.test
	@$(PYTEST) -m slow

test-all: test test-slow

lint: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

builders: $(VENV)/.run
	@$(BIN)/python -m builders

clean:
	rm -rf $(VENV) .training .pytest_cache .ruff_cache .mypy_cache dist

$(VENV)/.base: pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))" || \
	  { echo "Digit Zoo needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is `$(PYTHON) --version 2>&1`: name another with PYTHON=python3.12."; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) || \
	  { echo "Python's venv is missing: install it first (Debian: apt install python3-venv)."; exit 1; }
	@echo "Installing the zoo into $(VENV) (the first time this takes a minute) ..."
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.serve: $(VENV)/.base
	@echo "Installing what the server needs into $(VENV) ..."
	@$(INSTALL) -e ".[serve]"
	@touch $@

$(VENV)/.run: requirements.txt $(VENV)/.base
	@echo "Installing what training needs into $(VENV): TensorFlow (the first time this takes some minutes) ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/.test: tests/requirements.txt $(VENV)/.run
	@$(INSTALL) -r tests/requirements.txt
	@touch $@
