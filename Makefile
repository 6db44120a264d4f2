# A new machine needs Python 3.11 or newer, git and make. Each target installs what it needs into .venv and remembers
# that in a stamp file, so that a second run starts at once; a change of pyproject.toml installs again.

PYTHON ?= python3
# More arguments for pytest: make test ARGS="-k glyphs -x"
ARGS ?=
# Inputs for each target of make fuzz
RUNS ?= 5000

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

# TensorFlow: on the CPU, quiet, and with none of the settings in the home of whoever runs the tests.
export TF_CPP_MIN_LOG_LEVEL = 3
export TF_ENABLE_ONEDNN_OPTS = 0
export CUDA_VISIBLE_DEVICES = -1
export KERAS_BACKEND = tensorflow
export KERAS_HOME = $(CURDIR)/$(VENV)/keras-home

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast fuzz lint format types docs bench clean
.DELETE_ON_ERROR:

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' Makefile

demo: $(STAMPS)/core ## Draw an example model; needs neither Keras nor TensorFlow
	@$(BIN)/keras-ascii show examples/unet.json --no-pager
	@echo
	@echo "Try next:"
	@echo "  $(BIN)/keras-ascii show examples/unet.json --fuse         convolution, normalisation, activation: one row"
	@echo "  $(BIN)/keras-ascii show examples/transformer.json --fold  what repeats, once"
	@echo "  $(BIN)/keras-ascii glyphs                                 what the signs mean"
	@echo
	@echo "For a model of yours, where Keras is installed:"
	@echo "  pip install $(CURDIR)"
	@echo "  keras-ascii show mypkg.models:build_model"

test: test-fast test-plugins $(STAMPS)/keras ## Run all tests, those with TensorFlow too
	@echo "== Tests with Keras and TensorFlow (one process)"
	@$(BIN)/python -m pytest -m keras $(ARGS)

test-fast: $(STAMPS)/test ## Run the tests that need no TensorFlow
	@echo "== Tests without Keras"
	@$(BIN)/python -m pytest -m "not keras and not other_plugins" -n auto $(ARGS)

# In an environment of its own, where plugins are loaded only by the tests that want them. 5: ARGS selects none of these.
test-plugins: $(STAMPS)/plugins ## Run the tests of the pytest plugin with pytest 8 and beside other plugins
	@echo "== Tests of the pytest plugin with pytest 8, beside other plugins"
	@PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 PYTEST_PLUGINS=pytest_keras_ascii.plugin,xdist.plugin \
		$(VENV)/plugins/bin/python -m pytest -m "not keras and not slow" -n auto tests/pytest_plugin $(ARGS) || [ $$? = 5 ]

fuzz: $(STAMPS)/fuzz ## Fuzz every reader; RUNS=1000000 for each target (default: 5000)
	@for target in tests/fuzz/fuzz_*.py; do \
	    echo "== $$target"; \
	    $(BIN)/python $$target -runs=$(RUNS) -seed=1 -timeout=20 -rss_limit_mb=2048 -verbosity=0 \
	        -artifact_prefix=$(VENV)/ || exit 1; \
	done

lint: $(STAMPS)/lint ## Check style, format and the direction of imports
	@echo "== ruff check"
	@$(BIN)/ruff check
	@echo "== ruff format"
	@$(BIN)/ruff format --check
	@echo "== import-linter"
	@PYTHONPATH=sphinx_ext:pytest_plugin $(BIN)/lint-imports --no-logo --no-cache

format: $(STAMPS)/lint ## Repair what ruff can repair
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

types: $(STAMPS)/types ## Check types with mypy and pyright, both strict
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== pyright"
	@$(BIN)/pyright --pythonpath $(BIN)/python

docs: $(STAMPS)/core $(STAMPS)/docs ## Check the links and console examples of the Markdown files; build examples/docs
	@echo "== Links and console examples"
	@$(BIN)/python scripts/check_docs.py
	@echo "== examples/docs, without Keras"
	@for builder in html text man latex epub; do \
		$(BIN)/python -m sphinx -q -W -n --keep-going -D keras_ascii_mode=cached -b $$builder \
			-d build/docs/doctrees examples/docs build/docs/$$builder || exit 1; \
	done

bench: $(STAMPS)/keras $(STAMPS)/bench $(STAMPS)/plugins ## Measure the budgets
	@$(BIN)/python -m benchmarks

clean: ## Remove .venv, builds and caches
	rm -rf $(VENV) .nox build dist htmlcov .coverage .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@echo "== Creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS)
	@touch $@

$(STAMPS)/core: $(STAMPS)/venv pyproject.toml keras_ascii_tools/_version.py
	@echo "== Installing keras-ascii-tools into $(VENV), editable"
	@$(PIP) install --no-deps --editable .
	@touch $@

# Dependency groups need a pip of 2025.
$(STAMPS)/pip: $(STAMPS)/venv
	@$(PIP) install "pip>=25.1"
	@touch $@

$(STAMPS)/keras: $(STAMPS)/test $(STAMPS)/pip pyproject.toml
	@echo "== Installing Keras and TensorFlow (some minutes, once)"
	@$(PIP) install --group keras
	@$(PIP) install --no-deps --group oracles
	@touch $@

$(STAMPS)/plugins: $(STAMPS)/pip pyproject.toml keras_ascii_tools/_version.py
	@echo "== Installing pytest 8 and other plugins into $(VENV)/plugins"
	@$(PYTHON) -m venv $(VENV)/plugins
	@$(VENV)/plugins/bin/python -m pip -qq --disable-pip-version-check install "pip>=25.1"
	@$(VENV)/plugins/bin/python -m pip -qq install --no-deps --editable .
	@$(VENV)/plugins/bin/python -m pip -qq install --group plugins
	@touch $@

$(STAMPS)/test $(STAMPS)/fuzz $(STAMPS)/lint $(STAMPS)/types $(STAMPS)/docs $(STAMPS)/bench: $(STAMPS)/%: $(STAMPS)/core $(STAMPS)/pip pyproject.toml
	@echo "== Installing the tools for '$*'"
	@$(PIP) install --group $*
	@touch $@
