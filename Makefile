# All there is to do with a clone; `make` alone lists it.

PYTHON ?= python3
BIN := .venv/bin
# A worker for each processor; a file of tests stays with one of them, in the order of tests/conftest.py.
BESIDE := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
TEST_PACKAGES := chromium default-jre-headless libreoffice-calc poppler-utils postgresql fonts-crosextra-carlito fonts-liberation fonts-noto-core

# Installs Debian packages where this user may, and otherwise leaves it to the caller to miss them.
apt_install = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get -qq update && \
	DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $(1) >/dev/null

help: ## lists what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

setup: .venv/ready ## the command fidelity, in .venv/bin, with the locked dependencies

demo: setup ## two example studies, from checklist to workbook and pages, in build/demo
	$(BIN)/fidelity demo -o build/demo

test: setup test_packages ## everything that has to hold; without browser or LibreOffice some tests are skipped
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest $(BESIDE)

check: setup ## style, types and the order of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## lays the code out
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: ## requirements.lock anew from pyproject.toml; what is locked stays, unless the file is deleted first
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make lock' --group dev --extra scale --extra postgresql pyproject.toml --output-file requirements.lock
	rm -r build/lock

.venv/ready: .venv/locked pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Fidelity needs Python 3.11 or newer. Name one: make setup PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { $(call apt_install,python3-venv); } || \
		{ echo 'Python lacks its venv module. On Debian: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	@touch $@

test_packages:
	@missing=$$(for package in $(TEST_PACKAGES); do dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
	[ -z "$$missing" ] || { $(call apt_install,$$missing); } || echo "Not installed:" $$missing "- tests that need them are skipped."

.PHONY: help setup demo test check format lock test_packages
