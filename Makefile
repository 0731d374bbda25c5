# `make demo` and `make test` need python3 (3.11 to 3.13), git and make; each does its own set-up into .venv.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo-case
WORKERS ?= 2
UV_VERSION := 0.13.9
export PIP_DISABLE_PIP_VERSION_CHECK := 1
TROVER_DATA ?= ../shared/data
export TROVER_DATA

PIP_INSTALL := $(BIN)/python -m pip install --quiet --require-hashes
UV_COMPILE := .cache/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

# A virtual environment holds absolute paths: one made in another place, or by a Python since removed, is made anew.
ifneq ($(shell cat $(VENV)/.made-in 2>/dev/null),$(CURDIR))
STALE := stale
else ifneq ($(shell $(BIN)/python -c 'print("runs")' 2>/dev/null),runs)
STALE := stale
endif

.PHONY: help setup demo test test-full docs lock clean stale

help:
	@echo "make demo       set up, trace the demonstration case and build its exhibit"
	@echo "make test       set up, then lint, type check, import contracts and tests; needs nothing outside the clone"
	@echo "make test-full  the same tests with the slow ones and those on real data (TROVER_DATA=$(TROVER_DATA))"
	@echo "make docs       write the computed parts of the documentation anew"
	@echo "make setup      only set up $(VENV)"
	@echo "make lock       compile requirements.txt and requirements-dev.txt anew"
	@echo "make clean      remove $(VENV) and caches"

setup: $(VENV)/.installed

demo: setup
	@$(BIN)/trover demo $(DEMO)
	@echo "      (trover is $(BIN)/trover here; . $(BIN)/activate puts it on the path of a shell)"

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=src $(BIN)/lint-imports --no-logo --no-cache
	HYPOTHESIS_PROFILE=ci $(BIN)/pytest -n $(WORKERS) -rs

test-full: $(VENV)/.installed-dev
	@echo "Real data: $(TROVER_DATA)"
	HYPOTHESIS_PROFILE=ci $(BIN)/pytest -n $(WORKERS) -rs --full

docs: $(VENV)/.installed-dev
	$(BIN)/python -m tools.pages

lock: .cache/uv/bin/uv
	$(UV_COMPILE) --group build pyproject.toml -o requirements.txt
	$(UV_COMPILE) --group dev --constraints requirements.txt pyproject.toml -o requirements-dev.txt

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis

stale:

$(VENV)/.made: $(STALE)
	@sh tools/make_venv.sh $(VENV)
	@pwd > $(VENV)/.made-in
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.txt pyproject.toml
	@echo "Installing the locked packages into $(VENV) (a few minutes the first time)"
	@$(PIP_INSTALL) -r requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing the locked development packages into $(VENV)"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

.cache/uv/bin/uv:
	@sh tools/make_venv.sh .cache/uv
	@.cache/uv/bin/python -m pip install --quiet uv==$(UV_VERSION)
